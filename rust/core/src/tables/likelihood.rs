//! How likely a character is behind another, for weighing one reading of bytes against another.
//!
//! In: code points. Out: nats, negative; the sum over a text is its log-likelihood under one model
//! of Chinese in both scripts and of the languages that Chinese bytes are mistaken for. Two
//! readings of the same bytes compare by their sums. Never fails: what no source has costs the
//! floor of its block. `data/FORMAT.md` documents the bytes, `data/likelihood.py` makes them.

use crate::tables::embed;
use crate::text::CodeUnit;

static TABLE: &[u8] = embed!("likelihood.bin");

const HEAD: usize = 64;
const PLANES: usize = 16;
const COSTS: usize = HEAD;
const STEPS: usize = COSTS + 0x1_0000;
const CLASSES: usize = STEPS + 0x1_0000;
const COMPANY: usize = CLASSES + 0x1_0000;
const CLASS_COUNT: usize = 32;
const SLOTS: usize = COMPANY + CLASS_COUNT * CLASS_COUNT;
const SLOT_BITS: u32 = 18;
const HASH: u32 = 0x9E37_79B1;
const NATS: f32 = 0.1;

/// What stands before the first character of a text or line.
pub const START: u32 = 0x0A;

// The size is part of the format: a table of another size does not compile.
const _: () = assert!(TABLE_LENGTH == SLOTS + (4 << SLOT_BITS));
const TABLE_LENGTH: usize = include_bytes!("likelihood.bin").len();

/// Tenths of a nat that `code_point` costs behind `before`: the table's own unit, exact to add.
#[inline]
pub fn cost(before: u32, code_point: u32) -> u32 {
    if (before | code_point) > 0xFFFF {
        return far_cost(before, code_point);
    }
    let hashed = (before << 16 | code_point).wrapping_mul(HASH);
    let slots: &[u32] = bytemuck::cast_slice(&TABLE[SLOTS..]);
    let mut at = (hashed >> (32 - SLOT_BITS)) as usize;
    loop {
        // A quarter of the slots is empty, so a probe ends. Home and key overlap in 10 bits: equal
        // keys from different homes lie 512 slots apart, further than any probe goes.
        let slot = slots[at & ((1 << SLOT_BITS) - 1)];
        if slot == 0 {
            return unpaired(before, code_point);
        }
        if slot >> 8 == hashed & 0x00FF_FFFF {
            return slot & 0xFF;
        }
        at += 1;
    }
}

/// Pairs whose first slots are asked for before any is read.
const AT_ONCE: usize = 32;

/// What every character of a text costs behind the one before it, written behind what is in `costs`. `before`
/// answers what stands before the character at a place.
///
/// The table is a megabyte, and a text all over it: one after the other, half of the time went into waiting.
pub fn costs(text: &[u32], before: impl Fn(usize) -> u32, costs: &mut Vec<u32>) {
    let slots: &[u32] = bytemuck::cast_slice(&TABLE[SLOTS..]);
    let (mut hashes, mut firsts) = ([0; AT_ONCE], [0; AT_ONCE]);
    let mut start = 0;
    for chunk in text.chunks(AT_ONCE) {
        for (at, &code_point) in chunk.iter().enumerate() {
            hashes[at] = (before(start + at) << 16 | code_point).wrapping_mul(HASH);
            firsts[at] = slots[(hashes[at] >> (32 - SLOT_BITS)) as usize];
        }
        costs.extend(chunk.iter().enumerate().map(|(at, &code_point)| {
            let before = before(start + at);
            // Most pairs stand where they should, or nowhere.
            match firsts[at] {
                _ if (before | code_point) > 0xFFFF => far_cost(before, code_point),
                0 => unpaired(before, code_point),
                slot if slot >> 8 == hashes[at] & 0x00FF_FFFF => slot & 0xFF,
                _ => cost(before, code_point),
            }
        }));
        start += chunk.len();
    }
}

/// Ask for the place where a pair's cost would stand, without waiting for it.
#[inline]
pub fn touch(before: u32, code_point: u32) -> u32 {
    let hashed = (before << 16 | code_point).wrapping_mul(HASH);
    let slots: &[u32] = bytemuck::cast_slice(&TABLE[SLOTS..]);
    slots[(hashed >> (32 - SLOT_BITS)) as usize]
}

