//! What may have gone wrong: bytes of one encoding (`right`) read as another (`wrong`).
//!
//! In: nothing. Out: every pair that is tried, and a text as the bytes it was misread from.

use crate::codec::{self, Bytes, Single, Step, StepEncoding, gbk, single};
use crate::tables::likelihood;
use std::mem::discriminant;
use std::ops::Range;
use std::sync::LazyLock;

/// The encoding that was taken for the right one.
#[derive(Clone, Copy)]
pub(super) enum Wrong {
    Single(&'static Single),
    Gbk,
    Big5,
    ShiftJis,
    EucKr,
}

impl Wrong {
    /// The bytes that were read as this character.
    #[inline]
    pub(super) fn bytes(self, character: u32) -> Option<Bytes> {
        let two = |found: Option<[u8; 2]>| found.map(|pair| Bytes::of(&pair));
        match self {
            _ if character < 0x80 => Some(Bytes::of(&[character as u8])),
            Wrong::Single(single) => single.encode(character).map(|byte| Bytes::of(&[byte])),
            // cp936 reads a lone 0x80 as the euro, and passes 0xFF and nothing else.
            Wrong::Gbk if character == 0x20AC => Some(Bytes::of(&[0x80])),
            Wrong::Gbk => gbk::encode(character),
            Wrong::Big5 => {
                let found = codec::big5().encode(character);
                two(found.or_else(|| codec::big5_unicode().encode(character)))
            }
            Wrong::EucKr => two(codec::euc_kr().encode(character)),
            Wrong::ShiftJis => match character {
                // Python's and Windows' cp932 pass the bytes that are none of its characters.
                0x80 => Some(Bytes::of(&[0x80])),
                0xF8F0 => Some(Bytes::of(&[0xA0])),
                0xF8F1..=0xF8F3 => Some(Bytes::of(&[(character - 0xF8F1) as u8 + 0xFD])),
                0xFF61..=0xFF9F => Some(Bytes::of(&[(character - 0xFF61) as u8 + 0xA1])),
                _ => two(codec::shift_jis().encode(character)),
            },
        }
    }
}

impl Wrong {
    /// The other bytes that were read as this character, if it stands twice: in NEC's rows of cp932
    /// and IBM's, in ETEN's rows of Big5 and in the Unicode Consortium's. A text does not tell which
    /// of the two it was read from.
    #[inline]
    pub(super) fn other_bytes(self, character: u32) -> Option<Bytes> {
        let found = match self {
            _ if character < 0x80 => None,
            Wrong::ShiftJis => codec::shift_jis().encode_other(character),
            Wrong::Big5 => {
                let big5 = codec::big5();
                let other = codec::big5_unicode().encode(character);
                big5.encode_other(character).or(other.filter(|_| {
                    big5.encode(character)
                        .is_some_and(|first| Some(first) != other)
                }))
            }
            _ => None,
        };
        found.map(|pair| Bytes::of(&pair))
    }
}

/// One way of going wrong.
#[derive(Clone, Copy)]
pub(super) struct Chain {
    pub(super) wrong: Wrong,
    pub(super) right: StepEncoding,
}

impl Chain {
    /// Whether the right reading proves itself: bytes are seldom UTF-8 by chance.
    pub(super) fn is_utf8(self) -> bool {
        matches!(self.right, StepEncoding::Utf8)
    }

