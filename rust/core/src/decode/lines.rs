//! Line by line: most fit the document's encoding, and those that do not are looked at alone.
//!
//! In: bytes and their main encoding. Out: text, spans and losses in a [`Reading`]. Never lets a
//! damaged line spoil the next: no encoding here takes a line end for part of a character.

use super::{Reading, candidates, damage};
use crate::codec::{Double, Step, StepEncoding, big5, euc_kr, gbk_table};
use crate::tables::likelihood;

/// Tenths of a nat a character: running text costs 60 to 75, misread bytes 100 and more.
const DOUBTFUL: u64 = 92;
/// The same for characters by themselves: 70 to 80, misread 100 and more.
const USUAL: u32 = 86;
/// Tenths of a nat by which some stretch may be less likely than that: three rare characters of a
/// name, or a lost byte before the next ASCII.
const UNUSUAL: u32 = 110;
/// Tenths of a nat that another encoding must be better by: little where the main one has errors,
/// more where it reads the line.
const FOREIGN: [u64; 2] = [40, 120];
/// A line is read in pieces of this many bytes, so that one of any length takes little memory.
pub(super) const PIECE: usize = 1 << 16;

/// Read everything from `start` on.
pub(super) fn read(data: &[u8], start: usize, main: StepEncoding, reading: &mut Reading) {
    match main {
        StepEncoding::Utf16(_)
        | StepEncoding::Utf32(_)
        | StepEncoding::Single(_)
        | StepEncoding::Ebcdic => {
            return reading.read_strictly(data, start, data.len(), main);
        }
        _ => {}
    }
    let pairs = match main {
        StepEncoding::Gb18030 => Some(gbk_table()),
        StepEncoding::Big5 => Some(big5()),
        StepEncoding::EucKr => Some(euc_kr()),
        _ => None,
    };
    let mut plain = Vec::new();
    let mut at = start;
    while at < data.len() {
        let end = memchr::memchr(b'\n', &data[at..]).map_or(data.len(), |length| at + length + 1);
        let line = &data[at..end];
        if line.is_ascii() {
            reading.push_ascii(data, at, end, main.name());
        } else if matches!(main, StepEncoding::Utf8) && std::str::from_utf8(line).is_ok() {
            reading.read_strictly(data, at, end, main);
        } else if pairs.is_some_and(|table| read_plainly(line, table, &mut plain)) {
            reading.push_units(end, main.name(), &plain);
        } else {
            let mut from = at;
            while from < end {
                let to = piece_end(data, from, end, main);
                read_line(data, from, to, main, reading);
                from = to;
            }
        }
        at = end;
    }
}

/// A line of nothing but ASCII and pairs that are usual characters: most lines, and so the way that
/// must be fast. `false` leaves the line to the careful way.
fn read_plainly(line: &[u8], table: &Double, plain: &mut Vec<u16>) -> bool {
    plain.clear();
    let (mut at, mut pairs, mut cost) = (0, 0, 0);
    let (mut excess, mut most) = (0, 0);
    while let Some(&lead) = line.get(at) {
        if lead < 0x80 {
            plain.push(u16::from(lead));
            at += 1;
            continue;
        }
        let pair = line
            .get(at + 1)
            .and_then(|trail| table.decode(lead, *trail));
        let Some(Ok(unit)) = pair.map(u16::try_from) else {
            return false;
        };
        let one = likelihood::alone(u32::from(unit));
        cost += one;
        excess = (excess + one).saturating_sub(USUAL);
        most = most.max(excess);
        pairs += 1;
        plain.push(unit);
        at += 2;
    }
    cost <= USUAL * pairs && most <= UNUSUAL && std::str::from_utf8(line).is_err()
}

/// Where a piece of a long line ends: behind ASCII if some is near, else where a character ends.
fn piece_end(data: &[u8], from: usize, end: usize, main: StepEncoding) -> usize {
    if end - from <= PIECE {
        return end;
    }
    let to = from + PIECE;
    let near = data[to - PIECE / 8..to]
        .windows(2)
        .rposition(|pair| pair[0] < 0x30 && pair[1] < 0x80);
    if let Some(at) = near {
        return to - PIECE / 8 + at + 1;
    }
    let mut at = from;
    while at < to {
        at += match main.step(&data[at..end]) {
            Step::Character(_, length) | Step::Bad(length) => length,
        };
    }
    at
}

/// One line, or a piece of a long one.
fn read_line(data: &[u8], start: usize, end: usize, main: StepEncoding, reading: &mut Reading) {
    let line = &data[start..end];
    let weight = candidates::weigh(line, main);
    let (cost, errors) = (weight.cost, weight.errors);
    let high = line.iter().filter(|byte| **byte >= 0x80).count() as u64;
    let is_utf8 = !matches!(main, StepEncoding::Utf8) && std::str::from_utf8(line).is_ok();
    // Two bytes a character, and ASCII between costs less.
    let characters = (high / 2).max(1) + (line.len() as u64 - high) / 2;
    if errors == 0
        && !is_utf8
        && cost <= DOUBTFUL * characters
        && weight.excess <= u64::from(UNUSUAL)
    {
        return reading.read_strictly(data, start, end, main);
    }
    let is_chinese = matches!(
        main,
        StepEncoding::Utf8 | StepEncoding::Gb18030 | StepEncoding::Big5 | StepEncoding::Big5Unicode
    );
    if errors == 0 && !is_chinese && !is_utf8 {
        // The model knows too little Japanese and Korean to doubt what reads without an error.
        return reading.read_strictly(data, start, end, main);
    }
    let margin = FOREIGN[usize::from(errors == 0)];
    let mut best = (cost, errors, main);
    for encoding in [
        StepEncoding::Utf8,
        StepEncoding::Gb18030,
        StepEncoding::Big5,
    ] {
        if encoding.name() == main.name() {
            continue;
        }
        let candidates::Weight { cost, errors, .. } = candidates::weigh(line, encoding);
        if errors == 0 && cost + margin < best.0 {
            best = (cost, errors, encoding);
        }
    }
    if best.1 == 0 && best.0 <= DOUBTFUL * characters && best.2.name() != main.name() {
        return reading.read_strictly(data, start, end, best.2);
    }
    let whole = (best.1 == 0).then_some((best.0, best.2));
    damage::read(data, start, end, main, whole, reading);
}