/// The cost where no pair is known: by what the classes of the two do in each other's company.
#[inline]
fn unpaired(before: u32, code_point: u32) -> u32 {
    let class = |code_point: u32| TABLE[CLASSES + code_point as usize] as usize;
    let company = TABLE[COMPANY + class(before) * CLASS_COUNT + class(code_point)].cast_signed();
    let apart = alone(code_point) + u32::from(TABLE[STEPS + before as usize]);
    apart.saturating_add_signed(i32::from(company)).max(1)
}

/// Tenths of a nat that a code point costs, whatever stands before it.
#[inline]
pub fn alone(code_point: u32) -> u32 {
    match TABLE.get(COSTS + code_point as usize) {
        Some(&cost) if code_point <= 0xFFFF => u32::from(cost),
        _ => u32::from(TABLE[PLANES + (code_point >> 16).min(16) as usize]),
    }
}

#[cold]
fn far_cost(before: u32, code_point: u32) -> u32 {
    // No company is known for the planes beyond: as behind, so before.
    match (before, code_point) {
        (0..=0xFFFF, _) => alone(code_point) + u32::from(TABLE[STEPS + before as usize]),
        _ => alone(code_point),
    }
}

/// Log-likelihood of a code point behind another, in nats.
#[inline]
pub fn of(before: u32, code_point: u32) -> f32 {
    -(cost(before, code_point) as f32) * NATS
}

/// Tenths of a nat that a text costs, from its first character to its last.
pub fn text_cost<T: CodeUnit>(text: &[T]) -> u64 {
    let mut before = START;
    let mut sum = 0;
    for unit in text {
        sum += u64::from(cost(before, unit.wide()));
        before = unit.wide();
    }
    sum
}

/// What code points cost behind another, one after the other; and the last of them.
#[inline(always)]
pub fn run_cost(before: u32, run: &[u32]) -> (u32, u32) {
    run.iter().fold((0, before), |(sum, before), &one| {
        (sum + cost(before, one), one)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::from_str;
    use proptest::prelude::*;

    proptest! {
        /// Several at once cost what they cost one by one.
        #[test]
        fn costs_are_those_of_pairs(text in "[一-龥a-z，。é😀\\n]{0,80}") {
            let text = from_str(&text);
            let before = |at: usize| at.checked_sub(1).map_or(START, |last| text[last]);
            let mut all = Vec::new();
            costs(&text, before, &mut all);
            let one_by_one: Vec<u32> = (0..text.len()).map(|at| cost(before(at), text[at])).collect();
            prop_assert_eq!(all, one_by_one);
        }
    }

    #[test]
    fn the_table_says_what_the_code_expects() {
        assert_eq!(&TABLE[..4], b"HFLM");
        assert_eq!(TABLE[4..12], [1, 0, 0, 0, SLOT_BITS as u8, 0, 0, 0]);
    }

    #[test]
    fn words_cost_less_than_their_characters_apart() {
        for word in ["中国", "中國", "電腦", "软件", "唔係", "です", "ется"] {
            let text = from_str(word);
            let apart: u32 = text.iter().map(|c| alone(*c)).sum();
            assert!(text_cost(&text) < u64::from(apart), "{word}");
        }
    }

    #[test]
    fn every_code_point_has_a_cost() {
        for code_point in [
            0,
            0xD800,
            0xE000,
            0xFFFF,
            0x1_F600,
            0x2_0000,
            0x10_FFFF,
            u32::MAX,
        ] {
            assert!(cost(START, code_point) > 50);
            assert!(cost(code_point, 0x4E2D) > 20);
        }
    }

    /// Every key of the table is found at its cost, and no probe comes near 512 slots.
    #[test]
    fn probes_are_short() {
        let slots: &[u32] = bytemuck::cast_slice(&TABLE[SLOTS..]);
        let runs = slots.split(|slot| *slot == 0).map(<[u32]>::len);
        assert!(runs.max().unwrap() < 256);
    }
}
