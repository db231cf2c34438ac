//! What the neighbours of an open character say for each of its readings.
//!
//! Comes in: a line, and a place in it. Goes out: tenths of a nat for every reading. Never: a look
//! further than three characters, or over the end of a line; a difference between neighbours of
//! different forms of the same key, so that converting the neighbours changes nothing.

use super::Passage;
use super::alphabet::{Alphabet, Region};
use crate::tables::readings::{EMPTY, Key, spread};
use crate::text::CodeUnit;

/// What stands before and behind a line.
const START: u32 = 2;
const END: u32 = 3;
/// What stands beside a passage within its line: no feature has it.
const BESIDE: u32 = 0;
/// The template of transliterations, and what it has where there is none. Keys with a bit for it may have weights of
/// the template of given names as well.
const SOUNDS: u32 = 6;
const NO_SOUNDS: u32 = 0x10;
const PEOPLE: u32 = 7;
/// The template of given names with what stands before, of the one family that what is before tells from a word:
/// 、于佩芝, and 業於吉林.
const PLACED: u32 = 8;
const YU: u32 = '于' as u32;
const NO_GIVEN: u32 = 0x40;
/// Templates of the layers count from here.
const CANTONESE: u32 = 16;
const HONG_KONG: u32 = 32;
/// The bit of keys that a layer has weights of.
const LAYERS: u8 = 1 << 7;

/// What the context of one place says, as it was last asked for: by itself a character is asked for it, and again in its
/// island.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Told {
    /// One more than the place; 0 for none.
    place: usize,
    weights: [i32; 4],
}

impl Told {
    /// See [`weights`].
    #[inline(always)]
    pub(super) fn weights<T: CodeUnit>(
        &mut self,
        alphabet: &Alphabet,
        passage: Passage,
        text: &[T],
        at: usize,
        number: u16,
        used: u8,
    ) -> [i32; 4] {
        if self.place != at + 1 {
            let weights = weights(alphabet, passage, text, at, number, used);
            *self = Told {
                place: at + 1,
                weights,
            };
        }
        self.weights
    }
}

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
    let [before_goes_on, behind_goes_on] = passage.goes_on;
    let before = keys(alphabet, text[..at].iter().rev(), START, before_goes_on);
    let behind = keys(alphabet, text[at + 1..].iter(), END, behind_goes_on);
    let ([a, b, _], [c, d, _]) = (before, behind);
    let pairs = [(0, 0), (a, 0), (c, 0), (b, a), (c, d), (a, c)];
    for (template, &(one, other)) in (0..).zip(&pairs) {
        if used & (1 << template) != 0 {
            add(alphabet, number, &mut sums, template, one, other);
        }
    }
    if used & (1 << SOUNDS) != 0 {
        let all = NO_SOUNDS + sounds(alphabet, before) + 8 * sounds(alphabet, behind);
        add(alphabet, number, &mut sums, SOUNDS, all, 0);
        let given = 4 * u32::from(alphabet.given(c)) + u32::from(alphabet.given(d));
        if given != 0 {
            let (template, before) = match alphabet.key(text[at].wide()) {
                YU => (PLACED, a),
                _ => (PEOPLE, 0),
            };
            add(
                alphabet,
                number,
                &mut sums,
                template,
                NO_GIVEN + given,
                before,
            );
        }
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

/// The reading of an open key that is the commonest in Cantonese, whatever stands beside it.
pub(super) fn commonest(alphabet: &Alphabet, key: &Key, number: u16) -> u8 {
    let mut sums = [0; 4];
    for template in [0, HONG_KONG, CANTONESE] {
        add(alphabet, number, &mut sums, template, 0, 0);
    }
    let cost =
        |reading: &u8| i32::from(key.costs[usize::from(*reading)]) - sums[usize::from(*reading)];
    (0..key.count).min_by_key(cost).unwrap_or(0)
}

/// Three keys to one side; a line's end hides what is behind it.
#[inline(always)]
fn keys<'a, T: CodeUnit>(
    alphabet: &Alphabet,
    neighbours: impl Iterator<Item = &'a T>,
    line_end: u32,
    goes_on: bool,
) -> [u32; 3] {
    let mut keys = [if goes_on { BESIDE } else { line_end }; 3];
    for (at, unit) in (0..keys.len()).zip(neighbours) {
        if unit.wide() == 0x0A {
            keys[at..].fill(line_end);
            break;
        }
        keys[at] = alphabet.key(unit.wide());
    }
    keys
}

/// How much the neighbours on one side sound like a name, as far as each does: five steps.
fn sounds(alphabet: &Alphabet, neighbours: [u32; 3]) -> u32 {
    const STEPS: [u32; 7] = [0, 1, 2, 3, 3, 4, 4];
    let levels = neighbours.map(|key| usize::from(alphabet.sound(key).min(2)));
    let adjacent = levels.iter().take_while(|&&level| level > 0);
    STEPS[adjacent.sum::<usize>()]
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
