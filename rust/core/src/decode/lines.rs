//! Line by line: most fit the document's encoding, and those that do not are looked at alone.
//!
//! In: bytes and their main encoding. Out: text, spans and losses in a [`Reading`]. Never lets a
//! damaged line spoil the next: no encoding here takes a line end for part of a character.

use super::appended::{self, Line};
use super::plain::Plain;
use super::{Reading, candidates, damage, foreign, stretches};
use crate::codec::{Step, StepEncoding};

/// Tenths of a nat a character: running text costs 60 to 75, misread bytes 100 and more.
const DOUBTFUL: u64 = 92;
/// Tenths of a nat by which some stretch of what is read without an error may be less likely than that. A way
/// with damage in it must be better by [`damage::CONVINCING`], so no stretch nearer than this gives one: of
/// 10,000 lines with a byte lost, added or changed, those that were mended had 192 and more.
const UNUSUAL: u64 = damage::CONVINCING - 10;
/// Tenths of a nat that another encoding must be better by: little where the main one has errors,
/// more where it reads the line.
const FOREIGN: [u64; 2] = [40, 120];
/// A line is read in pieces of this many bytes, so that one of any length takes little memory.
pub(super) const PIECE: usize = 1 << 16;

/// Bytes of a line from which on only what is doubtful in it is looked at closely: most paragraphs have
/// three rare characters together somewhere, and all of them would cost a multiple of reading them
/// (`benchmarks/line_length.py`: 57 ns a character instead of 166).
const LONG: usize = 192;

/// Bytes behind a piece that must be there to know where it ends.
const BEYOND: usize = 8;

/// UTF-8's byte order mark.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// Where the next byte is that is zero, or where the data end.
fn next_zero(data: &[u8], from: usize) -> usize {
    memchr::memchr(0, &data[from..]).map_or(data.len(), |at| from + at)
}

/// Read from `start` on, as far as lines and pieces of long ones are there; the answer is how far.
pub(super) fn read(
    data: &[u8],
    start: usize,
    is_end: bool,
    main: StepEncoding,
    reading: &mut Reading,
) -> usize {
    let plain = Plain::of(main);
    let mut at = start;
    let mut zero = next_zero(data, at);
    while at < data.len() {
        if zero < at {
            zero = next_zero(data, at);
        }
        // Up to the line that has a zero, which ASCII of two bytes a character is too.
        let stop = match zero {
            _ if zero == data.len() => zero,
            _ => memchr::memrchr(b'\n', &data[at..zero]).map_or(at, |head| at + head + 1),
        };
        let (near, is_last) = (&data[..stop], is_end && stop == data.len());
        at = match plain {
            Some(plain) => plain.read(near, at, is_last, PIECE, reading),
            None if matches!(main, StepEncoding::Utf8) => read_utf8(near, at, is_last, reading),
            None => at,
        };
        if at == data.len() {
            break;
        }
        if zero - at < appended::LONGEST || data.len() - at < appended::LONGEST {
            match appended::line(data, at, is_end) {
                Line::Unknown => break,
                Line::Wide(end) => {
                    reading.read_strictly(data, end, appended::ENCODING);
                    at = end;
                    continue;
                }
                Line::Other => {}
            }
        }
        if let Some(plain) = plain
            && at == stop
        {
            let end = memchr::memchr(b'\n', &data[at..]).map_or(data.len(), |end| at + end + 1);
            let is_last = is_end && end == data.len();
            let read = plain.read(&data[..end], at, is_last, PIECE, reading);
            if read > at {
                at = read;
                continue;
            }
        }
        if let Some(plain) = plain
            && let Some(end) = plain.read_cut(data, at, is_end, PIECE, reading)
        {
            at = end;
            continue;
        }
        let near = &data[at..data.len().min(at + PIECE)];
        let end = match memchr::memchr(b'\n', near) {
            Some(length) => at + length + 1,
            None if is_end && data.len() - at <= PIECE => data.len(),
            None if is_end || data.len() - at >= PIECE + BEYOND => piece_end(data, at, main),
            None => break,
        };
        let line = &data[at..end];
        if line.starts_with(MARK) && !matches!(main, StepEncoding::Utf8) {
            // Of a file that this one was copied behind.
            reading.push_utf8(data, at + MARK.len());
            at += MARK.len();
            continue;
        }
        if line.is_ascii() {
            reading.push_ascii(data, end, main.name());
        } else if !matches!(main, StepEncoding::Utf8) || !reading.push_utf8(data, end) {
            read_line(data, at, end, main, plain, reading);
        }
        at = end;
    }
    at
}

