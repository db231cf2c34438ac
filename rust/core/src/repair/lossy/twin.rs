//! The lattice's specification, as slow code: every way that one mark could be filled.
//!
//! In: a text of which all is one run, with one U+FFFD in it. Out: what the cheapest filling costs.
//! Nothing clever: each filling is read from its first byte to its last.

use super::costs::{behind, guessed};
use super::guess::is_known;
use super::{MARK, REPLACED};
use crate::codec::{Step, StepEncoding, gbk, gbk_table};
use crate::repair::lattice::UTF8_PROOF;
use crate::tables::likelihood;

/// Tenths of a nat that two bytes under one mark cost more than one.
const SECOND: u32 = 10;

/// The bytes before the mark and behind it.
fn around(text: &[u32]) -> Option<(Vec<u8>, Vec<u8>)> {
    let at = text.iter().position(|&character| character == MARK)?;
    let bytes = |part: &[u32]| {
        let each = part.iter().map(|&character| gbk::encode(character));
        let whole: Option<Vec<_>> = each.collect();
        whole.map(|whole| whole.iter().flat_map(|bytes| bytes.to_vec()).collect())
    };
    Some((bytes(&text[..at])?, bytes(&text[at + 1..])?))
}

/// What a filling costs, if all of it is UTF-8 and no guess is what nobody writes.
fn cost(before: &[u8], filling: &[u8], after: &[u8]) -> Option<u32> {
    let whole = [before, filling, after].concat();
    let filled = before.len()..before.len() + filling.len();
    let (mut at, mut cost, mut last) = (0, 0, likelihood::START);
    while at < whole.len() {
        let Step::Character(character, length) = StepEncoding::Utf8.step(&whole[at..]) else {
            return None;
        };
        let unknown = (at..at + length)
            .filter(|byte| filled.contains(byte))
            .count();
        let one = behind(last, character);
        cost += match unknown {
            0 if length > 1 => one.saturating_sub(UTF8_PROOF),
            0 => one,
            _ if unknown == length || !is_known(character) => return None,
            _ => guessed(last, character),
        };
        last = character;
        at += length;
    }
    Some(cost)
}

/// The cheapest of the fillings by one byte that GBK has no character for, as it stands there.
pub(super) fn by_one_byte(text: &[u32]) -> Option<u32> {
    let (before, after) = around(text)?;
    let is_lost = |byte: &u8| match after.first() {
        Some(&next @ 0x40..) => {
            let read = gbk_table().decode(*byte, next);
            read.is_none_or(|character| (0xE000..=0xF8FF).contains(&character))
        }
        _ => true,
    };
    let bytes = (0x80..=0xFF).filter(is_lost);
    let costs = bytes.filter_map(|byte| cost(&before, &[byte], &after));
    costs.min().map(|cost| cost + REPLACED)
}

/// The cheapest of the fillings by any byte or two.
pub(super) fn by_any_bytes(text: &[u32]) -> Option<u32> {
    let (before, after) = around(text)?;
    let any = 0x80..=0xFF_u8;
    let one = any
        .clone()
        .filter_map(|byte| cost(&before, &[byte], &after));
    let two = any
        .clone()
        .flat_map(|first| any.clone().map(move |second| [first, second]));
    let two = two.filter_map(|pair| Some(cost(&before, &pair, &after)? + SECOND));
    one.chain(two).min().map(|cost| cost + REPLACED)
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use super::*;
    use crate::repair::chains::{Chain, Wrong};
    use crate::text::from_str;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        /// No filling by one byte is cheaper than what the lattice finds, and what it finds is no
        /// cheaper than some filling.
        #[test]
        fn the_lattice_finds_the_cheapest_filling(meant in "[我们你他的是在有不了人大中国学习时间工作今天明可以]{3,8}") {
            let (garbled, _) = encoding_rs::GBK.decode_without_bom_handling(meant.as_bytes());
            let text = from_str(&garbled);
            prop_assume!(text.iter().filter(|character| **character == MARK).count() == 1);
            let chain = Chain { wrong: Wrong::Gbk, right: StepEncoding::Utf8 };
            let encoded = Encoded::new(&text, chain.wrong);
            let told = scripts::Counts::default();
            let mut lattice = Lattice::new(&text, chain, &[], &told);
            let clean = lattice.walk(&text, likelihood::START, &encoded, &[]);
            let end = clean[text.len()];
            prop_assume!(end.node != NONE && end.entry == 0);
            let found = end.cost - ENTRY;
            if let Some(cost) = by_one_byte(&text) {
                prop_assert!(found <= cost, "{garbled}: {found} > {cost}");
            }
            let lowest = by_any_bytes(&text).unwrap_or(0);
            prop_assert!(found >= lowest.min(LAST_RESORT), "{garbled}: {found} < {lowest}");
        }
    }
}
