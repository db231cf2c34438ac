//! Where in the bytes a place of the text stands.
//!
//! In: bytes, what decode made of them, and places in the text. Out: places in the bytes. Never
//! fails: inside a span of an encoding with states (HZ, ISO-2022) a place is that of the span.

use super::names::hint;
use super::{Loss, Span};
use crate::codec::{Step, StepEncoding, expand};
use crate::text::CodeUnit;

/// The byte at which each of `points` begins; points in ascending order, in code points of `text`.
pub fn byte_places<T: CodeUnit>(
    data: &[u8],
    text: &[T],
    spans: &[Span],
    losses: &[Loss],
    points: &[usize],
) -> Vec<usize> {
    let mut places = Vec::with_capacity(points.len());
    let mut points = points.iter().peekable();
    let mut losses = losses.iter().peekable();
    let mut text_at = 0;
    for span in spans {
        let mut walk = Walk {
            data,
            at: span.start,
            end: span.end,
            encoding: hint(span.encoding).map(|hint| hint.encoding),
        };
        walk.pass_over_mark();
        while losses.next_if(|loss| loss.end <= span.start).is_some() {}
        for code_point in &text[text_at..(text_at + span.length).min(text.len())] {
            while points.next_if(|point| **point == text_at).is_some() {
                places.push(walk.at);
            }
            text_at += 1;
            let lost = losses
                .peek()
                .filter(|loss| loss.start <= walk.at && walk.at < loss.end);
            match lost {
                // Kept as it was, a byte a code point.
                Some(loss) if is_kept(code_point.wide(), data[walk.at]) => {
                    walk.at += 1;
                    if walk.at == loss.end {
                        losses.next();
                    }
                }
                // Several marks may stand for one lost range: only what follows them is behind it.
                Some(loss) => {
                    let goes_on = text.get(text_at).is_some_and(|next| next.wide() == 0xFFFD);
                    if !goes_on {
                        walk.at = loss.end.min(span.end);
                        losses.next();
                    }
                }
                None => walk.step(code_point.wide()),
            }
        }
    }
    places.extend(points.map(|_| data.len()));
    places
}

/// Whether a code point is how PEP 383 writes a byte that cannot be read, or the ASCII that it is.
fn is_kept(code_point: u32, byte: u8) -> bool {
    code_point == u32::from(byte) + if byte < 0x80 { 0 } else { 0xDC00 }
}

struct Walk<'a> {
    data: &'a [u8],
    at: usize,
    end: usize,
    encoding: Option<StepEncoding>,
}

impl Walk<'_> {
    /// A byte order mark is in the bytes and not in the text.
    fn pass_over_mark(&mut self) {
        let Some(encoding) = self.encoding else {
            return;
        };
        if let Step::Character(0xFEFF, bytes) = encoding.step(&self.data[self.at..self.end])
            && self.at == 0
        {
            self.at = bytes;
        }
    }

    fn step(&mut self, code_point: u32) {
        let rest = &self.data[self.at..self.end];
        match self.encoding.map(|encoding| encoding.step(rest)) {
            Some(Step::Character(character, bytes)) => {
                // Of a character that is two code points, the second stands where the first does.
                let ([first, _], count) = expand(character);
                if count == 1 || code_point != first {
                    self.at += bytes;
                }
            }
            Some(Step::Bad(bytes)) if !rest.is_empty() => self.at += bytes,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{Options, decode};
    use crate::text::Written;

    fn places(data: &[u8], points: &[usize]) -> Vec<usize> {
        let options = Options {
            hint: hint("gb18030"),
            ..Options::default()
        };
        let (piece, _) = decode(data, options, None);
        let (spans, losses) = (&piece.spans[..], &piece.losses[..]);
        match &piece.text {
            Written::Narrow(text) => byte_places(data, text, spans, losses, points),
            Written::Wide(text) => byte_places(data, text, spans, losses, points),
        }
    }

    #[test]
    fn places_are_those_of_the_bytes() {
        let (line, _, _) = encoding_rs::GB18030.encode("第一行abc第二行");
        assert_eq!(
            places(&line, &[0, 1, 3, 4, 6, 7, 9]),
            [0, 2, 6, 7, 9, 11, 15]
        );
        assert_eq!(places("\u{FEFF}第一行".as_bytes(), &[0, 1, 3]), [3, 6, 12]);
    }
}
