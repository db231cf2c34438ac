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
/// The template of transliterations, and what it has where there is none.
const SOUNDS: u32 = 6;
const NO_SOUNDS: u32 = 0x10;
/// Templates of the Cantonese layer count from here.
const LAYER: u32 = 16;

/// What context says for the readings of the open character with a number at a place of a text.
pub(super) fn weights<T: CodeUnit>(
    alphabet: &Alphabet,
    passage: Passage,
    text: &[T],
    at: usize,
    number: u16,
    used: u8,
) -> [i32; 4] {
    let mut sums = [0; 4];
    if used & !1 == 0 && !passage.cantonese {
        // No more than a bias: the neighbours need not be looked at.
        if used != 0 {
            add(alphabet, number, &mut sums, 0, 0, 0);
        }
        return sums;
    }
    // Three keys to either side; a line's end hides what is behind it.
    let mut before = [START; 3];
    for (key, unit) in before.iter_mut().zip(text[..at].iter().rev()) {
        if unit.wide() == 0x0A {
            break;
        }
        *key = alphabet.key(unit.wide());
    }
    let mut behind = [END; 3];
    for (key, unit) in behind.iter_mut().zip(&text[at + 1..]) {
        if unit.wide() == 0x0A {
            break;
        }
        *key = alphabet.key(unit.wide());
    }
    let ([a, b, _], [c, d, _]) = (before, behind);
    let pairs = [(0, 0), (a, 0), (c, 0), (b, a), (c, d), (a, c)];
    for (template, &(one, other)) in (0..).zip(&pairs) {
        if used & (1 << template) != 0 {
            add(alphabet, number, &mut sums, template, one, other);
        }
    }
    if used & (1 << SOUNDS) != 0 {
        let around = before.iter().chain(&behind);
        let sounds = around.filter(|&&key| alphabet.is_sound(key)).count() as u32;
        let beside = u32::from(alphabet.is_sound(a)) + 2 * u32::from(alphabet.is_sound(c));
        let all = NO_SOUNDS + beside + 4 * sounds;
        add(alphabet, number, &mut sums, SOUNDS, all, 0);
    }
    if passage.cantonese && used & (1 << 7) != 0 {
        for (template, &(one, other)) in (LAYER..).zip(&pairs) {
            add(alphabet, number, &mut sums, template, one, other);
        }
    }
    sums
}

#[inline(always)]
fn add(alphabet: &Alphabet, number: u16, sums: &mut [i32; 4], template: u32, one: u32, other: u32) {
    let number = u32::from(number) - 1;
    let hash = spread(spread(spread(EMPTY, template << 10 | number), one), other);
    if let Some(found) = alphabet.table.weights(hash) {
        for (sum, weight) in sums.iter_mut().zip(found) {
            *sum += i32::from(weight);
        }
    }
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
