//! What one byte costs behind another, in encodings of one byte a character.
//!
//! In: an encoding and two bytes above 0x7F. Out: what the model says of their characters. Never other than
//! what it says: the answer is only kept.
//!
//! Of some forty candidates thirty are of one byte, and each must be read until it is out. The model's answer
//! lies in a table of a megabyte, two steps away; one that was asked before is a step away, in a table that is
//! laid out by bytes.

use crate::codec::{SINGLES, Single};
use crate::tables::likelihood;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU8, Ordering};

/// Pairs of bytes above 0x7F.
const CELLS: usize = 128 * 128;
/// Costs from here on do not fit, and are asked for each time.
const MUCH: u32 = 0xFF;

/// Tenths of a nat by pair of bytes, 0 where nobody has asked.
pub(super) struct Pairs {
    cells: Box<[AtomicU8]>,
}

impl Pairs {
    /// Those of an encoding, if it is one of the known ones.
    pub(super) fn of(single: &Single) -> Option<&'static Pairs> {
        static ALL: LazyLock<Vec<Pairs>> = LazyLock::new(|| {
            let pairs = |_| Pairs {
                cells: (0..CELLS).map(|_| AtomicU8::new(0)).collect(),
            };
            SINGLES.iter().map(pairs).collect()
        });
        // An encoding of somebody's own may have the name of a known one.
        let at = SINGLES
            .iter()
            .position(|known| std::ptr::eq(known, single))?;
        ALL.get(at)
    }

    /// What the second of two characters costs, that two bytes above 0x7F are.
    #[inline]
    pub(super) fn cost(&self, bytes: [u8; 2], characters: [u32; 2]) -> u32 {
        let [before, byte] = bytes.map(|byte| usize::from(byte & 0x7F));
        let cell = &self.cells[before << 7 | byte];
        match cell.load(Ordering::Relaxed) {
            0 => {
                let cost = likelihood::cost(characters[0], characters[1]);
                cell.store(cost.min(MUCH) as u8, Ordering::Relaxed);
                cost
            }
            known if u32::from(known) == MUCH => likelihood::cost(characters[0], characters[1]),
            known => u32::from(known),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_the_model_says_the_first_time_and_again() {
        for single in SINGLES.iter() {
            let pairs = Pairs::of(single).expect("it is a known one");
            let read = |byte| single.decode(byte).map(|character| (byte, character));
            let characters: Vec<(u8, u32)> = (0x80..=0xFF).filter_map(read).collect();
            for asked in 0..2 {
                for before in &characters {
                    for last in &characters {
                        assert_eq!(
                            pairs.cost([before.0, last.0], [before.1, last.1]),
                            likelihood::cost(before.1, last.1),
                            "{} {before:x?} {last:x?}, asked {asked} times before",
                            single.name,
                        );
                    }
                }
            }
        }
    }
}
