//! Evidence of glosses, pooled over the texts of a corpus.
//!
//! In: texts, one after the other. Out: which characters the corpus glosses wherever they stand, and whether it
//! doubles readings. Never: memory that grows with the texts; a character that is as often bare as glossed, so
//! lessons and dictionaries among other texts give no evidence against each other.
//!
//! A headline has one gloss, and one gloss is no evidence ([`evidence`](super::evidence)); a thousand headlines
//! of one mirror are. Mirrors gloss a character at each of its occurrences (43 of 43 on 171 real excerpts).

use super::doubled;
use super::evidence::struck;
use super::token::{self, Token};
use crate::clean::scan;
use crate::edit::Kind;
use crate::tables::characters::is_common_traditional;
use crate::text::CodeUnit;
use std::sync::LazyLock;

/// What a corpus has shown of its glosses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Pooled {
    /// Characters that it glosses wherever they stand, in order.
    pub glossed: Vec<u32>,
    /// It has readings without tones, doubled.
    pub doubled: bool,
}

impl Pooled {
    /// Whether the corpus glosses a character.
    pub(super) fn has(&self, character: u32) -> bool {
        self.glossed.binary_search(&character).is_ok()
    }
}

/// What is counted of a corpus.
#[derive(Clone, Debug)]
pub struct Pool {
    /// For each common Traditional character, how often it stands glossed, and how often at all.
    counts: Vec<[u64; 2]>,
    /// Glosses with a tone of Chinese characters, and those of characters that no mirror glosses.
    all: u64,
    others: u64,
    doubled: doubled::Counts,
}

/// The common Traditional characters, in order.
static COMMON: LazyLock<Vec<u32>> = LazyLock::new(|| {
    (0..0x1_0000)
        .filter(|&c| is_common_traditional(c))
        .collect()
});
/// The place of each of them among those, counted from 1.
static NUMBERS: LazyLock<Box<[u16]>> = LazyLock::new(|| {
    let mut numbers = vec![0; 0x1_0000];
    for (number, &character) in (1..).zip(COMMON.iter()) {
        numbers[character as usize] = number;
    }
    numbers.into()
});

fn number(character: u32) -> Option<usize> {
    let number = *NUMBERS.get(character as usize)?;
    usize::from(number).checked_sub(1)
}

impl Default for Pool {
    fn default() -> Pool {
        Pool {
            counts: vec![[0; 2]; COMMON.len()],
            all: 0,
            others: 0,
            doubled: doubled::Counts::default(),
        }
    }
}

impl Pool {
    /// Count a text.
    pub fn add<T: CodeUnit>(&mut self, text: &[T]) {
        for unit in text {
            if let Some(number) = number(unit.wide()) {
                self.counts[number][1] += 1;
            }
        }
        let tokens: Vec<Token> = token::tokens(
            text,
            scan::scan(text).places_of(text, Kind::Gloss, token::is_end),
        );
        if tokens.is_empty() {
            return;
        }
        let struck = struck(text, &tokens);
        for (character, count) in &struck.characters {
            if let Some(number) = number(*character) {
                self.counts[number][0] += *count as u64;
            }
        }
        self.all += struck.all as u64;
        self.others += struck.others as u64;
        self.doubled.add(doubled::Counts::of(text, &tokens));
    }

    /// Put what was counted elsewhere to this.
    pub fn join(&mut self, other: &Pool) {
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            mine[0] += theirs[0];
            mine[1] += theirs[1];
        }
        self.all += other.all;
        self.others += other.others;
        self.doubled.add(other.doubled);
    }

    /// What the texts so far show.
    pub fn pooled(&self) -> Pooled {
        let glossed: Vec<u32> = COMMON
            .iter()
            .zip(&self.counts)
            .filter(|(_, [struck, total])| *struck > 0 && struck * 2 >= *total)
            .map(|(character, _)| *character)
            .collect();
        let is_damage = glossed.len() >= 2 && self.others * 5 <= self.all;
        Pooled {
            glossed: if is_damage { glossed } else { Vec::new() },
            doubled: self.doubled.are_damage(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::from_str;
    use proptest::prelude::*;

    fn pooled(texts: &[&str]) -> Pooled {
        let mut pool = Pool::default();
        for text in texts {
            pool.add(&from_str(text));
        }
        pool.pooled()
    }

    fn glossed(texts: &[&str]) -> String {
        let found = pooled(texts).glossed;
        found.into_iter().filter_map(char::from_u32).collect()
    }

    #[test]
    fn what_is_glossed_wherever_it_stands_is_found() {
        assert_eq!(
            glossed(&["城市的發(fā)展", "穩步推進(jìn)", "經濟發(fā)達"]),
            "發進"
        );
        assert_eq!(
            glossed(&["城市的發(fā)展", "山上的發財樹", "白髮和發條"]),
            ""
        );
        // One character alone is none of a mirror's.
        assert_eq!(glossed(&["城市的發(fā)展", "發(fā)達"]), "");
        // A lesson glosses what no mirror does.
        assert_eq!(
            glossed(&["城市的發(fā)展", "推進(jìn)", "山(shān)上的人(rén)"]),
            ""
        );
        assert!(pooled(&["系(xi)(xi)列", "傳統(tong)(tong)文化"]).doubled);
        assert!(!pooled(&["系(xi)(xi)列", "f(x)(x)", "g(y)(y)"]).doubled);
    }

    proptest! {
        /// It does not matter who counts what.
        #[test]
        fn counts_can_be_joined(texts in prop::collection::vec("[發進城市]{0,3}(\\(fā\\)|\\(jìn\\))?[發進]?", 0..6), at in 0..6_usize) {
            let at = at.min(texts.len());
            let mut all = Pool::default();
            let (mut one, mut other) = (Pool::default(), Pool::default());
            for (number, text) in texts.iter().enumerate() {
                all.add(&from_str(text));
                if number < at { &mut one } else { &mut other }.add(&from_str(text));
            }
            one.join(&other);
            prop_assert_eq!(one.pooled(), all.pooled());
        }
    }
}
