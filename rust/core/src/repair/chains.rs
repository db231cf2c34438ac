//! What may have gone wrong: bytes of one encoding (`right`) read as another (`wrong`).
//!
//! In: nothing. Out: every pair that is tried, and a text as the bytes it was misread from.

use crate::codec::{self, Bytes, Single, StepEncoding, gbk, single};
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
