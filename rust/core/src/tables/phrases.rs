//! How often characters, pairs and triples occur in Chinese, in either script.
//!
//! In: code points. Out: counts, each the nearest of a scale. What is not listed occurs too seldom
//! to tell anything: 0. `data/FORMAT.md` documents the bytes, `data/phrases.py` makes them.

use std::sync::LazyLock;

static TABLE: &[u8] = embed!("phrases.bin");

const HEAD: usize = 32;
const NUMBERS: usize = HEAD;
const FIRSTS: usize = NUMBERS + 2 * 0x1_0000;
const BLOCK: usize = 32;
const SMALLEST: f32 = 0.5;
/// Of a triple, the bits that number its last character; the others are the power of its count.
const THIRD: u16 = 0x1FFF;

const fn field(at: usize) -> usize {
    u32::from_le_bytes([
        TABLE_BYTES[at],
        TABLE_BYTES[at + 1],
        TABLE_BYTES[at + 2],
        TABLE_BYTES[at + 3],
    ]) as usize
}

const TABLE_BYTES: &[u8] = include_bytes!("phrases.bin");
const SINGLES: usize = field(8);
const PAIRS: usize = field(12);
const TRIPLES: usize = field(16);
const BLOCKS: usize = field(20);
const BLOCK_STARTS: usize = FIRSTS + 4 * (SINGLES + 2);
const STARTS: usize = BLOCK_STARTS + 4 * BLOCKS;
const SECONDS: usize = STARTS + 2 * (PAIRS + 1);
const THIRDS: usize = SECONDS + 2 * PAIRS;
const FREQUENCIES: usize = THIRDS + 2 * TRIPLES;
const PAIR_COUNTS: usize = FREQUENCIES + SINGLES + 1;

// The size is part of the format: a table of another size does not compile.
const _: () = assert!(TABLE_BYTES.len() == PAIR_COUNTS + PAIRS);
const _: () = assert!(BLOCKS == PAIRS / BLOCK + 1);

/// Counts by their powers.
static SCALES: LazyLock<([f32; 64], [f32; 8])> = LazyLock::new(|| {
    let power = |base: f32, level: usize| SMALLEST * base.powi(level as i32);
    let halves = std::array::from_fn(|level| power(std::f32::consts::SQRT_2, level));
    (halves, std::array::from_fn(|level| power(3.0, level)))
});

/// What is not in the pairs of a character, of all its occurrences.
static LEFT: LazyLock<Vec<f32>> = LazyLock::new(|| {
    let firsts = wide(FIRSTS, SINGLES + 2);
    let left = |number: u16| {
        let (start, end) = (firsts[number as usize], firsts[number as usize + 1]);
        let paired = (start..end).map(|at| Pair(at as usize).count());
        (Counted(number).count() - paired.sum::<f32>()).max(0.0)
    };
    (0..=SINGLES as u16).map(left).collect()
});

fn words(from: usize, length: usize) -> &'static [u16] {
    bytemuck::cast_slice(&TABLE[from..from + 2 * length])
}

fn wide(from: usize, length: usize) -> &'static [u32] {
    bytemuck::cast_slice(&TABLE[from..from + 4 * length])
}

/// A character that is counted: the same for both scripts' forms of one.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Counted(u16);

impl Counted {
    /// `None` for what hardly occurs in Chinese.
    #[inline]
    pub fn of(code_point: u32) -> Option<Counted> {
        let number = *words(NUMBERS, 0x1_0000).get(code_point as usize)?;
        (number != 0 && number as usize <= SINGLES).then_some(Counted(number))
    }

    /// How often it occurs.
    #[inline]
    pub fn count(self) -> f32 {
        SCALES.0[(TABLE[FREQUENCIES + self.0 as usize] & 63) as usize]
    }

    /// How many characters it is known to stand before.
    #[inline]
    pub fn kinds(self) -> usize {
        let firsts = wide(FIRSTS, SINGLES + 2);
        (firsts[self.0 as usize + 1] - firsts[self.0 as usize]) as usize
    }

