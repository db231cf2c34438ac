//! What bytes cost at the least in any encoding of one byte a character.
//!
//! In: bytes, a stride at a time. Out: a cost that none of these encodings goes below, so that all of them may be
//! out at once. Never: more than one of them costs.
//!
//! Thirty candidates are read until each is out; for 4 KB of GBK that took more than a third of the time. What the
//! cheapest of them pays for a pair of bytes is asked of the model once.

use super::trial::ERROR;
use crate::codec::SINGLES;
use crate::tables::likelihood;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU8, Ordering};

/// The least cost of each byte behind each other, in tenths of a nat and one more; 0 where nobody has asked.
static CELLS: LazyLock<Box<[AtomicU8]>> =
    LazyLock::new(|| (0..1 << 16).map(|_| AtomicU8::new(0)).collect());

/// How far bytes were read, and what they cost at the least.
pub(super) struct Least {
    at: usize,
    pub(super) cost: u64,
    /// Pairs of bytes that came before, by their hash: what comes again may cost nothing.
    seen: [u64; 16],
}

impl Least {
    /// Nothing is read; every one of them pays at least so much beforehand.
    pub(super) fn new(prior: u64) -> Least {
        Least {
            at: 0,
            cost: prior,
            seen: [0; 16],
        }
    }

    /// Read on.
    pub(super) fn advance(&mut self, data: &[u8], until: usize) {
        // The first byte has none before it, and is given away.
        for at in self.at.max(1)..until {
            let pair = u32::from(data[at - 1]) << 8 | u32::from(data[at]);
            let bit = pair.wrapping_mul(0x9E37_79B1) >> 22;
            let (word, bit) = (bit as usize >> 6, 1 << (bit & 63));
            if self.seen[word] & bit == 0 {
                self.seen[word] |= bit;
                self.cost += u64::from(least(data[at - 1], data[at]));
            }
        }
        self.at = until;
    }
}

/// What a byte costs behind another, in the encoding in which that is least.
#[inline]
fn least(before: u8, byte: u8) -> u32 {
    let cell = &CELLS[usize::from(before) << 8 | usize::from(byte)];
    match cell.load(Ordering::Relaxed) {
        0 => ask(before, byte, cell),
        known => u32::from(known - 1),
    }
}

#[cold]
fn ask(before: u8, byte: u8, cell: &AtomicU8) -> u32 {
    let costs = SINGLES.iter().map(|single| {
        // Behind a byte that could not be read stands what begins a line.
        let before = single.decode(before).unwrap_or(likelihood::START);
        let character = single.decode(byte);
        character.map_or(ERROR, |character| likelihood::cost(before, character))
    });
    let least = costs.min().unwrap_or(0).min(u32::from(u8::MAX) - 1);
    cell.store(least as u8 + 1, Ordering::Relaxed);
    least
}

#[cfg(test)]
mod tests {
    use super::super::singles::Pairs;
    use super::super::trial::Trial;
    use super::*;
    use crate::codec::StepEncoding;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        /// Bytes of all kinds, and such as come again and again.
        #[test]
        fn no_encoding_costs_less(
            data in prop_oneof![
                prop::collection::vec(any::<u8>(), 0..200),
                prop::collection::vec(0x80..=0xFF_u8, 0..200),
                prop::collection::vec(0x81..=0x84_u8, 0..200),
                prop::collection::vec(prop::sample::select(vec![0xAD_u8, 0xC1, 0xFF, 0x61]), 0..200),
            ],
            stride in 1..64_usize,
        ) {
            let mut least = Least::new(0);
            for until in (0..data.len()).step_by(stride).chain([data.len()]) {
                least.advance(&data, until);
                for single in SINGLES.iter() {
                    let mut trial = Trial::new(StepEncoding::Single(single), 0, Pairs::of(single));
                    trial.advance(&data, until, u64::MAX);
                    prop_assert!(least.cost <= trial.cost, "{}: {} {}", single.name, least.cost, trial.cost);
                }
            }
        }
    }
}
