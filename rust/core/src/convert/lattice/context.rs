//! What the neighbours of an open character say for each of its readings.
//!
//! Comes in: a line, and a place in it. Goes out: tenths of a nat for every reading. Never: a look
//! further than three characters, or over the end of a line; a difference between neighbours of
//! different forms of the same key, so that converting the neighbours changes nothing.

use super::Passage;
use super::alphabet::{Alphabet, Region};
use crate::tables::readings::{EMPTY, spread};
use crate::text::CodeUnit;

/// What stands before and behind a line.
const START: u32 = 2;
const END: u32 = 3;
/// The template of transliterations, and what it has where there is none.
const SOUNDS: u32 = 6;
const NO_SOUNDS: u32 = 0x10;
/// Templates of the layers count from here.
const CANTONESE: u32 = 16;
const HONG_KONG: u32 = 32;
/// The bit of keys that a layer has weights of.
const LAYERS: u8 = 1 << 7;

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
    let layers = used & LAYERS != 0 && alphabet.region == Region::HongKong;
    if used & !(1 | LAYERS) == 0 && !layers {
        // No more than a bias: the neighbours need not be looked at.
        if used & 1 != 0 {
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
    if layers {
        for (template, &(one, other)) in (0..).zip(&pairs) {
            add(
                alphabet,
                number,
                &mut sums,
                HONG_KONG + template,
                one,
                other,
            );
            if passage.cantonese {
                add(
                    alphabet,
                    number,
                    &mut sums,
                    CANTONESE + template,
                    one,
                    other,
                );
            }
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
