//! From the best way back to runs of text.
//!
//! In: a lattice that has been walked. Out: its runs, with U+FFFD where a guess is in doubt, and the
//! places of those. Never a guess that all its rivals together outweigh.

use super::context::{self, Place};
use super::costs::{meant_cost, stand_cost};
use super::{Clean, GUESSED, GUESSED_UNMARKED, Lattice, MARK, NONE};
use crate::codec::expand;
use crate::repair::lattice::Run;
use crate::tables::likelihood;
use std::ops::Range;

/// The share of the likelihood that a guess must have: more than all its rivals together. At 0.55, two strings in a
/// hundred fewer come back whole, and two fewer are wrong without a word of it.
const SURE: f32 = 0.5;
/// The same of a character of which no byte is left: all that is known is which could be lost.
const SURE_OF_GONE: f32 = 0.9;
/// The same where more bytes are gone than are left, without a mark. Of strings that private use was stripped from,
/// 54, 59 and 63 in a hundred come back whole at 0.9, 0.7 and 0.5, and 13, 17 and 23 are wrong.
const SURE_OF_STRIPPED: f32 = 0.7;
/// Characters on either side that say something of a guess.
const DEPTH: usize = 2;

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
        let further = match place.start {
            0 => likelihood::START,
            1 => before,
            start => text[start - 2],
        };
        let (told, sure) = self.told(&way, [further, first], follows);
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
            sure: (sure * 100.0) as u8,
        }
    }

    /// The characters of a way, with U+FFFD for guesses that are in doubt, and how sure the least sure of the others is.
    fn told(&self, way: &[u32], first: [u32; 2], follows: u32) -> (Vec<u32>, f32) {
        let mut told: Vec<u32> = way
            .iter()
            .map(|node| self.nodes[*node as usize].character)
            .collect();
        let is_open: Vec<bool> = way
            .iter()
            .map(|node| &self.nodes[*node as usize])
            .map(|node| node.character != MARK && node.is_guess())
            .collect();
        let mut least_sure = 1.0_f32;
        let mut at = 0;
        while at < way.len() {
            if !is_open[at] {
                at += 1;
                continue;
            }
            let end = self.end_of_group(at, &told, &is_open);
            let mut places: Vec<Place> = (at..end)
                .map(|at| match is_open[at] {
                    true => {
                        let node = &self.nodes[way[at] as usize];
                        let other = node.other_pattern();
                        let other = other.map(|pattern| self.guesses.again(pattern));
                        Place::Open(self.guesses.again(node.pattern), other.unwrap_or_default())
                    }
                    false => Place::Known(told[at]),
                })
                .collect();
            let behind = told[end..].iter().copied().chain([follows]);
            let behind = behind.take_while(|&character| character != MARK);
            places.extend(behind.take(DEPTH).map(Place::Known));
            let before = |back: usize| match at.checked_sub(back) {
                Some(at) => told[at],
                None => first[2 + at - back],
            };
            let found = context::likeliest(&places, [before(2), before(1)]);
            let open = (at..end).filter(|at| is_open[*at]);
            for (at, (character, share)) in open.zip(found) {
                let node = &self.nodes[way[at] as usize];
                let least = match () {
                    () if node.is_gone() => SURE_OF_GONE,
                    () if self.is_stripped && node.is_mostly_gone() => SURE_OF_STRIPPED,
                    () => SURE,
                };
                told[at] = if share >= least { character } else { MARK };
                if share >= least {
                    least_sure = least_sure.min(share);
                }
            }
            at = end;
        }
        (told, least_sure)
    }

    /// Where guesses end that are so near each other that one may say something of another.
    fn end_of_group(&self, start: usize, told: &[u32], is_open: &[bool]) -> usize {
        let mut end = start + 1;
        let mut at = end;
        while at < told.len() && at - end <= DEPTH && told[at] != MARK {
            at += 1;
            if is_open[at - 1] {
                end = at;
            }
        }
        end
    }
}
