//! What open characters may be read as, and what speaks for each reading: made by `data/readings.py`.
//!
//! Comes in: key codes. Goes out: words, costs and weights, read where they lie. Never: an index that
//! was not checked against the table's size.

use bytemuck::{Pod, Zeroable};
use std::sync::OnceLock;

static TABLE: &[u8] = embed!("readings.bin");

/// A character that Traditional text writes in more than one way, and the ways.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct Key {
    /// Its Simplified form, which stands for all of them.
    pub code: u16,
    /// How many readings it has, 2 to 4.
    pub count: u8,
    /// Which templates of context it has weights of: a bit each, bit 7 for the Cantonese layer.
    pub contexts: u8,
    /// Cost of each reading as a word of its own, in tenths of a nat.
    pub costs: [u8; 4],
    /// The readings as Taiwan writes them.
    pub taiwan: [u16; 4],
    /// As OpenCC's own standard has them.
    pub standard: [u16; 4],
    /// As Hong Kong writes them.
    pub hong_kong: [u16; 4],
}

/// Hashes in order, and where each beginning of a hash starts.
#[derive(Clone, Debug)]
struct Hashes {
    index: &'static [u32],
    hashes: &'static [u32],
    shift: u32,
    /// A bit for each beginning of a hash that occurs, eight times as many as there are hashes: most of
    /// what is asked for is not there.
    filter: Box<[u64]>,
    filter_shift: u32,
}

/// Hashes looked at in one go; four stand behind one place of the index, on average.
const AT_ONCE: usize = 8;

impl Hashes {
    fn new(index: &'static [u32], hashes: &'static [u32]) -> Hashes {
        let bits = index.len().saturating_sub(1).max(2).ilog2();
        let filter_bits = (8 * hashes.len()).max(64).ilog2() + 1;
        let filter_shift = 32 - filter_bits;
        let mut filter = vec![0_u64; 1 << (filter_bits - 6)];
        for hash in hashes {
            let bit = hash >> filter_shift;
            filter[(bit >> 6) as usize] |= 1 << (bit & 63);
        }
        Hashes {
            index,
            hashes,
            shift: 32 - bits,
            filter: filter.into(),
            filter_shift,
        }
    }

    /// Whether a hash may occur.
    #[inline(always)]
    fn may_have(&self, hash: u32) -> bool {
        let bit = hash >> self.filter_shift;
        let word = self.filter.get((bit >> 6) as usize).copied().unwrap_or(0);
        word >> (bit & 63) & 1 != 0
    }

    /// The first entry with a hash.
    #[inline(always)]
    fn find(&self, hash: u32) -> Option<usize> {
        if !self.may_have(hash) {
            return None;
        }
        let from = *self.index.get((hash >> self.shift) as usize)? as usize;
        // Counted without a branch: all hashes are in order, beyond the end of the beginning too.
        let at = match self.hashes.get(from..).and_then(<[u32]>::first_chunk) {
            Some(near) => less::<AT_ONCE>(near, hash),
            None => AT_ONCE,
        };
        let at = match at {
            AT_ONCE => {
                from + self
                    .hashes
                    .get(from..)?
                    .partition_point(|&entry| entry < hash)
            }
            at => from + at,
        };
        (*self.hashes.get(at)? == hash).then_some(at)
    }
}

/// How many of some hashes are less than another.
#[inline(always)]
fn less<const MANY: usize>(hashes: &[u32; MANY], hash: u32) -> usize {
    let count = |count, &entry: &u32| count + u32::from(entry < hash);
    hashes.iter().fold(0, count) as usize
}

/// Characters side by side in a word, and which of them is asked for.
#[derive(Clone, Copy, Debug)]
#[repr(u32)]
pub enum Neighbours {
    /// Two, the first.
    FirstOfTwo = 0,
    /// Two, the second.
    SecondOfTwo = 1,
    /// The whole word, its first.
    FirstOfWord = 2,
    /// The whole word, its second.
    SecondOfWord = 3,
    /// Three, the first.
    FirstOfThree = 4,
    /// Three, the second.
    SecondOfThree = 5,
    /// Three, the third.
    ThirdOfThree = 6,
}

