//! Japanese that a Chinese line quotes: 《千と千尋の神隠し》, 「進撃の巨人」.
//!
//! In: a text, and where its kana may stand. Out: what stands in quotation marks and is Japanese by itself, by the same
//! law as a line. Never: a look behind the end of a line, or further than a title is long.

use crate::tables::scripts::Counts;
use crate::text::{CodeUnit, is_kana};
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
        let Some(closing) = closing_of(text[at].wide()) else {
            continue;
        };
        let behind = &text[at + 1..range.end.min(at + 1 + LONGEST)];
        let ends = |unit: &T| unit.wide() == closing || unit.wide() == 0x0A;
        let Some(length) = behind.iter().position(ends) else {
            continue;
        };
        let inside = &behind[..length];
        if inside.iter().any(|unit| is_kana(unit.wide())) && Counts::of(inside).are_japanese() {
            found.push(at + 1..at + 1 + length);
            done = at + 1 + length;
        }
    }
}

fn closing_of(opening: u32) -> Option<u32> {
    match opening {
        0x300A | 0x3008 | 0x300C | 0x300E | 0x3010 => Some(opening + 1),
        0x201C => Some(0x201D),
        _ => None,
    }
}