/// Whole lines of UTF-8, as many as there are.
fn read_utf8(data: &[u8], start: usize, is_end: bool, reading: &mut Reading) -> usize {
    // Bounded, for what is beyond the next error is looked at again behind it.
    let near = &data[start..data.len().min(start + 4 * PIECE)];
    let valid = match std::str::from_utf8(near) {
        Ok(_) if is_end && start + near.len() == data.len() => near.len(),
        Ok(_) => memchr::memrchr(b'\n', near).map_or(0, |at| at + 1),
        Err(error) => memchr::memrchr(b'\n', &near[..error.valid_up_to()]).map_or(0, |at| at + 1),
    };
    if valid > 0 {
        reading.push_utf8(data, start + valid);
    }
    start + valid
}

/// Where a piece of a long line ends: behind ASCII if some is near, else where a character ends.
fn piece_end(data: &[u8], from: usize, main: StepEncoding) -> usize {
    let to = from + PIECE;
    let near = data[to - PIECE / 8..to]
        .windows(2)
        .rposition(|pair| pair[0] < 0x30 && pair[1] < 0x80);
    if let Some(at) = near {
        return to - PIECE / 8 + at + 1;
    }
    let mut at = from;
    while at < to {
        at += match main.step(&data[at..data.len().min(to + BEYOND)]) {
            Step::Character(_, length) | Step::Bad(length) => length,
        };
    }
    at
}

/// One line, or a piece of a long one: closely, if it is short or doubtful throughout.
fn read_line(
    data: &[u8],
    start: usize,
    end: usize,
    main: StepEncoding,
    plain: Option<&Plain>,
    reading: &mut Reading,
) {
    let line = &data[start..end];
    let is_other = |line| !matches!(main, StepEncoding::Utf8) && crate::codec::utf8::is_valid(line);
    if line.len() > LONG
        && !is_other(line)
        && let Some(stretches) = stretches::doubtful(line, main, plain)
    {
        for stretch in stretches {
            let (from, to) = (start + stretch.start, start + stretch.end);
            if reading.done() < from {
                reading.read_strictly(data, from, main);
            }
            read_closely(data, from, to, main, reading);
        }
        if reading.done() < end {
            reading.read_strictly(data, end, main);
        }
    } else {
        read_closely(data, start, end, main, reading);
    }
}

/// A line, or a stretch of one, that may be damaged or in another encoding.
fn read_closely(data: &[u8], start: usize, end: usize, main: StepEncoding, reading: &mut Reading) {
    let line = &data[start..end];
    let weight = candidates::weigh(line, main);
    let (cost, errors) = (weight.cost, weight.errors);
    let high = line.iter().filter(|byte| **byte >= 0x80).count() as u64;
    let is_utf8 = !matches!(main, StepEncoding::Utf8) && crate::codec::utf8::is_valid(line);
    // Two bytes a character, and ASCII between costs less.
    let characters = (high / 2).max(1) + (line.len() as u64 - high) / 2;
    if errors == 0 && !is_utf8 && cost <= DOUBTFUL * characters && weight.excess <= UNUSUAL {
        return reading.read_strictly(data, end, main);
    }
    let is_chinese = matches!(
        main,
        StepEncoding::Utf8 | StepEncoding::Gb18030 | StepEncoding::Big5 | StepEncoding::Big5Unicode
    );
    let says_nothing = weight.is_rule || !weight.has_ideographs;
    if errors == 0 && !is_utf8 && (!is_chinese || says_nothing) {
        // A rule of `━` is one of 岩 in Big5, and Chinese text has more of the first; three of ＊ in Big5 are three
        // of ’ in GBK. And the model knows too little Japanese and Korean to doubt what reads without an error.
        return reading.read_strictly(data, end, main);
    }
    // Nor does it say anything of the words between two rules how rare their signs are.
    let cost = cost - if errors == 0 { weight.strange_signs } else { 0 };
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
        // Kana stand at the same place in GB 2312 and in EUC-JP, and half of a line may be kana.
        let encoding = foreign::explains(line, best.0).unwrap_or(best.2);
        return reading.read_strictly(data, end, encoding);
    }
    let whole = (best.1 == 0).then_some((best.0, best.2));
    damage::read(data, start, end, main, whole, reading);
}