/// The table's parts.
#[derive(Debug)]
pub struct Readings {
    /// Open keys, by code.
    pub keys: &'static [Key],
    /// Character and its key, where they differ.
    pub folds: &'static [[u16; 2]],
    /// Character and what becomes of it, for characters that are not open: in OpenCC's standard, for
    /// Taiwan, for Hong Kong.
    pub direct: [&'static [[u32; 2]]; 3],
    characters: &'static [u8],
    words: Hashes,
    values: &'static [u16],
    pairs: &'static [u8],
    contexts: Hashes,
    weights: &'static [[i8; 4]],
    wrong: &'static [u8],
    /// Keys that names are made of, and how strongly each speaks for a transliteration (bits 0 and 1) and for a given
    /// name (bits 2 and 3).
    pub names: &'static [[u16; 2]],
    /// Characters that only Cantonese has.
    cantonese: &'static [u32],
    /// What each key is read as by itself: as a rule; and where no context can turn that, or [`NO_READING`],
    /// by the weights of all text, with those of Hong Kong, and with those of Cantonese.
    pub alone: &'static [[u8; 4]],
    turns: &'static [u8],
    insides: &'static [u8],
}

/// The cost of a character that no list has as a word, in tenths of a nat.
pub const UNSEEN: u8 = 150;
/// Words have at most this many characters.
pub const LONGEST: usize = 8;
/// And those without open characters at most this many.
pub const LONGEST_PLAIN: usize = 4;
const FIRST: u32 = 0x4E00;
/// What stands for a character that is no reading of its key.
pub const NO_READING: u32 = 4;
/// There are 2^18 sets of lengths.
const PAIR_SHIFT: u32 = 14;
/// The filter of wrong words has 2^20 bits.
const WRONG_SHIFT: u32 = 12;
/// The filter of words that read a key otherwise than the rule has 2^19 bits.
const TURNS_SHIFT: u32 = 13;
/// So has that of what stands side by side in words.
const INSIDES_SHIFT: u32 = 13;

/// The table, its parts found once.
pub fn readings() -> &'static Readings {
    static READINGS: OnceLock<Readings> = OnceLock::new();
    READINGS.get_or_init(|| Readings {
        keys: section(0),
        folds: section(1),
        direct: [section(2), section(3), section(4)],
        characters: section(5),
        words: Hashes::new(section(6), section(7)),
        values: section(8),
        pairs: section(9),
        contexts: Hashes::new(section(10), section(11)),
        weights: section(12),
        wrong: section(13),
        names: section(14),
        cantonese: section(15),
        alone: section(16),
        turns: section(17),
        insides: section(18),
    })
}

/// A part of the table; nothing where the table has no such part.
fn section<U: Pod>(number: usize) -> &'static [U] {
    let word = |at: usize| -> Option<usize> {
        let bytes = TABLE.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_le_bytes(bytes) as usize)
    };
    let find = || {
        let (start, length) = (word(8 + 8 * number)?, word(12 + 8 * number)?);
        bytemuck::try_cast_slice(TABLE.get(start..start.checked_add(length)?)?).ok()
    };
    if TABLE.get(..8) == Some(b"HFRD\x05\0\0\0") {
        find().unwrap_or(&[])
    } else {
        &[]
    }
}

/// The hash of nothing.
pub const EMPTY: u32 = 0;

/// The hash of what a hash stands for and one code more.
#[inline(always)]
pub fn spread(hash: u32, code: u32) -> u32 {
    let mixed = (hash ^ code).wrapping_mul(0x9E37_79B1);
    mixed ^ (mixed >> 15)
}

impl Readings {
    /// Cost of a character that is not open as a word of its own.
    #[inline(always)]
    pub fn character(&self, key: u32) -> i32 {
        let cost = self.characters.get(key.wrapping_sub(FIRST) as usize);
        i32::from(cost.copied().unwrap_or(UNSEEN))
    }

    /// Which lengths words have that begin with two keys with this hash: bit 0 for two characters.
    #[inline(always)]
    pub fn lengths(&self, pair: u32) -> u8 {
        let at = (pair >> PAIR_SHIFT) as usize;
        self.pairs.get(at).copied().unwrap_or(0)
    }

