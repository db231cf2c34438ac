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
pub(super) const AROUND: usize = 12;

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
    for name in ["cp1252", "cp1250", "cp1251", "koi8-r", "mac-roman", "cp437"] {
        let right = match name {
            "cp1252" => vec![Utf8, Gb18030, Big5, ShiftJis, EucJp],
            _ => vec![Utf8, Gb18030, Big5],
        };
        groups.push((Wrong::Single(single(name)), right));
    }
    groups
});
