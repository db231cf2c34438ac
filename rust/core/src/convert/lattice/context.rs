//! What the neighbours of an open character say for each of its readings.
//!
//! Comes in: a line, and a place in it. Goes out: tenths of a nat for every reading. Never: a look
//! further than [`NEAR`] characters, or over the end of a line; a difference between neighbours of
//! different forms of the same key, so that converting the neighbours changes nothing.

use super::Passage;
use super::alphabet::Alphabet;
use crate::tables::readings::{EMPTY, spread};
use crate::tables::scripts::{self, FORM, SIMPLIFIED, TRADITIONAL};
use crate::text::CodeUnit;

/// How far a character looks for one that tells the script.
const NEAR: usize = 16;
/// What stands before and behind a line.
const START: u32 = 2;
const END: u32 = 3;
const SOUNDS: u32 = 0x10;
/// Templates of the Cantonese layer count from here.
const LAYER: u32 = 16;

/// What context says for the readings of the open character with a number at a place of a text.
pub(super) fn weights<T: CodeUnit>(
    alphabet: &Alphabet,
    passage: Passage,
    text: &[T],
    at: usize,
    number: u16,
) -> [i32; 4] {
    let key = |distance: isize| -> u32 {
        let (step, outside) = if distance < 0 { (-1, START) } else { (1, END) };
        let mut offset = 0;
        let mut found = outside;
        // A line's end hides what is behind it.
        while offset != distance {
            offset += step;
            let place = at
                .checked_add_signed(offset)
                .and_then(|place| text.get(place));
            match place.map(|unit| unit.wide()) {
                None | Some(0x0A) => return outside,
                Some(code_point) => found = alphabet.key(code_point),
            }
        }
        found
    };
    let (a, b, c, d) = (key(-1), key(-2), key(1), key(2));
    let mut sums = [0; 4];
    let mut add = |template: u32, one: u32, other: u32| {
        let number = u32::from(number) - 1;
        let hash = spread(spread(spread(EMPTY, template << 10 | number), one), other);
        if let Some(found) = alphabet.table.weights(hash) {
            for (sum, weight) in sums.iter_mut().zip(found) {
                *sum += i32::from(weight);
            }
        }
    };
    let around = [key(-3), b, a, c, d, key(3)];
    let sounds = around.iter().filter(|&&key| alphabet.is_sound(key)).count() as u32;
    let beside = u32::from(alphabet.is_sound(a)) + 2 * u32::from(alphabet.is_sound(c));
    add(0, 0, 0);
    add(1, a, 0);
    add(2, c, 0);
    add(3, b, a);
    add(4, c, d);
    add(5, a, c);
    add(6, b, 0);
    add(7, d, 0);
    add(8, SOUNDS + beside + 4 * sounds, 0);
    if passage.cantonese {
        add(LAYER, 0, 0);
        add(LAYER + 1, a, 0);
        add(LAYER + 2, c, 0);
        add(LAYER + 3, b, a);
        add(LAYER + 4, c, d);
        add(LAYER + 5, a, c);
    }
    sums
}

/// What speaks for a character's staying as it is, by what tells the script on either side.
pub(super) fn stay<T: CodeUnit>(alphabet: &Alphabet, text: &[T], at: usize) -> i32 {
    let left = side(text[..at].iter().rev());
    let right = side(text[at + 1..].iter());
    alphabet.table.stay(left, right)
}

/// 1 to 3 for Simplified and 4 to 6 for Traditional, by distance; 0 for neither in sight.
fn side<'a, T: CodeUnit>(neighbours: impl Iterator<Item = &'a T>) -> usize {
    for (distance, unit) in (1..=NEAR).zip(neighbours) {
        let code_point = unit.wide();
        if code_point == 0x0A {
            return 0;
        }
        let flags = scripts::flags(code_point);
        if flags & SIMPLIFIED != 0 {
            return distance.min(3);
        }
        if flags & (TRADITIONAL | FORM) == TRADITIONAL {
            return 3 + distance.min(3);
        }
    }
    0
}
