//! Decode: the text that is in the bytes.
//!
//! In: bytes of any encoding, or of several, whole or damaged. Out: all the text that is there, the
//! spans that say which bytes were read as what, and the losses that say which could not be read.
//! Never fails, never drops a line; U+FFFD stands where bytes were lost.
//!
//! How: a mark at the head or escapes settle it; else `candidates` weighs what the bytes say in
//! each encoding, and `lines` reads line by line in the one that won. A line that does not fit is
//! weighed by itself, and `damage` looks for where it went wrong.

mod candidates;
mod damage;
mod escapes;
mod lines;
mod names;
mod places;

pub use names::{Hint, hint, known_name};
pub use places::byte_places;

use crate::codec::{Step, StepEncoding};
pub(crate) use crate::edit::Loss;
use crate::text::{Writer, Written};

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

/// What the bytes say.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: Written<u16>,
    /// Every byte in exactly one, in order.
    pub spans: Vec<Span>,
    /// Ranges of bytes that could not be read.
    pub losses: Vec<Loss>,
    /// What most of the text was read as.
    pub encoding: &'static str,
    /// From 0 to 1: how far the next best reading is behind.
    pub confidence: f32,
    /// Whether it is a one-byte encoding, where others know more languages.
    pub is_single: bool,
}

/// The text of the bytes. A hint counts as evidence, and loses to the bytes if they contradict it.
pub fn decode(data: &[u8], hint: Option<Hint>) -> Decoded {
    if let Some((encoding, length)) = byte_order_mark(data) {
        let mut reading = Reading::new(data.len());
        reading.skip(length, encoding.name());
        lines::read(data, length, encoding, &mut reading);
        return reading.finish(encoding.name(), 1.0, false);
    }
    if is_plain_utf8(data) {
        let mut reading = Reading::new(data.len());
        reading.read_strictly(data, 0, data.len(), StepEncoding::Utf8);
        return reading.finish(if data.is_ascii() { "ascii" } else { "utf-8" }, 1.0, false);
    }
    if let Some(decoded) = escapes::read(data) {
        return decoded;
    }
    if is_terminal_text(data) {
        let mut reading = Reading::new(data.len());
        reading.push_ascii(data, 0, data.len(), "ascii");
        return reading.finish("ascii", 1.0, false);
    }
    let choice = candidates::choose(data, hint);
    let mut reading = Reading::new(data.len());
    lines::read(data, 0, choice.encoding, &mut reading);
    let is_single = matches!(choice.encoding, StepEncoding::Single(_));
    reading.finish(choice.encoding.name(), choice.confidence, is_single)
}

/// Whether something in the bytes says that being valid UTF-8 would not be enough: escapes of an
/// encoding of seven bits, the zeros of one of two bytes a character, a byte order mark, or so few
/// bytes that chance could have made them valid.
pub fn has_signs_of_another(data: &[u8]) -> bool {
    // 64 bytes: four pairs of GBK are valid UTF-8 once in a thousand, thirty never; and thirty
    // characters of UTF-16 are never all made of ASCII bytes.
    (data.len() < 64 && !is_plain_ascii(data))
        || memchr::memchr2(0, 0x1B, data).is_some()
        || memchr::memmem::find(data, b"~{").is_some()
        || byte_order_mark(data).is_some()
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

fn is_plain_utf8(data: &[u8]) -> bool {
    !has_signs_of_another(data) && std::str::from_utf8(data).is_ok()
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

/// Text, spans and losses as they grow.
pub(crate) struct Reading {
    text: Writer<u16>,
    length: usize,
    spans: Vec<Span>,
    losses: Vec<Loss>,
}

const UNREADABLE: &str = "bytes that no encoding explains";

impl Reading {
    pub(crate) fn new(bytes: usize) -> Reading {
        Reading {
            text: Writer::with_capacity(bytes / 2 + 16),
            length: 0,
            spans: Vec::new(),
            losses: Vec::new(),
        }
    }

    /// Bytes that say nothing: a byte order mark, or an escape.
    pub(crate) fn skip(&mut self, end: usize, encoding: &'static str) {
        let start = self.done();
        self.cover(start, end, encoding, 0);
    }

    /// How far the spans reach.
    fn done(&self) -> usize {
        self.spans.last().map_or(0, |span| span.end)
    }

    /// Bytes that gave `length` code points.
    fn cover(&mut self, start: usize, end: usize, encoding: &'static str, length: usize) {
        match self.spans.last_mut() {
            Some(last) if last.encoding == encoding => {
                last.end = end;
                last.length += length;
            }
            _ => self.spans.push(Span {
                start,
                end,
                encoding,
                length,
            }),
        }
        self.length += length;
    }

    /// Append code points that bytes up to `end` gave.
    pub(crate) fn push(&mut self, end: usize, encoding: &'static str, text: &[u32]) {
        let start = self.done();
        self.text.extend(text.iter().copied());
        self.cover(start, end, encoding, text.len());
    }

    /// The same, of the basic plane.
    pub(crate) fn push_units(&mut self, end: usize, encoding: &'static str, text: &[u16]) {
        let start = self.done();
        self.text.keep(text);
        self.cover(start, end, encoding, text.len());
    }

    /// Bytes up to `end` that could not be read, and how many characters they may have been.
    pub(crate) fn lose(&mut self, end: usize, encoding: &'static str, characters: usize) {
        let start = self.done();
        self.text.extend(std::iter::repeat_n(0xFFFD, characters));
        self.cover(start, end, encoding, characters);
        match self.losses.last_mut() {
            Some(last) if last.end == start => last.end = end,
            _ => self.losses.push(Loss {
                start,
                end,
                cause: UNREADABLE,
            }),
        }
    }

    /// ASCII, which every encoding of the neighbours reads alike.
    pub(crate) fn push_ascii(
        &mut self,
        data: &[u8],
        start: usize,
        end: usize,
        encoding: &'static str,
    ) {
        self.text
            .extend(data[start..end].iter().map(|byte| u32::from(*byte)));
        self.cover(start, end, encoding, end - start);
    }

    /// A range as one encoding reads it; what it cannot read is lost byte by byte.
    pub(crate) fn read_strictly(
        &mut self,
        data: &[u8],
        start: usize,
        end: usize,
        encoding: StepEncoding,
    ) {
        let mut at = start;
        let mut length = 0;
        let mut covered = start;
        while at < end {
            match encoding.step(&data[at..end]) {
                Step::Character(character, bytes) => {
                    let (both, count) = crate::codec::expand(character);
                    for &one in &both[..count] {
                        self.text.push(one);
                    }
                    length += count;
                    at += bytes;
                }
                Step::Bad(bytes) => {
                    self.cover(covered, at, encoding.name(), length);
                    at += bytes;
                    self.lose(at, encoding.name(), 1);
                    (covered, length) = (at, 0);
                }
            }
        }
        if covered < at {
            self.cover(covered, at, encoding.name(), length);
        }
    }

    fn finish(self, encoding: &'static str, confidence: f32, is_single: bool) -> Decoded {
        Decoded {
            text: self.text.finish(),
            spans: self.spans,
            losses: self.losses,
            encoding,
            confidence,
            is_single,
        }
    }
}
