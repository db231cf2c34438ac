//! Decode: the text that is in the bytes.
//!
//! In: bytes of any encoding, or of several, whole or damaged. Out: all the text that is there, the
//! spans that say which bytes were read as what, and the losses that say which could not be read.
//! Never fails, never drops a line; U+FFFD stands where bytes were lost.
//!
//! How: `stream` decides by a window of the bytes. A mark at the head or escapes settle it; else
//! `candidates` weighs what the bytes say in each encoding, and `lines` reads line by line in the one
//! that won. A line that does not fit, or what `stretches` finds doubtful in a long one, is weighed by
//! itself, and `damage` looks for where it went wrong.

mod appended;
mod candidates;
mod damage;
mod escapes;
mod foreign;
mod least;
mod lines;
mod marks;
mod names;
mod places;
mod plain;
mod reading;
mod singles;
mod stream;
mod stretches;
mod trial;
mod wide;

pub use names::{Hint, hint, known_name, register};
pub use places::byte_places;
pub use stream::{Decision, Options, Others, Stream, WINDOW};

use crate::codec::{StepEncoding, utf8};
pub(crate) use crate::edit::Loss;
use crate::text::Written;
pub(crate) use reading::Reading;
use stream::{Head, decide, head};

/// A range of the bytes, and what it was read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Canonical lower-case name.
    pub encoding: &'static str,
    /// Code points of the text that it gave.
    pub length: usize,
}

/// What bytes say, or some of them in a row.
#[derive(Clone, Debug)]
pub struct Piece {
    /// The text, without a byte order mark.
    pub text: Written<u16>,
    /// Every byte in exactly one, in order.
    pub spans: Vec<Span>,
    /// Ranges of bytes that could not be read.
    pub losses: Vec<Loss>,
}

/// The text of the bytes, and what was decided. A hint counts as evidence, and loses to the bytes
/// if they contradict it.
pub fn decode(data: &[u8], options: Options, others: Option<Others>) -> (Piece, Decision) {
    let mut reading = Reading::new(data.len(), options.keeps);
    let start = match head(data, 0, 0, true) {
        Head::Decide(start) => start,
        Head::Pass(_) | Head::Wait(_) => {
            if !data.is_empty() {
                reading.push_ascii(data, data.len(), "ascii");
            }
            return (reading.take(), Decision::sure("ascii"));
        }
    };
    if start > 0 {
        reading.push_ascii(data, start, "ascii");
    }
    let end = data.len().min(start + WINDOW);
    let window = &data[start..end];
    let (mut way, mark, decision) = decide(window, end == data.len(), options, others);
    if mark > 0 {
        reading.skip(start + mark, decision.encoding);
    }
    way.read(data, start + mark, true, &mut reading);
    (reading.take(), decision)
}

/// Whether the bytes are UTF-8 beyond doubt, by a look at them: what is behind it need only be valid.
pub fn may_be_utf8_only(data: &[u8], look: utf8::Look) -> bool {
    let may_switch = look.has_signs && has_signs(data);
    !may_switch && !is_ambiguously_short(data) && !has_mark(data)
}

/// The first byte that is not the same character in every encoding, from `from` on; the bytes before
/// that are known to tell nothing.
fn first_telling(data: &[u8], from: usize) -> Option<usize> {
    if data.len() < SHORT && is_ambiguously_short(data) {
        return Some(0);
    }
    let mut at = from;
    while at < data.len() {
        // Far is looked at fast, near is looked at closely.
        let run = &data[at..data.len().min(at + 256)];
        let any = run.iter().fold(false, |any, byte| {
            any | matches!(byte, 0 | 0x1B | b'~' | 0x80..)
        });
        if any {
            let tells = |k: &usize| match data[*k] {
                0 | 0x1B | 0x80.. => true,
                b'~' => data.get(*k + 1) == Some(&b'{'),
                _ => false,
            };
            if let Some(found) = (at..at + run.len()).find(tells) {
                return Some(found);
            }
        }
        at += run.len();
    }
    None
}

/// Bytes below which chance may make UTF-8 of another encoding: four pairs of GBK are valid UTF-8
/// once in a thousand, thirty never; and thirty characters of UTF-16 are never all ASCII bytes.
const SHORT: usize = 64;

/// Whether something in the bytes says that being valid UTF-8 would not be enough: escapes of an
/// encoding of seven bits, or the zeros of one of two bytes a character.
fn has_signs(data: &[u8]) -> bool {
    memchr::memchr2(0, 0x1B, data).is_some() || memchr::memmem::find(data, b"~{").is_some()
}

/// Whether so few bytes are there that being valid UTF-8 is not enough.
fn is_ambiguously_short(data: &[u8]) -> bool {
    !data.is_empty() && data.len() < SHORT && !is_plain_ascii(data)
}

/// Whether short ASCII cannot be UTF-16: it has an odd length, a line end or a space and no control
/// character.
fn is_plain_ascii(data: &[u8]) -> bool {
    let is_text = |byte: &u8| matches!(byte, 0x20..=0x7E | b'\t' | b'\n' | b'\r');
    data.iter().all(is_text) && (data.len() % 2 == 1 || data.len() < 8 || data.contains(&b' '))
}

/// ASCII with the escapes of a terminal, which are no other encoding's.
fn is_terminal_text(data: &[u8]) -> bool {
    let is_text = |byte: &u8| matches!(byte, 0x20..=0x7E | 0x07..=0x0D | 0x1B);
    data.contains(&0x1B) && data.iter().all(is_text)
}

/// Whether the bytes begin with a byte order mark.
pub fn has_mark(data: &[u8]) -> bool {
    byte_order_mark(data).is_some()
}

/// The encoding that a byte order mark names, and the mark's length.
fn byte_order_mark(data: &[u8]) -> Option<(StepEncoding, usize)> {
    match *data {
        [0xEF, 0xBB, 0xBF, ..] => Some((StepEncoding::Utf8, 3)),
        [0xFF, 0xFE, 0, 0, ..] => Some((StepEncoding::Utf32(false), 4)),
        [0, 0, 0xFE, 0xFF, ..] => Some((StepEncoding::Utf32(true), 4)),
        [0xFF, 0xFE, ..] => Some((StepEncoding::Utf16(false), 2)),
        [0xFE, 0xFF, ..] => Some((StepEncoding::Utf16(true), 2)),
        // GB 18030's own.
        [0x84, 0x31, 0x95, 0x33, ..] => Some((StepEncoding::Gb18030, 4)),
        _ => None,
    }
}
