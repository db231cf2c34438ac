//! The specification of the lattice as slow code: every way through an island, one after the other.

use super::alphabet::{Alphabet, is_form_of};
use super::island::{MOST, Scratch};
use super::{Passage, Region, context};
use crate::tables::readings::{EMPTY, readings, spread};
use crate::text::from_str;
use proptest::prelude::*;

/// What a character may be read as, with the cost of each reading; nothing for one that is not open.
fn options(
    alphabet: &Alphabet,
    passage: Passage,
    text: &[u32],
    at: usize,
) -> Option<Vec<(usize, i32)>> {
    let number = alphabet.number(alphabet.key(text[at]));
    let key = alphabet.open(number)?;
    let all = 0..usize::from(key.count);
    if text[at] != u32::from(key.code) {
        return Some(
            all.filter(|&reading| is_form_of(key, reading, text[at]))
                .map(|reading| (reading, 0))
                .collect(),
        );
    }
    let weights = context::weights(alphabet, passage, text, at, number, u8::MAX);
    let cost = |reading: usize| {
        let stays = passage.mixed && is_form_of(key, reading, text[at]);
        let bonus = if stays {
            context::stay(alphabet, text, at)
        } else {
            0
        };
        -weights[reading] - bonus
    };
    Some(all.map(|reading| (reading, cost(reading))).collect())
}

/// The cost of the cheapest way from `at` to the end.
fn cheapest(alphabet: &Alphabet, passage: Passage, text: &[u32], at: usize, end: usize) -> i32 {
    if at == end {
        return 0;
    }
    let rest = |next: usize| cheapest(alphabet, passage, text, next, end);
    let key = alphabet.key(text[at]);
    let alone = match options(alphabet, passage, text, at) {
        None => alphabet.table.character(key),
        Some(options) => {
            let costs = alphabet
                .open(alphabet.number(key))
                .map_or([0; 4], |key| key.costs);
            let all = options
                .iter()
                .map(|&(reading, cost)| cost + i32::from(costs[reading]));
            all.min().unwrap_or(170)
        }
    };
    let mut best = alone + rest(at + 1);
    for next in at + 2..=end.min(at + 8) {
        let hash = text[at..next]
            .iter()
            .fold(EMPTY, |hash, &c| spread(hash, alphabet.key(c)));
        for value in readings().words(hash) {
            let mut said = value as u8;
            let mut cost = Some(i32::from(value >> 8));
            for place in at..next {
                if let Some(options) = options(alphabet, passage, text, place) {
                    let found = options
                        .iter()
                        .find(|&&(reading, _)| reading == usize::from(said & 3));
                    cost = cost.zip(found).map(|(cost, &(_, extra))| cost + extra);
                    said >>= 2;
                }
            }
            if let Some(cost) = cost {
                best = best.min(cost + rest(next));
            }
        }
    }
    best
}

proptest! {
    #[test]
    fn the_lattice_finds_the_cheapest_way(
        text in "[后後里裡发發髮干幹面麵只隻系係学生头公皇表制造度万千的了]{1,9}",
        mixed in any::<bool>(),
        cantonese in any::<bool>(),
    ) {
        let text = from_str(&text);
        let passage = Passage { mixed, cantonese };
        let alphabet = Alphabet::of(Region::Taiwan);
        let mut scratch = Scratch::new(alphabet, passage);
        let mut floor = 0;
        for at in 0..text.len() {
            if at < floor || alphabet.number(text[at]) == 0 {
                continue;
            }
            let end = scratch.weigh(&text, floor, at);
            prop_assert!(at < end && end - scratch.start() <= MOST);
            let want = cheapest(alphabet, passage, &text, scratch.start(), end);
            prop_assert_eq!(scratch.cost(), want);
            floor = end;
        }
    }
}
