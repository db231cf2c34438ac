//! What may have gone wrong: bytes of one encoding (`right`) read as another (`wrong`).
//!
//! In: nothing. Out: every pair that is tried, and a text as the bytes it was misread from.

use crate::codec::{self, Bytes, Single, Step, StepEncoding, gbk, single};
use crate::tables::likelihood;
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
}

/// What neighbours may add to what a character gains by itself, in tenths of a nat.
const NEIGHBOURS: i32 = 22;
/// What a stretch must gain by its characters alone before its pairs are weighed.
const WORTHWHILE: i32 = 60;
/// Characters around such a stretch that its run may reach into.
const AROUND: usize = 12;

/// -128 says that the bytes cannot be read so.
fn gains(wrong: Wrong, right: StepEncoding) -> Box<[i8]> {
    let gain = |character: u32| -> i8 {
        let Some(bytes) = wrong.bytes(character).filter(|bytes| bytes.len() == 2) else {
            return -128;
        };
        match right.step(&bytes) {
            Step::Character(meant, 2) => {
                let gain = likelihood::alone(character) as i32 - likelihood::alone(meant) as i32;
                (gain + NEIGHBOURS).clamp(-127, 127) as i8
            }
            _ => -128,
        }
    };
    (0..0x1_0000).map(gain).collect()
}

type Gains = LazyLock<Box<[i8]>>;
static GBK_BIG5: Gains = LazyLock::new(|| gains(Wrong::Gbk, StepEncoding::Big5));
static GBK_SHIFT_JIS: Gains = LazyLock::new(|| gains(Wrong::Gbk, StepEncoding::ShiftJis));
static GBK_EUC_JP: Gains = LazyLock::new(|| gains(Wrong::Gbk, StepEncoding::EucJp));
static BIG5_GBK: Gains = LazyLock::new(|| gains(Wrong::Big5, StepEncoding::Gb18030));
static EUC_KR_GBK: Gains = LazyLock::new(|| gains(Wrong::EucKr, StepEncoding::Gb18030));
static EUC_KR_BIG5: Gains = LazyLock::new(|| gains(Wrong::EucKr, StepEncoding::Big5));
static SHIFT_JIS_GBK: Gains = LazyLock::new(|| gains(Wrong::ShiftJis, StepEncoding::Gb18030));
static SHIFT_JIS_BIG5: Gains = LazyLock::new(|| gains(Wrong::ShiftJis, StepEncoding::Big5));

impl Chain {
    /// For pairs read as pairs, what each character of the basic plane gains by itself when its
    /// bytes are read the other way; -128 where they cannot be.
    fn gains(self) -> Option<&'static [i8]> {
        Some(match (self.wrong, self.right) {
            (Wrong::Gbk, StepEncoding::Big5) => &GBK_BIG5,
            (Wrong::Gbk, StepEncoding::ShiftJis) => &GBK_SHIFT_JIS,
            (Wrong::Gbk, StepEncoding::EucJp) => &GBK_EUC_JP,
            (Wrong::Big5, StepEncoding::Gb18030) => &BIG5_GBK,
            (Wrong::EucKr, StepEncoding::Gb18030) => &EUC_KR_GBK,
            (Wrong::EucKr, StepEncoding::Big5) => &EUC_KR_BIG5,
            (Wrong::ShiftJis, StepEncoding::Gb18030) => &SHIFT_JIS_GBK,
            (Wrong::ShiftJis, StepEncoding::Big5) => &SHIFT_JIS_BIG5,
            _ => return None,
        })
    }

    /// Where reading pairs of bytes as other pairs may gain enough to be weighed: stretches of the
    /// text, in order, with what stands around them. `None` says anywhere.
    pub(super) fn worthwhile(self, text: &[u32]) -> Option<Vec<Range<usize>>> {
        let gains = self.gains()?;
        // A byte that is a character by itself moves all the pairs behind it.
        let is_half = |character: &u32| matches!(character, 0x80 | 0x20AC | 0xF8F0..=0xF8F3 | 0xFF61..=0xFF9F);
        if matches!(self.wrong, Wrong::ShiftJis) && text.iter().any(is_half) {
            return None;
        }
        let mut found: Vec<Range<usize>> = Vec::new();
        let mut sum = 0_i32;
        let mut start = 0;
        for (at, &character) in text.iter().enumerate() {
            let gain = match character {
                // A mark is no evidence against what stands on either side of it.
                0..=0x7F | 0xFFFD => 0,
                _ => gains.get(character as usize).copied().unwrap_or(-128),
            };
            if sum <= 0 {
                (sum, start) = (0, at);
            }
            sum += i32::from(gain);
            if gain == -128 {
                sum = 0;
            }
            if sum >= WORTHWHILE {
                let range = start.saturating_sub(AROUND)..(at + 1 + AROUND).min(text.len());
                match found.last_mut() {
                    Some(last) if last.end >= range.start => last.end = range.end,
                    _ => found.push(range),
                }
            }
        }
        Some(found)
    }
}

