//! The specification of the lattice as slow code: every way through an island, one after the other.

use super::alphabet::Alphabet;
use super::channel::{self, FLIP, NEVER, Place};
use super::island::{MOST, Scratch};
use super::{Passage, Region, Script};
use crate::tables::readings::{EMPTY, readings, spread};
use crate::text::from_str;
use proptest::prelude::*;

/// What the characters from `at` on cost when they are read as `readings` and written in `states`.
fn written(places: &[Place], at: usize, readings: &[usize], states: &[usize]) -> i32 {
    let mut cost = 0;
    for (k, (&reading, &state)) in readings.iter().zip(states).enumerate() {
        cost += places[at + k].costs[state][reading];
        if cost >= NEVER / 2 {
            return NEVER;
        }
    }
    cost
}

/// The states that a passage of a script may be in.
fn states(script: Script) -> &'static [usize] {
    match script {
        Script::Simplified => &[0],
        Script::Traditional => &[1],
        Script::Mixed => &[0, 1],
    }
}

/// Every way to go through so many states.
fn ways(script: Script, length: usize) -> Vec<Vec<usize>> {
    (0..length).fold(vec![Vec::new()], |ways, _| {
        let next = |way: Vec<usize>| {
            states(script)
                .iter()
                .map(move |&state| [&way[..], &[state]].concat())
        };
        ways.into_iter().flat_map(next).collect()
    })
}

fn flips(before: Option<usize>, states: &[usize]) -> i32 {
    let all: Vec<usize> = before.into_iter().chain(states.iter().copied()).collect();
    FLIP * all.windows(2).filter(|pair| pair[0] != pair[1]).count() as i32
}

struct Island<'a> {
    alphabet: &'static Alphabet,
    script: Script,
    text: &'a [u32],
    start: usize,
    places: Vec<Place>,
}

impl Island<'_> {
    /// The cheapest way from `at` to the end, behind a character in a state.
    fn cheapest(&self, at: usize, before: Option<usize>) -> i32 {
        if at == self.places.len() {
            let behind = channel::edge(self.text[self.start + at..].iter());
            return match (before, self.script) {
                (Some(state), Script::Mixed) => behind[state],
                _ => 0,
            };
        }
        let place = &self.places[at];
        let mut best = NEVER;
        for &state in states(self.script) {
            let (mut cost, _) = place.alone(state);
            if place.key.is_none() {
                cost += self.alphabet.table.character(place.code);
            } else if cost >= NEVER / 2 && (self.script != Script::Mixed || place.is_other) {
                cost = 170;
            }
            if cost < NEVER / 2 {
                let flipped = flips(before, &[state]);
                best = best.min(cost + flipped + self.cheapest(at + 1, Some(state)));
            }
        }
        for next in at + 2..=self.places.len().min(at + 8) {
            let codes = self.places[at..next].iter().map(|place| place.code);
            for value in readings().words(codes.fold(EMPTY, spread)) {
                let mut said = value as u8;
                let read: Vec<usize> = self.places[at..next]
                    .iter()
                    .map(|place| {
                        let reading = if place.key.is_some() { said & 3 } else { 0 };
                        said >>= if place.key.is_some() { 2 } else { 0 };
                        usize::from(reading)
                    })
                    .collect();
                for way in ways(self.script, next - at) {
                    let cost = written(&self.places, at, &read, &way);
                    if cost < NEVER / 2 {
                        let word = i32::from(value >> 8) + cost + flips(before, &way);
                        best = best.min(word + self.cheapest(next, way.last().copied()));
                    }
                }
            }
        }
        best
    }
}

proptest! {
    #[test]
    fn the_lattice_finds_the_cheapest_way(
        text in "[后後里裡发發髮干幹面麵只隻系係学生头公皇表制造度万千的了]{1,7}",
        script in prop::sample::select(&[Script::Simplified, Script::Traditional, Script::Mixed][..]),
        cantonese in any::<bool>(),
    ) {
        let text = from_str(&text);
        let passage = Passage { script, cantonese };
        let alphabet = Alphabet::of(Region::Taiwan);
        let mut scratch = Scratch::new(alphabet, passage);
        let mut floor = 0;
        for at in 0..text.len() {
            if at < floor || alphabet.number(text[at]) == 0 {
                continue;
            }
            let end = scratch.weigh(&text, floor, at);
            prop_assert!(at < end && scratch.last() - scratch.start() <= MOST);
            let start = scratch.start();
            let places = (start..scratch.last()).map(|at| Place::of(alphabet, passage, &text, at)).collect();
            let island = Island { alphabet, script, text: &text, start, places };
            let before = channel::edge(text[..start].iter().rev());
            let want = match script {
                // The state before the island is free, at its price.
                Script::Mixed => (0..2).map(|state| before[state] + island.cheapest(0, Some(state))).min(),
                _ => Some(island.cheapest(0, None)),
            };
            prop_assert_eq!(Some(scratch.cost()), want);
            floor = end;
        }
    }
}