    /// How often before what no pair says: at the end of a word in a list, or in a pair too rare to
    /// be kept.
    #[inline]
    pub fn count_left(self) -> f32 {
        LEFT[self.0 as usize]
    }
}

/// Two characters that occur together.
#[derive(Clone, Copy)]
pub struct Pair(usize);

impl Pair {
    /// `None` if the two do not.
    #[inline]
    pub fn of(first: Counted, second: Counted) -> Option<Pair> {
        let firsts = wide(FIRSTS, SINGLES + 2);
        let (start, end) = (firsts[first.0 as usize], firsts[first.0 as usize + 1]);
        let (start, end) = (start as usize, end as usize);
        let found = words(SECONDS, PAIRS)
            .get(start..end)?
            .binary_search(&second.0);
        Some(Pair(start + found.ok()?))
    }

    /// How often they do.
    #[inline]
    pub fn count(self) -> f32 {
        SCALES.0[(TABLE[PAIR_COUNTS + self.0] & 63) as usize]
    }

    /// How often with a third behind them.
    #[inline]
    pub fn count_before(self, third: Counted) -> f32 {
        let thirds = self.thirds();
        let found = thirds.binary_search_by_key(&third.0, |entry| entry & THIRD);
        found.map_or(0.0, |at| times(thirds[at]))
    }

    /// How many characters the two are known to stand before.
    #[inline]
    pub fn kinds(self) -> usize {
        self.thirds().len()
    }

    /// How often before what no triple says.
    pub fn count_left(self) -> f32 {
        let tripled = self.thirds().iter().map(|third| times(*third));
        (self.count() - tripled.sum::<f32>()).max(0.0)
    }

    #[inline]
    fn thirds(self) -> &'static [u16] {
        let start = |at: usize| {
            let block = wide(BLOCK_STARTS, BLOCKS)[at / BLOCK];
            block as usize + words(STARTS, PAIRS + 1)[at] as usize
        };
        let thirds = words(THIRDS, TRIPLES).get(start(self.0)..start(self.0 + 1));
        thirds.unwrap_or_default()
    }
}

fn times(third: u16) -> f32 {
    SCALES.1[(third >> 13) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(character: char) -> Counted {
        Counted::of(character as u32).unwrap_or_else(|| panic!("{character}"))
    }

    fn count(first: char, second: char, third: char) -> f32 {
        let pair = Pair::of(counted(first), counted(second));
        pair.map_or(0.0, |pair| pair.count_before(counted(third)))
    }

    #[test]
    fn the_table_says_what_the_code_expects() {
        assert_eq!(&TABLE[..4], b"HFPH");
        assert_eq!(TABLE[4..8], [1, 0, 0, 0]);
    }

    #[test]
    fn what_one_script_says_the_other_says_too() {
        assert!(counted('國') == counted('国'));
        assert!(count('圖', '書', '館') == count('图', '书', '馆'));
    }

    #[test]
    fn triples_tell_what_pairs_do_not() {
        assert!(count('图', '书', '馆') > count('图', '书', '的'));
        assert_eq!(count('馆', '书', '图'), 0.0);
        assert!(Counted::of(0x1_F600).is_none());
        assert!(Counted::of(u32::MAX).is_none());
    }

    /// Every list is in order and within the table.
    #[test]
    fn lists_are_in_order() {
        let firsts = wide(FIRSTS, SINGLES + 2);
        assert!(firsts.windows(2).all(|pair| pair[0] <= pair[1]));
        assert_eq!(firsts[SINGLES + 1] as usize, PAIRS);
        for pair in firsts.windows(2) {
            let seconds = &words(SECONDS, PAIRS)[pair[0] as usize..pair[1] as usize];
            assert!(seconds.windows(2).all(|two| two[0] < two[1]));
        }
        let mut all = 0;
        for pair in 0..PAIRS {
            let thirds = Pair(pair).thirds();
            assert!(thirds.windows(2).all(|two| two[0] & THIRD < two[1] & THIRD));
            all += thirds.len();
        }
        assert_eq!(all, TRIPLES);
    }
}
