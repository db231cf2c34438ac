//! Where keys may begin, as a set of bits.
//!
//! Comes in: a plan. Goes out: for the code points at a place, whether a key of two or more may begin
//! there, of the front or of a later step. Never: no where a key does.
//!
//! A Bloom filter of one look: at most places of running text no key begins, and a look into a few
//! kilobytes tells so, where the double array's cells lie all over a megabyte. A plan with many keys
//! has them by their first three characters if they are that long: of the places of running text, 16
//! in 100 have two characters that begin a key of s2t, and 5 a key.

use super::reach::{Begin, begins};
use hanfix_trie::view::PlanView;

/// Bits of a set: of a plan in which few pairs begin a key (t2s: 424), some (tw2s: 1,295), and many (s2t: 33,200).
/// The smaller ones leave the processor's nearest memory to the text.
const FEW: usize = 1 << 15;
const SOME: usize = 1 << 17;
const MANY: usize = 1 << 21;
/// Bits for each of these pairs, at the least: where keys have the same two characters and different third ones (看著書,
/// 看著名), a set by two is as sparse as one by three.
const SPARSE: usize = 32;

/// What keys begin with.
#[derive(Clone, Debug)]
pub enum Starts {
    /// By two characters.
    Few(Box<[u64; FEW / 64]>),
    /// By two; and by three in a larger set, to ask again.
    Some(Box<[u64; SOME / 64]>, Box<[u64; MANY / 64]>),
    /// By three, or two if the key ends there.
    Many(Box<[u64; MANY / 64]>),
}

impl Starts {
    /// Those of a plan; of its front only if what the later steps do cannot be told from the first
    /// characters, and then false.
    pub fn new(plan: &PlanView) -> (Starts, bool) {
        let (begins, has_all) = begins(plan);
        let mut pairs: Vec<(u32, u32)> = begins.iter().map(|one| (one.first, one.second)).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let starts = if pairs.len() <= FEW / SPARSE {
            Starts::Few(by_two(&begins))
        } else if pairs.len() <= SOME / SPARSE {
            Starts::Some(by_two(&begins), by_three(&begins))
        } else {
            Starts::Many(by_three(&begins))
        };
        (starts, has_all)
    }

    /// Whether a key may begin with these, where the set that is asked at every place says so: two characters
    /// say so more often than three.
    #[inline(always)]
    pub fn still_may(&self, first: u32, second: u32, third: u32) -> bool {
        match self {
            Starts::Some(_, large) => has_three(large, first, second, third),
            _ => true,
        }
    }
}

fn by_two<const N: usize>(begins: &[Begin]) -> Box<[u64; N]> {
    let mut bits = Box::new([0; N]);
    for Begin { first, second, .. } in begins {
        let (word, one) = one_bit::<N>(pair(*first, *second));
        bits[word % N] |= one;
    }
    bits
}

fn by_three<const N: usize>(begins: &[Begin]) -> Box<[u64; N]> {
    let mut bits = Box::new([0; N]);
    for begin in begins {
        let pair = pair(begin.first, begin.second);
        let hash = begin.third.map_or(pair, |third| triple(pair, third));
        bits[word_of::<N>(pair) % N] |= two_bits(hash);
    }
    bits
}

/// A set to ask for a place; all kinds, so that a loop is compiled for each.
pub trait Ask: Copy {
    /// Whether a key may begin with these code points.
    fn may_begin(self, first: u32, second: u32, third: u32) -> bool;
}

impl Ask for &[u64; FEW / 64] {
    #[inline(always)]
    fn may_begin(self, first: u32, second: u32, _third: u32) -> bool {
        has_two(self, first, second)
    }
}

impl Ask for &[u64; SOME / 64] {
    #[inline(always)]
    fn may_begin(self, first: u32, second: u32, _third: u32) -> bool {
        has_two(self, first, second)
    }
}

impl Ask for &[u64; MANY / 64] {
    #[inline(always)]
    fn may_begin(self, first: u32, second: u32, third: u32) -> bool {
        has_three(self, first, second, third)
    }
}

#[inline(always)]
fn has_two<const N: usize>(bits: &[u64; N], first: u32, second: u32) -> bool {
    let (word, one) = one_bit::<N>(pair(first, second));
    bits[word % N] & one != 0
}

