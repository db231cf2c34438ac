//! How sure a decision is, and what else might have been meant.
//!
//! Comes in: a passage, as [`super::run`] takes it. Goes out: every place that was weighed, with what is written there,
//! the share of the likelihood that it has, and the other readings with theirs. Never: another decision than `run`
//! takes; a place that a table alone decides.
//!
//! A reading's cost is that of the cheapest way through its island that leads through it. Costs are tenths of a nat, so
//! shares follow (`exp`), as for guesses of lost bytes.

use super::channel::{self, NEVER};
use super::island::Scratch;
use super::{Passage, Reader, Region};
use crate::text::CodeUnit;

/// A place that was weighed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// Where it is.
    pub at: usize,
    /// What is written there.
    pub written: u32,
    /// The share of what is written among all readings, in thousandths.
    pub confidence: u16,
    /// What else may stand there, the likeliest first.
    pub alternatives: Vec<u32>,
}

/// A reading of which the share is less than this is no alternative.
const LEAST: f64 = 0.005;
/// Tenths of a nat.
const PER_NAT: f64 = 10.0;

/// The weighed places of a passage, in order.
pub fn doubts<T: CodeUnit>(region: Region, passage: Passage, text: &[T]) -> Vec<Doubt> {
    let mut reader = Reader::new(region, passage, text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        if !reader.is_open(at) && !channel::is_suspect(reader.alphabet, text, at) {
            at += 1;
            continue;
        }
        reader.weigh(at);
        let end = reader.floor;
        reader.scratch().doubts(text, at..end, &mut found);
        at = end.max(at + 1);
    }
    found
}

impl Scratch {
    /// The open places of the last island.
    fn doubts<T: CodeUnit>(
        &mut self,
        text: &[T],
        range: std::ops::Range<usize>,
        found: &mut Vec<Doubt>,
    ) {
        let (least, decided) = (self.cost(), self.decided);
        for at in range {
            let Some(written) = self.decision(at) else {
                continue;
            };
            let index = at - self.start();
            let Some(key) = self.places[index].key else {
                continue;
            };
            let mut others: Vec<(i32, u32)> = Vec::new();
            for reading in 0..key.count {
                let own = self.places[index].own;
                let character = self.alphabet.written(key, usize::from(reading), own);
                if reading == decided[index] || character == written {
                    continue;
                }
                if let Some(cost) = self.cost_with(text, index, reading) {
                    others.push((cost - least, character));
                }
            }
            self.decided = decided;
            others.sort_unstable();
            let share = |more: i32| (-f64::from(more) / PER_NAT).exp();
            let all = 1.0 + others.iter().map(|(more, _)| share(*more)).sum::<f64>();
            others.retain(|(more, _)| share(*more) / all >= LEAST);
            found.push(Doubt {
                at,
                written,
                confidence: (1000.0 / all).round() as u16,
                alternatives: others.into_iter().map(|(_, character)| character).collect(),
            });
        }
    }

    /// What the cheapest way costs that reads a place of the island so; `None` if none does.
    pub(super) fn cost_with<T: CodeUnit>(
        &mut self,
        text: &[T],
        index: usize,
        reading: u8,
    ) -> Option<i32> {
        let costs = self.places[index].costs;
        for state in &mut self.places[index].costs {
            for (other, cost) in state.iter_mut().enumerate() {
                if other != usize::from(reading) {
                    *cost = NEVER;
                }
            }
        }
        self.solve(text);
        self.places[index].costs = costs;
        (self.cost() < NEVER && self.decided[index] == reading).then(|| self.cost())
    }
}
