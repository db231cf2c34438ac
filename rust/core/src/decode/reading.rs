//! Text, spans and losses as they grow.
//!
//! In: ranges of bytes with what they were read as, in order. Out: a [`Piece`] whenever it is
//! asked for, and the next begins where that ended. Never leaves a byte out of all spans, nor puts
//! one in two.

use super::{Piece, Span};
use crate::codec::{Step, StepEncoding, expand, utf8};
use crate::edit::Loss;
use crate::text::Writer;

const UNREADABLE: &str = "bytes that no encoding explains";

/// What has been read since the last piece was taken.
pub(crate) struct Reading {
    text: Writer<u16>,
    spans: Vec<Span>,
    losses: Vec<Loss>,
    /// Where in all the bytes the data begin that are being read now.
    pub(super) base: usize,
    /// How far all spans reach, in the data being read now.
    done: usize,
    /// Whether lost bytes are written, as PEP 383 does, instead of U+FFFD.
    keeps: bool,
    /// Room for units on their way, kept from one batch of lines to the next.
    pub(super) scratch: Vec<u16>,
}

impl Reading {
    pub(crate) fn new(bytes: usize, keeps: bool) -> Reading {
        Reading {
            text: Writer::with_capacity(bytes / 2 + 16),
            spans: Vec::new(),
            losses: Vec::new(),
            base: 0,
            done: 0,
            keeps,
            scratch: Vec::new(),
        }
    }

    /// The data being read now begin this many bytes later.
    pub(super) fn advance(&mut self, bytes: usize) {
        self.base += bytes;
        self.done -= bytes;
    }

    /// How far all spans reach, in the data being read now.
    pub(super) fn done(&self) -> usize {
        self.done
    }

    /// Whether nothing was there before, not even a mark.
    pub(super) fn is_at_start(&self) -> bool {
        self.base == 0 && self.done == 0
    }

    /// What has been read since the last piece.
    pub(super) fn take(&mut self) -> Piece {
        let text = std::mem::replace(&mut self.text, Writer::with_capacity(0));
        Piece {
            text: text.finish(),
            spans: std::mem::take(&mut self.spans),
            losses: std::mem::take(&mut self.losses),
        }
    }

    /// Bytes that say nothing: a byte order mark, or an escape.
    pub(crate) fn skip(&mut self, end: usize, encoding: &'static str) {
        self.cover(end, encoding, 0);
    }

    /// Bytes up to `end` that gave `length` code points.
    fn cover(&mut self, end: usize, encoding: &'static str, length: usize) {
        match self.spans.last_mut() {
            Some(last) if last.encoding == encoding => {
                last.end = self.base + end;
                last.length += length;
            }
            _ => self.spans.push(Span {
                start: self.base + self.done,
                end: self.base + end,
                encoding,
                length,
            }),
        }
        self.done = end;
    }

    /// Append code points that bytes up to `end` gave.
    pub(crate) fn push(&mut self, end: usize, encoding: &'static str, text: &[u32]) {
        self.text.extend(text.iter().copied());
        self.cover(end, encoding, text.len());
    }

    /// The same, of the basic plane.
    pub(crate) fn push_units(&mut self, end: usize, encoding: &'static str, text: &[u16]) {
        self.text.keep(text);
        self.cover(end, encoding, text.len());
    }

    /// Bytes up to `end` that could not be read, and how many characters they may have been.
    pub(crate) fn lose(
        &mut self,
        data: &[u8],
        end: usize,
        encoding: &'static str,
        characters: usize,
    ) {
        let (start, absolute) = (self.done, self.base + self.done);
        if self.keeps {
            let kept = |byte: &u8| match *byte {
                ascii @ 0..0x80 => u32::from(ascii),
                high => 0xDC00 + u32::from(high),
            };
            self.text.extend(data[start..end].iter().map(kept));
            self.cover(end, encoding, end - start);
        } else {
            self.text.extend(std::iter::repeat_n(0xFFFD, characters));
            self.cover(end, encoding, characters);
        }
        match self.losses.last_mut() {
            Some(last) if last.end == absolute => last.end = self.base + end,
            _ => self.losses.push(Loss {
                start: absolute,
                end: self.base + end,
                cause: UNREADABLE,
            }),
        }
    }

    /// ASCII, which every encoding of the neighbours reads alike.
    pub(crate) fn push_ascii(&mut self, data: &[u8], end: usize, encoding: &'static str) {
        let ascii = &data[self.done..end];
        self.text.extend_from_bytes(ascii);
        self.cover(end, encoding, ascii.len());
    }

    /// UTF-8, if the bytes up to `end` are.
    pub(crate) fn push_utf8(&mut self, data: &[u8], end: usize) -> bool {
        let bytes = &data[self.done..end];
        if let Some(units) = utf8::basic(bytes) {
            self.push_units(end, "utf-8", &units);
            return true;
        }
        let Ok(text) = std::str::from_utf8(bytes) else {
            return false;
        };
        let before = self.text.len();
        self.text.extend(text.chars().map(u32::from));
        self.cover(end, "utf-8", self.text.len() - before);
        true
    }

    /// Bytes up to `end` as one encoding reads them; what it cannot read is lost byte by byte.
    pub(crate) fn read_strictly(&mut self, data: &[u8], end: usize, encoding: StepEncoding) {
        let name = encoding.name();
        let mut at = self.done;
        let mut length = 0;
        while at < end {
            match encoding.step(&data[at..end]) {
                Step::Character(character, bytes) => {
                    let is_pair = bytes == 6 && matches!(encoding, StepEncoding::Utf8);
                    if is_pair && length > 0 {
                        self.cover(at, name, length);
                        length = 0;
                    }
                    let (both, count) = expand(character);
                    for &one in &both[..count] {
                        self.text.push(one);
                    }
                    at += bytes;
                    if is_pair {
                        // Two surrogates of three bytes each: Oracle's and Java's idea of UTF-8.
                        self.cover(at, "cesu-8", count);
                    } else {
                        length += count;
                    }
                }
                Step::Bad(bytes) => {
                    if self.done < at {
                        self.cover(at, name, length);
                    }
                    at += bytes;
                    self.lose(data, at, name, 1);
                    length = 0;
                }
            }
        }
        if self.done < at {
            self.cover(at, name, length);
        }
    }
}
