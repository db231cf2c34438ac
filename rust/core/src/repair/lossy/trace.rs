//! From the best way back to runs of text.
//!
//! In: a lattice that has been walked. Out: its runs, with U+FFFD where a guess is in doubt, and the
//! places of those. Never a guess that all its rivals together outweigh.

use super::guess::{self, Guess};
use super::{Clean, GUESSED, GUESSED_UNMARKED, Lattice, MARK, NONE, meant_cost, stand_cost};
use crate::codec::expand;
use crate::repair::lattice::Run;
use std::ops::Range;

impl Lattice {
    /// The runs on the best way, from its end back.
    pub(super) fn trace(
        &mut self,
        text: &[u32],
        before: u32,
        clean: &[Clean],
        is_stripped: bool,
    ) -> Vec<Run> {
        let mut runs = Vec::new();
        let mut at = text.len();
        while at > 0 {
            if clean[at].node == NONE {
                at -= 1;
                continue;
            }
            let start = clean[at].entry as usize;
            runs.push(self.run(text, before, start..at, clean[at].node, is_stripped));
            at = start;
        }
        runs.reverse();
        runs
    }

    fn run(
        &mut self,
        text: &[u32],
        before: u32,
        place: Range<usize>,
        node: u32,
        is_stripped: bool,
    ) -> Run {
        let mut way = Vec::new();
        let mut next = node;
        while next != NONE {
            way.push(next);
            next = self.nodes[next as usize].before;
        }
        way.reverse();
        let first = place.start.checked_sub(1).map_or(before, |last| text[last]);
        // Texts end anywhere: that one does says nothing of its last character.
        let follows = text.get(place.end).copied().unwrap_or(MARK);
        let guessed = way
            .iter()
            .filter(|node| self.nodes[**node as usize].is_guess())
            .count() as i64;
        let told = self.told(&way, first, follows);
        let mut meant: Vec<u32> = Vec::with_capacity(way.len());
        let mut lost: Vec<Range<usize>> = Vec::new();
        for (&node, &character) in way.iter().zip(&told) {
            if character == MARK {
                let node = &self.nodes[node as usize];
                let end = (node.ended as usize + 1).min(place.end);
                let range = (node.begun as usize).min(end - 1)..end;
                match lost.last_mut() {
                    Some(other) if other.end >= range.start => other.end = range.end,
                    _ => lost.push(range),
                }
            }
            let (both, count) = expand(character);
            meant.extend_from_slice(&both[..count]);
        }
        let price = if is_stripped {
            GUESSED_UNMARKED
        } else {
            GUESSED
        };
        let gain =
            stand_cost(first, &text[place.clone()]) - meant_cost(first, &meant) - guessed * price;
        Run {
            start: place.start,
            end: place.end,
            text: meant,
            gain,
            lost,
            guessed: guessed as usize,
        }
    }

    /// The characters of a way, with U+FFFD for guesses that are in doubt.
    fn told(&self, way: &[u32], first: u32, follows: u32) -> Vec<u32> {
        let mut told: Vec<u32> = way
            .iter()
            .map(|node| self.nodes[*node as usize].character)
            .collect();
        let mut at = 0;
        while at < way.len() {
            let is_open = |at: usize| told[at] != MARK && self.nodes[way[at] as usize].is_guess();
            if !is_open(at) {
                at += 1;
                continue;
            }
            let end = (at..way.len())
                .find(|&at| !is_open(at))
                .unwrap_or(way.len());
            let guesses: Vec<Guess> = (at..end)
                .map(|at| Guess {
                    character: told[at],
                    possible: self.guesses.again(self.nodes[way[at] as usize].pattern),
                })
                .collect();
            let last = at.checked_sub(1).map_or(first, |last| told[last]);
            let next = told.get(end).copied().unwrap_or(follows);
            let sure = guess::are_sure(&guesses, last, next);
            for (number, is_sure) in sure.into_iter().enumerate() {
                if !is_sure {
                    told[at + number] = MARK;
                }
            }
            at = end;
        }
        told
    }
}