    /// Whether neighbours may be part of a word that reads one of them otherwise than it is read by itself as a
    /// rule: hash of the neighbours, and what they are.
    #[inline(always)]
    pub fn may_turn(&self, neighbours: u32, what: Neighbours) -> bool {
        let bit = spread(neighbours, what as u32) >> TURNS_SHIFT;
        let byte = self.turns.get((bit >> 3) as usize).copied();
        byte.is_none_or(|byte| byte >> (bit & 7) & 1 != 0)
    }

    /// Whether two keys with this hash may stand side by side in a word with open ones.
    #[inline(always)]
    pub fn may_be_inside(&self, pair: u32) -> bool {
        let bit = pair >> INSIDES_SHIFT;
        let byte = self.insides.get((bit >> 3) as usize).copied();
        byte.is_none_or(|byte| byte >> (bit & 7) & 1 != 0)
    }

    /// Cost and readings of every word with a hash: the cost in the upper byte, and in the lower the
    /// number of the reading of each open character, two bits each, the first lowest.
    #[inline(always)]
    pub fn words(&self, hash: u32) -> impl Iterator<Item = u16> + '_ {
        let first = self.words.find(hash).unwrap_or(self.words.hashes.len());
        let same = self.words.hashes[first..]
            .iter()
            .take_while(move |&&entry| entry == hash);
        self.values
            .get(first..)
            .unwrap_or(&[])
            .iter()
            .zip(same)
            .map(|(&value, _)| value)
    }

    /// What a context says for each reading, in tenths of a nat.
    #[inline(always)]
    pub fn weights(&self, hash: u32) -> Option<[i8; 4]> {
        self.weights.get(self.contexts.find(hash)?).copied()
    }

    /// Whether only Cantonese writes a character.
    pub fn is_cantonese(&self, code_point: u32) -> bool {
        code_point > 0x5000 && self.cantonese.binary_search(&code_point).is_ok()
    }

    /// Whether a character beside a neighbour may be a word that was converted wrongly: hash of the
    /// neighbour's key, the character's key, and twice its reading, and one more if the neighbour is behind.
    #[inline(always)]
    pub fn may_be_wrong(&self, hash: u32) -> bool {
        let has = |bit: u32| {
            let byte = self.wrong.get((bit >> 3) as usize).copied().unwrap_or(0);
            byte >> (bit & 7) & 1 != 0
        };
        has(hash >> WRONG_SHIFT) && has(hash & (u32::MAX >> WRONG_SHIFT))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(word: &str) -> u32 {
        word.chars()
            .fold(EMPTY, |hash, c| spread(hash, u32::from(c)))
    }

    #[test]
    fn the_table_is_whole() {
        let table = readings();
        assert!(table.keys.len() > 150 && table.keys.len() < 1 << 10);
        assert!(
            table
                .keys
                .windows(2)
                .all(|pair| pair[0].code < pair[1].code)
        );
        assert_eq!(table.words.hashes.len(), table.values.len());
        assert!(table.words.hashes.windows(2).all(|pair| pair[0] <= pair[1]));
        assert_eq!(table.pairs.len(), 1 << (32 - PAIR_SHIFT));
        assert_eq!(table.wrong.len(), 1 << (32 - WRONG_SHIFT - 3));
        assert_eq!(table.contexts.hashes.len(), table.weights.len());
        assert_eq!(table.alone.len(), table.keys.len());
        assert_eq!(table.turns.len(), 1 << (32 - TURNS_SHIFT - 3));
        assert_eq!(table.insides.len(), 1 << (32 - INSIDES_SHIFT - 3));
    }

    #[test]
    fn words_are_found_by_their_keys() {
        let table = readings();
        assert_eq!(table.words(hash("皇后")).count(), 1);
        assert!(table.words(hash("制造")).count() >= 1);
        assert_eq!(table.words(hash("学学的")).count(), 0);
        assert_ne!(table.lengths(hash("皇后")) & 1, 0);
    }
}