#[inline(always)]
fn has_three<const N: usize>(bits: &[u64; N], first: u32, second: u32, third: u32) -> bool {
    let pair = pair(first, second);
    let word = bits[word_of::<N>(pair) % N];
    let has = |hash: u32| {
        let two = two_bits(hash);
        word & two == two
    };
    has(pair) | has(triple(pair, third))
}

/// Which word of a set a hash lies in, and its bit there. The upper bits of a hash are the good ones.
#[inline(always)]
fn one_bit<const N: usize>(hash: u32) -> (usize, u64) {
    let bit = hash >> (26 - N.trailing_zeros());
    (bit as usize >> 6, 1 << (bit & 63))
}

/// Which word of a set a pair of code points has: the same for all third ones, so that a place is one look into memory.
#[inline(always)]
fn word_of<const N: usize>(pair: u32) -> usize {
    (pair >> (32 - N.trailing_zeros())) as usize
}

/// Two bits in one word.
#[inline(always)]
fn two_bits(hash: u32) -> u64 {
    let bits = hash >> 5;
    1 << (bits >> 6 & 63) | 1 << (bits & 63)
}

/// Fibonacci hashing.
#[inline(always)]
fn pair(first: u32, second: u32) -> u32 {
    ((first << 16) ^ second).wrapping_mul(0x9E37_79B1)
}

#[inline(always)]
fn triple(pair: u32, third: u32) -> u32 {
    (pair ^ third).wrapping_mul(0x85EB_CA6B)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hanfix_trie::compile::compile;
    use hanfix_trie::plan::{Group, Plan};
    use hanfix_trie::reference::Library;
    use hanfix_trie::source::Dictionary;
    use hanfix_trie::view::Bundle;
    use proptest::prelude::*;

    fn plan(name: &str) -> Plan {
        Plan {
            name: name.to_owned(),
            normalization: Vec::new(),
            segmentation: None,
            chain: vec![Group::One(name.to_owned())],
        }
    }

    fn asks(starts: &Starts, text: &[u32]) -> bool {
        let at = |place: usize| text.get(place).copied().unwrap_or(0);
        match starts {
            Starts::Few(few) => few.may_begin(at(0), at(1), at(2)),
            Starts::Some(some, _) => {
                some.may_begin(at(0), at(1), at(2)) && starts.still_may(at(0), at(1), at(2))
            }
            Starts::Many(many) => many.may_begin(at(0), at(1), at(2)),
        }
    }

    /// With as many beginnings as the largest of OpenCC's plans has: s2twp.
    #[test]
    fn few_others_are_sent() {
        let mut state = 7_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            0x4E00 + (state >> 8) % 0x5000
        };
        let mut three = || [next(), next(), next()];
        let begins: Vec<Begin> = (0..49_298)
            .map(|_| three())
            .map(|[first, second, third]| Begin {
                first,
                second,
                third: Some(third),
            })
            .collect();
        let many: Box<[u64; MANY / 64]> = by_three(&begins);
        let asked = 100_000;
        let sent = (0..asked).map(|_| three()).filter(|others| {
            let [first, second, third] = *others;
            many.may_begin(first, second, third)
        });
        assert!(sent.count() < asked / 100);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20))]

        /// All kinds of set: 1,024 and 4,096 pairs are where one becomes the other.
        #[test]
        fn no_key_is_missed(
            keys in prop::collection::vec(prop::collection::vec(0x4E00..0x9FA5_u32, 2..5), 0..9_000),
            next in 0x4E00..0x9FA5_u32,
        ) {
            let mut dictionary = Dictionary::default();
            for key in &keys {
                dictionary.insert(key.clone(), vec![0x4E00]).unwrap();
            }
            let library = Library::from([("keys".to_owned(), dictionary)]);
            let words = compile(&[plan("keys")], &library).unwrap();
            let view = Bundle::new(&words).unwrap().plan("keys").unwrap();
            let (starts, has_all) = Starts::new(&view);
            prop_assert!(has_all);
            for mut key in keys {
                prop_assert!(asks(&starts, &key));
                key.push(next);
                prop_assert!(asks(&starts, &key));
            }
        }
    }
}