/// Where the bytes of a text are UTF-8: two characters in a row of which one takes three bytes,
/// four of any, or one of three between what is no part of any. Other bytes are that by chance.
pub(super) fn utf8_places(text: &[u32], wrong: Wrong) -> Vec<Range<usize>> {
    let mut places: Vec<Range<usize>> = Vec::new();
    let mut run = Utf8Run {
        is_single: matches!(wrong, Wrong::Single(_)),
        ..Utf8Run::default()
    };
    for (at, &character) in text.iter().enumerate() {
        match wrong.bytes(character) {
            Some(bytes) => {
                for &byte in bytes.iter() {
                    if let Some(start) = run.push(byte, at) {
                        places.push(start..at + 1);
                    }
                }
            }
            None => {
                if let Some(start) = run.finish(true) {
                    places.push(start..at);
                }
            }
        }
    }
    if let Some(start) = run.finish(true) {
        places.push(start..text.len());
    }
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(places.len());
    for place in places {
        let range = place.start.saturating_sub(AROUND)..(place.end + AROUND).min(text.len());
        match merged.last_mut() {
            Some(last) if last.end >= range.start => last.end = range.end,
            _ => merged.push(range),
        }
    }
    merged
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

/// Characters of UTF-8 in a row, byte by byte.
#[derive(Default)]
struct Utf8Run {
    /// One byte is one character: pairs are no chance, and a layer beneath has little else.
    is_single: bool,
    /// Whole characters so far, and whether one took three bytes or more.
    count: usize,
    has_long: bool,
    /// Where the run began, and whether what stood before belongs to nothing.
    start: usize,
    is_after_edge: bool,
    /// Bytes that the present character takes and still lacks.
    length: u8,
    missing: u8,
    /// The byte before was ASCII, or there was none.
    is_inside: bool,
}

impl Utf8Run {
    /// One more byte; answers where a run began that ends before it and is evidence.
    #[inline]
    fn push(&mut self, byte: u8, at: usize) -> Option<usize> {
        if self.missing > 0 && matches!(byte, 0x80..=0xBF) {
            self.missing -= 1;
            if self.missing == 0 {
                self.count += 1;
                self.has_long |= self.length > 2;
            }
            return None;
        }
        let ended = match self.missing > 0 || !(0xC2..=0xF4).contains(&byte) {
            true => self.finish(byte < 0x80),
            false => None,
        };
        self.length = match byte {
            0xC2..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xF4 => 4,
            _ => 0,
        };
        if self.length > 0 {
            if self.count == 0 {
                self.start = at;
                self.is_after_edge = !self.is_inside;
            }
            self.missing = self.length - 1;
        }
        self.is_inside = byte >= 0x80;
        ended
    }

    /// The run ends here, at an edge or not.
    fn finish(&mut self, is_edge: bool) -> Option<usize> {
        let is_long = self.has_long || self.is_single;
        let is_alone = is_edge && self.is_after_edge && self.missing == 0 && is_long;
        let is_proof = match self.count {
            0 => false,
            1 => is_alone,
            2 | 3 => is_long,
            _ => true,
        };
        let start = self.start;
        *self = Utf8Run {
            is_inside: !is_edge,
            is_single: self.is_single,
            ..Utf8Run::default()
        };
        is_proof.then_some(start)
    }
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
    for name in ["cp1252", "cp1250", "cp1251", "koi8-r", "mac-roman", "cp437"] {
        let right = match name {
            "cp1252" => vec![Utf8, Gb18030, Big5, ShiftJis, EucJp],
            _ => vec![Utf8, Gb18030, Big5],
        };
        groups.push((Wrong::Single(single(name)), right));
    }
    groups
});