    /// Where it stands among [`PAIRS`].
    fn lane(self) -> Option<usize> {
        let same = |other: &Chain| {
            discriminant(&other.wrong) == discriminant(&self.wrong)
                && discriminant(&other.right) == discriminant(&self.right)
        };
        PAIRS.iter().position(same)
    }
}

/// What a character behind another costs less than by itself, in tenths of a nat: more than most.
const NEIGHBOURS: i32 = 22;
/// What a stretch must gain so before its pairs are weighed.
const WORTHWHILE: i32 = 100;
/// Characters around such a stretch that its run may reach into.
pub(super) const AROUND: usize = 12;

/// The chains that read pairs of bytes as other pairs.
const PAIRS: [Chain; 8] = {
    use StepEncoding::{Big5, EucJp, Gb18030, ShiftJis};
    const fn chain(wrong: Wrong, right: StepEncoding) -> Chain {
        Chain { wrong, right }
    }
    [
        chain(Wrong::Gbk, Big5),
        chain(Wrong::Gbk, ShiftJis),
        chain(Wrong::Gbk, EucJp),
        chain(Wrong::Big5, Gb18030),
        chain(Wrong::EucKr, Gb18030),
        chain(Wrong::EucKr, Big5),
        chain(Wrong::ShiftJis, Gb18030),
        chain(Wrong::ShiftJis, Big5),
    ]
};

/// Says that the bytes cannot be read so.
const UNREADABLE: i8 = -128;

/// What each character of the basic plane costs less, in tenths of a nat, than what its bytes are in each of
/// [`PAIRS`]: all but its own cost, which depends on where it stands.
type Row = [i8; PAIRS.len()];
static ROWS: LazyLock<Box<[Row]>> = LazyLock::new(|| (0..0x1_0000).map(row).collect());

fn row(character: u32) -> Row {
    PAIRS.map(|chain| {
        let bytes = chain.wrong.bytes(character);
        let Some(bytes) = bytes.filter(|bytes| bytes.len() == 2) else {
            return UNREADABLE;
        };
        match chain.right.step(&bytes) {
            Step::Character(meant, 2) => {
                let cost = likelihood::alone(meant) as i32;
                (NEIGHBOURS - cost).clamp(-127, 127) as i8
            }
            _ => UNREADABLE,
        }
    })
}

/// Ways of misreading a character: UTF-8 as each encoding of two bytes, all one-byte encodings, pairs as pairs. The
/// rest makes whole lanes of it, and is no way.
pub(super) const WAYS: usize = (DOUBLES.len() + 1 + PAIRS.len()).next_multiple_of(16);
const DOUBLES: [Wrong; 4] = [Wrong::Gbk, Wrong::Big5, Wrong::ShiftJis, Wrong::EucKr];

/// Some of the ways: a bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ways(u32);

impl Ways {
    pub(super) const ALL: Ways = Ways(u32::MAX);

    /// Those of which `is_one` holds.
    pub(super) fn that(mut is_one: impl FnMut(usize) -> bool) -> Ways {
        Ways((0..WAYS).fold(0, |bits, way| bits | u32::from(is_one(way)) << way))
    }

    pub(super) fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Whether the chain's way is one of them.
    pub(super) fn have(self, chain: Chain) -> bool {
        let is_of = |wrong: &Wrong| discriminant(wrong) == discriminant(&chain.wrong);
        let way = match chain.wrong {
            Wrong::Single(_) => Some(DOUBLES.len()),
            _ if chain.is_utf8() => DOUBLES.iter().position(is_of),
            _ => chain.lane().map(|lane| DOUBLES.len() + 1 + lane),
        };
        way.is_none_or(|way| self.0 >> way & 1 != 0)
    }
}

/// Tenths of a nat that a character costs more than what it may have been misread from, in each way: all that it
/// costs where its bytes prove no more than that they may be so; `None` where they cannot be.
pub(super) fn most_gained(character: u32) -> [Option<i32>; WAYS] {
    let cost = likelihood::alone(character) as i32;
    let mut ways = [None; WAYS];
    for (way, wrong) in ways.iter_mut().zip(DOUBLES) {
        *way = may_be_utf8(wrong, character).then_some(cost);
    }
    let is_single = |(wrong, _): &(Wrong, _)| {
        matches!(wrong, Wrong::Single(_)) && wrong.bytes(character).is_some()
    };
    ways[DOUBLES.len()] = GROUPS.iter().any(is_single).then_some(cost);
    let pairs = PAIRS.iter().zip(ROWS[character as usize]);
    for (way, (chain, row)) in ways[DOUBLES.len() + 1..].iter_mut().zip(pairs) {
        *way = match row {
            // A byte by itself moves all the pairs behind it.
            UNREADABLE => {
                let bytes = chain.wrong.bytes(character);
                bytes.filter(|bytes| bytes.len() == 1).map(|_| cost)
            }
            row => Some(cost + i32::from(row)),
        };
    }
    ways
}

/// Where in a text reading pairs of bytes as other pairs may gain enough to be weighed. Most lines that come
/// here are clean, and one look at a character tells of all chains.
pub(super) struct Worthwhile<'a> {
    text: &'a [u32],
    costs: &'a [u32],
    most: [i32; PAIRS.len()],
}

