//! Japanese that a Chinese line quotes: 《千と千尋の神隠し》, 「進撃の巨人」, 东京（とうきょう）.
//!
//! In: a text, and where its kana may stand. Out: what stands in quotation marks and is Japanese by itself, by the same
//! law as a line; and how something is read, in brackets, beside characters that Japanese does not have. Never: a look
//! behind the end of a line, or further than a title is long.

use crate::tables::scripts::Counts;
use crate::text::{CodeUnit, is_kana, line_around};
use std::ops::Range;

/// Longer than a title; keeps `《《《《…` linear.
const LONGEST: usize = 60;

/// Add what is Japanese in quotation marks in a range, in order.
pub(super) fn japanese<T: CodeUnit>(
    text: &[T],
    range: Range<usize>,
    found: &mut Vec<Range<usize>>,
) {
    let mut done = range.start;
    for at in range.clone() {
        if at < done {
            continue;
        }
        let opening = text[at].wide();
        let Some(closing) = closing_of(opening) else {
            continue;
        };
        let behind = &text[at + 1..range.end.min(at + 1 + LONGEST)];
        let ends = |unit: &T| unit.wide() == closing || unit.wide() == 0x0A;
        let Some(length) = behind.iter().position(ends) else {
            continue;
        };
        let inside = &behind[..length];
        let end = at + 1 + length;
        let is_japanese = || match is_bracket(opening) {
            true => inside.iter().all(is_sound) && is_beside_chinese(text, &range, at, end),
            false => Counts::of(inside).are_japanese(),
        };
        if inside.iter().any(|unit| is_kana(unit.wide())) && is_japanese() {
            found.push(at + 1..end);
            done = end;
        }
    }
}

fn is_bracket(opening: u32) -> bool {
    matches!(opening, 0x28 | 0xFF08 | 0x3014)
}

/// Whether a character writes sounds: kana, and what stands between words.
fn is_sound<T: CodeUnit>(unit: &T) -> bool {
    is_kana(unit.wide()) || matches!(unit.wide(), 0x20 | 0x3000 | 0x3001 | 0x30FB)
}

/// Whether a character that Japanese does not have stands near brackets, in their line: in a dictionary of Japanese
/// none does.
fn is_beside_chinese<T: CodeUnit>(
    text: &[T],
    range: &Range<usize>,
    opening: usize,
    closing: usize,
) -> bool {
    let first = range.start.max(opening.saturating_sub(LONGEST));
    let near = &text[first..range.end.min(closing + LONGEST)];
    let line = line_around(near, opening - first);
    Counts::of(&near[line]).have_chinese()
}

fn closing_of(opening: u32) -> Option<u32> {
    match opening {
        0x300A | 0x3008 | 0x300C | 0x300E | 0x3010 => Some(opening + 1),
        0x3014 => Some(0x3015),
        0x28 | 0xFF08 => Some(opening + 1),
        0x201C => Some(0x201D),
        _ => None,
    }
}
