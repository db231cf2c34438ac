//! Where in a long line something may be wrong.
//!
//! In: a line and the document's encoding. Out: ranges of bytes, in order and apart, which begin and
//! end between characters as the encoding reads them. Beyond them the line reads as running text
//! does, so what looks closely need not look there.

use super::plain::{Plain, UNUSUAL, USUAL};
use super::trial::{ERROR, UTF8_ERROR};
use crate::codec::{Step, StepEncoding};
use crate::tables::likelihood;
use std::ops::Range;

/// Characters on either side that are looked at too: where a byte was lost, what is strange begins a
/// few characters later.
const MARGIN: usize = 12;
/// One more for so many tenths of a nat: between two bytes lost in a line all is misread, and some of
/// it makes sense by chance.
const STRANGE: u32 = 8;

/// Stretches that are less likely than running text, or cannot be read; `None` if the line is, all
/// in all.
pub(super) fn doubtful(
    line: &[u8],
    encoding: StepEncoding,
    plain: Option<&Plain>,
) -> Option<Vec<Range<usize>>> {
    let error = match encoding {
        StepEncoding::Utf8 => UTF8_ERROR,
        _ => ERROR,
    };
    let mut found = Found::default();
    // Where each character begins that is no ASCII.
    let mut places = Vec::with_capacity(line.len() / 2 + 1);
    let (mut all, mut sum, mut most, mut from) = (0_u64, 0, 0, 0);
    let (mut is_doubtful, mut at) = (false, 0);
    while at < line.len() {
        if line[at].is_ascii() && line[at] != 0 {
            at += 1;
            continue;
        }
        places.push(at);
        let rest = &line[at..];
        let (cost, length) = match plain.and_then(|plain| plain.cost(rest)) {
            Some(cost) => (cost, 2),
            None => match encoding.step(rest) {
                Step::Character(character, length) => (likelihood::alone(character), length),
                Step::Bad(length) => {
                    is_doubtful = true;
                    (error * length as u32, length)
                }
            },
        };
        at += length;
        all += u64::from(cost);
        sum = (sum + cost).saturating_sub(USUAL);
        most = most.max(sum);
        is_doubtful |= sum > UNUSUAL;
        // What goes on for long as running text does is over, whatever came before.
        if sum == 0 || sum + UNUSUAL < most {
            if is_doubtful {
                found.push(from..places.len(), most);
            }
            (sum, most, from, is_doubtful) = (0, 0, places.len(), false);
        }
    }
    if is_doubtful {
        found.push(from..places.len(), most);
    }
    let place = |number: usize| places.get(number).copied().unwrap_or(line.len());
    if all > u64::from(USUAL) * places.len() as u64 {
        return None;
    }
    let bytes = |range: Range<usize>| place(range.start)..place(range.end);
    Some(found.0.into_iter().map(bytes).collect())
}

/// Ranges of characters, with their margins.
#[derive(Default)]
struct Found(Vec<Range<usize>>);

impl Found {
    fn push(&mut self, range: Range<usize>, excess: u32) {
        let margin = MARGIN + (excess / STRANGE) as usize;
        let (mut from, mut to) = (range.start.saturating_sub(margin), range.end + margin);
        while let Some(last) = self.0.pop_if(|last| last.end >= from) {
            (from, to) = (from.min(last.start), to.max(last.end));
        }
        self.0.push(from..to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::{Options, decode};
    use crate::text::Written;

    /// Running text of some length, and its bytes in GBK.
    fn paragraph(sentences: usize) -> Vec<u8> {
        // 今天的天气很好，我们一起去学校上课。
        let sentence: &[u8] =
            b"\xBD\xF1\xCC\xEC\xB5\xC4\xCC\xEC\xC6\xF8\xBA\xDC\xBA\xC3\xA3\xAC\xCE\xD2\xC3\xC7\
            \xD2\xBB\xC6\xF0\xC8\xA5\xD1\xA7\xD0\xA3\xC9\xCF\xBF\xCE\xA1\xA3";
        sentence.repeat(sentences)
    }

    fn stretches(line: &[u8]) -> Option<Vec<Range<usize>>> {
        doubtful(
            line,
            StepEncoding::Gb18030,
            Plain::of(StepEncoding::Gb18030),
        )
    }

    #[test]
    fn running_text_has_no_doubtful_stretch() {
        assert_eq!(stretches(&paragraph(50)), Some(vec![]));
    }

    #[test]
    fn what_is_misread_lies_in_a_stretch_that_begins_and_ends_between_characters() {
        let mut line = paragraph(200);
        line.remove(3001);
        line.remove(3101);
        let found = stretches(&line).expect("most of it is running text");
        let [Range { start, end }] = found[..] else {
            panic!("one stretch, not {found:?}");
        };
        // Before the first byte that was lost a character begins at every other place.
        assert!(
            start > 1500 && start < 3000 && start % 2 == 0 && end > 3101 && end < 4500,
            "{found:?}"
        );
    }

    #[test]
    fn what_is_misread_throughout_has_no_stretches() {
        assert_eq!(stretches(&paragraph(50)[1..]), None);
    }

    #[test]
    fn a_byte_that_is_lost_in_a_long_line_takes_one_character_with_it() {
        let whole = paragraph(200);
        for lost in [0, 1, 777, 3000, 3001] {
            let mut line = whole.clone();
            line.remove(lost);
            let (piece, _) = decode(&line, Options::default(), None);
            let Written::Narrow(text) = piece.text else {
                panic!("all is in the basic plane");
            };
            let bad = text.iter().filter(|unit| **unit == 0xFFFD).count();
            assert_eq!((bad, text.len()), (1, whole.len() / 2), "byte {lost}");
        }
    }
}