impl Worthwhile<'_> {
    /// `costs` has what each character costs where it stands.
    pub(super) fn look<'a>(text: &'a [u32], costs: &'a [u32]) -> Worthwhile<'a> {
        let rows = &**ROWS;
        let (mut sums, mut most) = ([0_i32; PAIRS.len()], [0; PAIRS.len()]);
        for (&character, &cost) in text.iter().zip(costs) {
            if says_nothing(character) {
                continue;
            }
            let row = match rows.get(character as usize) {
                Some(row) => row,
                None => &[UNREADABLE; PAIRS.len()],
            };
            for lane in 0..PAIRS.len() {
                let gain = cost as i32 + i32::from(row[lane]);
                let is_readable = i32::from(row[lane] != UNREADABLE);
                sums[lane] = (sums[lane].max(0) + gain) * is_readable;
                most[lane] = most[lane].max(sums[lane]);
            }
        }
        Worthwhile { text, costs, most }
    }

    /// For a chain that reads pairs as pairs: stretches of the text, in order, with what stands around them.
    /// `None` says anywhere.
    pub(super) fn places(&self, chain: Chain) -> Option<Vec<Range<usize>>> {
        let lane = chain.lane()?;
        // A byte that is a character by itself moves all the pairs behind it.
        let is_half = |character: &u32| matches!(character, 0x80 | 0x20AC | 0xF8F0..=0xF8F3 | 0xFF61..=0xFF9F);
        if matches!(chain.wrong, Wrong::ShiftJis) && self.text.iter().any(is_half) {
            return None;
        }
        let mut found: Vec<Range<usize>> = Vec::new();
        if self.most[lane] < WORTHWHILE {
            return Some(found);
        }
        let (mut sum, mut start) = (0_i32, 0);
        for (at, (&character, &cost)) in self.text.iter().zip(self.costs).enumerate() {
            if sum <= 0 {
                (sum, start) = (0, at);
            }
            if !says_nothing(character) {
                let gain = ROWS
                    .get(character as usize)
                    .map_or(UNREADABLE, |row| row[lane]);
                sum = match gain {
                    UNREADABLE => 0,
                    _ => sum + cost as i32 + i32::from(gain),
                };
            }
            if sum >= WORTHWHILE {
                let range = start.saturating_sub(AROUND)..(at + 1 + AROUND).min(self.text.len());
                match found.last_mut() {
                    Some(last) if last.end >= range.start => last.end = range.end,
                    _ => found.push(range),
                }
            }
        }
        Some(found)
    }
}

/// A mark is no evidence against what stands on either side of it.
fn says_nothing(character: u32) -> bool {
    matches!(character, 0..=0x7F | 0xFFFD)
}

/// Whether the bytes of a character may be a part of Chinese in UTF-8, more of which is missing.
pub(super) fn may_be_utf8(wrong: Wrong, character: u32) -> bool {
    let is_lead = |byte: u8| matches!(byte, 0xC2 | 0xE2..=0xEF);
    let is_next = |byte: u8| matches!(byte, 0x80..=0xBF);
    let fits = |bytes: Bytes| match *bytes {
        [one] => one < 0xC0 || is_lead(one),
        [one, two] => {
            (is_next(one) && (two < 0xC0 || is_lead(two))) || (is_lead(one) && is_next(two))
        }
        _ => false,
    };
    wrong.bytes(character).is_some_and(fits)
}

/// Every wrong encoding, with the right ones that are tried for it.
pub(super) static GROUPS: LazyLock<Vec<(Wrong, Vec<StepEncoding>)>> = LazyLock::new(|| {
    use StepEncoding::{Big5, EucJp, Gb18030, ShiftJis, Utf8};
    let mut groups: Vec<(Wrong, Vec<StepEncoding>)> = vec![
        (Wrong::Gbk, vec![Utf8, Big5, ShiftJis, EucJp]),
        (Wrong::Big5, vec![Utf8, Gb18030]),
        (Wrong::ShiftJis, vec![Utf8, Gb18030, Big5]),
        (Wrong::EucKr, vec![Utf8, Gb18030, Big5]),
    ];
    // The last ones are Linux' and DOS' of Europe: what they share with those before them makes Chinese of their bytes
    // too, and wrong one (王垈傅 for 王师傅) unless they are weighed themselves.
    for name in [
        "cp1252",
        "cp1250",
        "cp1251",
        "koi8-r",
        "mac-roman",
        "cp437",
        "iso-8859-15",
        "iso-8859-2",
        "cp850",
        "cp866",
    ] {
        let right = match name {
            "cp1252" => vec![Utf8, Gb18030, Big5, ShiftJis, EucJp],
            _ => vec![Utf8, Gb18030, Big5],
        };
        groups.push((Wrong::Single(single(name)), right));
    }
    groups
});
