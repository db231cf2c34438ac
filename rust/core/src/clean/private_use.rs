//! Private use that Hong Kong's characters were given before Unicode had them, and what no table knows.
//!
//! In: a line. Out: what its private use stands for, if it is Hong Kong's. Never: a symbol of a web font taken
//! for a character: those lie in the same area.
//!
//! Windows' code page 950 reads the areas that Big5 leaves to its users as U+E000 and on, row by row; HKSCS
//! stands in these areas, and its first edition put the characters that Unicode lacked at the same places. So the
//! code point gives the two bytes (the formula is in Microsoft's table of the code page), and these the character.

use crate::codec;
use crate::edit::Loss;
use crate::tables::readings::readings;
use crate::tables::{likelihood, scripts};
use crate::text::{CodeUnit, is_han};
use std::ops::Range;

/// First code point of an area, its first row, and how many characters of that row are left out.
const AREAS: [(u32, u32, u32); 4] = [
    (0xE000, 0xFA, 0),
    (0xE311, 0x8E, 0),
    (0xEEB8, 0x81, 0),
    (0xF6B1, 0xC6, 63),
];
const END: u32 = 0xF849;
/// Characters of a row.
const ROW: u32 = 157;
/// Tenths of a nat that a character costs at most between its neighbours, and these behind it, if it is meant: 嘅
/// 咗 埗 衞 do in running text. One in thirteen characters of these areas costs so little by itself.
const PLAUSIBLE: u32 = 190;

/// What code page 950 reads as this was in HKSCS.
fn of_hong_kong(code_point: u32) -> Option<u32> {
    if !(AREAS[0].0..END).contains(&code_point) {
        return None;
    }
    let (first, row, left_out) = *AREAS.iter().rev().find(|area| area.0 <= code_point)?;
    let place = code_point - first + left_out;
    let (lead, trail) = (row + place / ROW, place % ROW);
    let trail = trail + if trail < 63 { 0x40 } else { 0xA1 - 63 };
    let character = codec::big5().decode(lead as u8, trail as u8)?;
    // Four of them are two code points: not worth a form of their own.
    (character <= 0x10_FFFF).then_some(character)
}

/// Whether most of a line's private use reads as Hong Kong's characters where it stands, in a line that is
/// Traditional otherwise, or tells no script and is Cantonese.
pub fn is_from_hong_kong<T: CodeUnit>(line: &[T]) -> bool {
    let (mut fits, mut other, mut is_cantonese) = (0, 0, false);
    for (at, unit) in line.iter().enumerate() {
        if !is_private_use(unit.wide()) {
            continue;
        }
        match character_at(line, at) {
            Some(character) if is_plausible(line, at, character) => {
                fits += 1;
                is_cantonese |= readings().is_cantonese(character);
            }
            _ => other += 1,
        }
    }
    let counts = scripts::Counts::of(line);
    fits > other && counts.simplified == 0 && (counts.traditional > 0 || is_cantonese)
}

/// What the private use at a place stands for, if ideographs stand beside it.
pub fn character_at<T: CodeUnit>(line: &[T], at: usize) -> Option<u32> {
    let beside = |at: Option<usize>| {
        let beside = at.and_then(|at| line.get(at)).map_or(0, |unit| unit.wide());
        is_han(beside) || of_hong_kong(beside).is_some()
    };
    let character = of_hong_kong(line[at].wide())?;
    (beside(at.checked_sub(1)) || beside(Some(at + 1))).then_some(character)
}

fn is_plausible<T: CodeUnit>(line: &[T], at: usize, character: u32) -> bool {
    let read = |unit: &T| of_hong_kong(unit.wide()).unwrap_or(unit.wide());
    let before = at
        .checked_sub(1)
        .map_or(likelihood::START, |at| read(&line[at]));
    let after = line.get(at + 1).map_or(likelihood::START, read);
    let cost = likelihood::cost(before, character) + likelihood::cost(character, after);
    scripts::flags(character) & scripts::SIMPLIFIED == 0 && cost <= PLAUSIBLE
}

/// Whether a code point is private use.
pub fn is_private_use(code_point: u32) -> bool {
    matches!(code_point, 0xE000..=0xF8FF | 0xF_0000..=0x10_FFFF)
}

/// Runs of private use, which no table knew what to make of.
pub fn losses<T: CodeUnit>(text: &[T]) -> Vec<Loss> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, unit) in text.iter().enumerate() {
        if !is_private_use(unit.wide()) {
            continue;
        }
        match found.last_mut() {
            Some(last) if last.end == at => last.end = at + 1,
            _ => found.push(at..at + 1),
        }
    }
    let loss = |Range { start, end }| Loss {
        start,
        end,
        cause: "private use",
    };
    found.into_iter().map(loss).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_areas_are_those_of_the_code_page() {
        // 嘅 9DEF, 䏰 8740, 㐵 FA5A or so: by the formula and HKSCS-2016.
        assert_eq!(of_hong_kong(0xECD1), Some(0x5605));
        assert_eq!(of_hong_kong(0xF266), Some(0x43F0));
        assert_eq!(of_hong_kong(0xF6B1), Some(0x2460));
        assert_eq!(of_hong_kong(0xE000), Some(0x20547));
        assert_eq!(of_hong_kong(0xF849), None);
    }
}
