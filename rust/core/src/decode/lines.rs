//! Line by line: most fit the document's encoding, and those that do not are looked at alone.
//!
//! In: bytes and their main encoding. Out: text, spans and losses in a [`Reading`]. Never lets a
//! damaged line spoil the next: no encoding here takes a line end for part of a character.

use super::{Reading, candidates, damage};
use crate::codec::{Step, StepEncoding};

/// Tenths of a nat a character: running text costs 60 to 75, misread bytes 100 and more.
const DOUBTFUL: u64 = 92;
/// Tenths of a nat that another encoding must be better by.
const FOREIGN: u64 = 40;
/// A line is read in pieces of this many bytes, so that one of any length takes little memory.
pub(super) const PIECE: usize = 1 << 16;

/// Read everything from `start` on.
pub(super) fn read(data: &[u8], start: usize, main: StepEncoding, reading: &mut Reading) {
    match main {
        StepEncoding::Utf16(_) | StepEncoding::Utf32(_) | StepEncoding::Single(_) => {
            return reading.read_strictly(data, start, data.len(), main);
        }
        _ => {}
    }
    let mut at = start;
    while at < data.len() {
        let end = memchr::memchr(b'\n', &data[at..]).map_or(data.len(), |length| at + length + 1);
        let line = &data[at..end];
        if line.is_ascii() {
            reading.push_ascii(data, at, end, main.name());
        } else if matches!(main, StepEncoding::Utf8) && std::str::from_utf8(line).is_ok() {
            reading.read_strictly(data, at, end, main);
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
    let (cost, errors) = candidates::weigh(line, main);
    let high = line.iter().filter(|byte| **byte >= 0x80).count() as u64;
    let is_utf8 = !matches!(main, StepEncoding::Utf8) && std::str::from_utf8(line).is_ok();
    // Two bytes a character, and ASCII between costs less.
    let characters = (high / 2).max(1) + (line.len() as u64 - high) / 2;
    if errors == 0 && !is_utf8 && cost <= DOUBTFUL * characters {
        return reading.read_strictly(data, start, end, main);
    }
    let mut best = (cost, errors, main);
    for encoding in [
        StepEncoding::Utf8,
        StepEncoding::Gb18030,
        StepEncoding::Big5,
    ] {
        if encoding.name() == main.name() {
            continue;
        }
        let (cost, errors) = candidates::weigh(line, encoding);
        if errors == 0 && cost + FOREIGN < best.0 {
            best = (cost, errors, encoding);
        }
    }
    if best.1 == 0 && best.0 <= DOUBTFUL * characters {
        return reading.read_strictly(data, start, end, best.2);
    }
    let whole = (best.1 == 0).then_some((best.0, best.2));
    damage::read(data, start, end, main, whole, reading);
}
