//! One step of reading: the character that bytes begin with.

use crate::codec::double::{self, Double};
use crate::codec::{cns, gbk, johab, single, single::Single};

/// What stands at the head of some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A character, and how many bytes it took.
    Character(u32, usize),
    /// No character; how many bytes to pass over, at least 1.
    Bad(usize),
}

/// Characters that an encoding has in one place and Unicode in two: HKSCS' Ê and ê with marks, and
/// kana with a small circle. Number `k` passes as code point 0x11_0000 + k; see [`expand`].
pub const PAIRS: [[u32; 2]; 4] = [[0xCA, 0x304], [0xCA, 0x30C], [0xEA, 0x304], [0xEA, 0x30C]];

/// The code points of a character: itself, or the two it stands for.
#[inline]
pub fn expand(character: u32) -> ([u32; 2], usize) {
    match character.checked_sub(0x11_0000) {
        None => ([character, 0], 1),
        Some(pair) => (PAIRS[pair as usize & 3], 2),
    }
}

/// An encoding that is read character by character, without a state between.
#[derive(Clone, Copy)]
pub enum StepEncoding {
    /// UTF-8, without overlong forms and single surrogates; a pair of them is CESU-8's one character.
    Utf8,
    /// GB 18030, and its subsets GBK and GB 2312; 0x80 is cp936's euro.
    Gb18030,
    /// Big5 with ETEN's extensions and HKSCS.
    Big5,
    /// The same, with kana where Python's `big5` has them.
    Big5Unicode,
    /// Windows' cp949.
    EucKr,
    /// Windows' cp932.
    ShiftJis,
    /// EUC-JP with JIS X 0212.
    EucJp,
    /// Johab, Windows' cp1361.
    Johab,
    /// CNS 11643, planes 1 to 7 and 15.
    EucTw,
    /// UTF-16; true for big-endian.
    Utf16(bool),
    /// UTF-32; true for big-endian.
    Utf32(bool),
    /// One byte a character.
    Single(&'static Single),
    /// One byte a character, and no ASCII below 0x80.
    Ebcdic,
}

impl StepEncoding {
    /// Canonical lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            StepEncoding::Utf8 => "utf-8",
            StepEncoding::Gb18030 => "gb18030",
            StepEncoding::Big5 | StepEncoding::Big5Unicode => "big5",
            StepEncoding::EucKr => "cp949",
            StepEncoding::ShiftJis => "cp932",
            StepEncoding::EucJp => "euc-jp",
            StepEncoding::Johab => "johab",
            StepEncoding::EucTw => "euc-tw",
            StepEncoding::Utf16(is_big) => ["utf-16-le", "utf-16-be"][usize::from(is_big)],
            StepEncoding::Utf32(is_big) => ["utf-32-le", "utf-32-be"][usize::from(is_big)],
            StepEncoding::Single(single) => single.name,
            StepEncoding::Ebcdic => "cp037",
        }
    }

    /// The character that the bytes begin with; they are not empty.
    #[inline]
    pub fn step(self, bytes: &[u8]) -> Step {
        let lead = bytes[0];
        match self {
            StepEncoding::Utf16(is_big) => return utf16(bytes, is_big),
            StepEncoding::Utf32(is_big) => return utf32(bytes, is_big),
            StepEncoding::Ebcdic => {
                return Step::Character(u32::from(single::cp037()[usize::from(lead)]), 1);
            }
            _ if lead < 0x80 => return Step::Character(u32::from(lead), 1),
            _ => {}
        }
        match self {
            StepEncoding::Utf16(_) | StepEncoding::Utf32(_) | StepEncoding::Ebcdic => {
                unreachable!("read above")
            }
            StepEncoding::Utf8 => utf8(bytes),
            StepEncoding::Gb18030 => gb18030(bytes),
            StepEncoding::Big5 => pair(double::big5(), bytes),
            StepEncoding::Big5Unicode => pair(double::big5_unicode(), bytes),
            StepEncoding::EucKr => pair(double::euc_kr(), bytes),
            StepEncoding::ShiftJis => match lead {
                0xA1..=0xDF => Step::Character(0xFF61 + u32::from(lead - 0xA1), 1),
                _ => pair(double::shift_jis(), bytes),
            },
            StepEncoding::EucJp => euc_jp(bytes),
            StepEncoding::EucTw => euc_tw(bytes),
            StepEncoding::Johab => match bytes {
                [lead, trail, ..] => match johab::decode(*lead, *trail) {
                    Some(character) => Step::Character(character, 2),
                    None => Step::Bad(1),
                },
                _ => Step::Bad(1),
            },
            StepEncoding::Single(single) => match single.decode(lead) {
                Some(character) => Step::Character(character, 1),
                None => Step::Bad(1),
            },
        }
    }
}

#[inline]
fn pair(table: &Double, bytes: &[u8]) -> Step {
    match bytes
        .get(1)
        .and_then(|trail| table.decode(bytes[0], *trail))
    {
        Some(character) => Step::Character(character, 2),
        None => Step::Bad(1),
    }
}

#[inline]
fn gb18030(bytes: &[u8]) -> Step {
    let Some(&trail) = bytes.get(1) else {
        return alone(bytes[0]);
    };
    if let Some(character) = double::gbk_table().decode(bytes[0], trail) {
        return Step::Character(character, 2);
    }
    if let &[a, b @ 0x30..=0x39, c, d, ..] = bytes
        && let Some(character) = gbk::decode_four([a, b, c, d])
    {
        return Step::Character(character, 4);
    }
    alone(bytes[0])
}

fn alone(lead: u8) -> Step {
    match lead {
        0x80 => Step::Character(0x20AC, 1),
        _ => Step::Bad(1),
    }
}

#[inline]
fn utf8(bytes: &[u8]) -> Step {
    let next = |at: usize| match bytes.get(at) {
        Some(&byte @ 0x80..=0xBF) => Some(u32::from(byte & 0x3F)),
        _ => None,
    };
    let lead = u32::from(bytes[0]);
    let read = match lead {
        0xC2..=0xDF => next(1).map(|a| ((lead & 0x1F) << 6 | a, 2)),
        0xE0..=0xEF => match (next(1), next(2)) {
            (Some(a), Some(b)) => Some(((lead & 0xF) << 12 | a << 6 | b, 3)),
            _ => None,
        },
        0xF0..=0xF4 => match (next(1), next(2), next(3)) {
            (Some(a), Some(b), Some(c)) => Some(((lead & 7) << 18 | a << 12 | b << 6 | c, 4)),
            _ => None,
        },
        _ => None,
    };
    match read {
        Some((character @ (0x80..=0x7FF | 0x800..=0xD7FF | 0xE000..=0x10_FFFF), length))
            if (length != 3 || character > 0x7FF) && (length != 4 || character > 0xFFFF) =>
        {
            Step::Character(character, length)
        }
        _ => cesu8(bytes),
    }
}

/// CESU-8: a character beyond the basic plane as two surrogates of three bytes each.
#[cold]
fn cesu8(bytes: &[u8]) -> Step {
    match *bytes {
        [
            0xED,
            a @ 0xA0..=0xAF,
            b @ 0x80..=0xBF,
            0xED,
            c @ 0xB0..=0xBF,
            d @ 0x80..=0xBF,
            ..,
        ] => {
            let half = |high: u8, low: u8| u32::from(high & 0xF) << 6 | u32::from(low & 0x3F);
            Step::Character(0x1_0000 + (half(a, b) << 10 | half(c, d)), 6)
        }
        _ => Step::Bad(1),
    }
}

fn utf16(bytes: &[u8], is_big: bool) -> Step {
    let unit = |at: usize| {
        let pair = [*bytes.get(at)?, *bytes.get(at + 1)?];
        Some(u32::from(if is_big {
            u16::from_be_bytes(pair)
        } else {
            u16::from_le_bytes(pair)
        }))
    };
    match (unit(0), unit(2)) {
        (Some(high @ 0xD800..0xDC00), Some(low @ 0xDC00..0xE000)) => {
            Step::Character(0x1_0000 + ((high - 0xD800) << 10 | (low - 0xDC00)), 4)
        }
        (Some(0xD800..0xE000), _) => Step::Bad(2),
        (Some(character), _) => Step::Character(character, 2),
        (None, _) => Step::Bad(bytes.len()),
    }
}

fn utf32(bytes: &[u8], is_big: bool) -> Step {
    let Some(&four) = bytes.first_chunk() else {
        return Step::Bad(bytes.len());
    };
    match if is_big {
        u32::from_be_bytes(four)
    } else {
        u32::from_le_bytes(four)
    } {
        character @ (0..0xD800 | 0xE000..=0x10_FFFF) => Step::Character(character, 4),
        _ => Step::Bad(4),
    }
}

fn euc_jp(bytes: &[u8]) -> Step {
    match *bytes {
        [0x8E, kana @ 0xA1..=0xDF, ..] => Step::Character(0xFF61 + u32::from(kana - 0xA1), 2),
        [0x8F, a @ 0xA1..=0xFE, b @ 0xA1..=0xFE, ..] => {
            // JIS X 0212 is rare enough to ask for each character.
            let raw = [0x8F, a, b];
            let (text, _, broken) = encoding_rs::EUC_JP.decode(&raw);
            match text.chars().next() {
                Some(character) if !broken => Step::Character(u32::from(character), 3),
                _ => Step::Bad(1),
            }
        }
        [0xA1..=0xFE, 0xA1..=0xFE, ..] => pair(double::euc_jp(), bytes),
        _ => Step::Bad(1),
    }
}

fn euc_tw(bytes: &[u8]) -> Step {
    let found = match *bytes {
        [
            0x8E,
            plane @ 0xA1..=0xB0,
            row @ 0xA1..=0xFE,
            column @ 0xA1..=0xFE,
            ..,
        ] => cns::decode(plane - 0xA0, row & 0x7F, column & 0x7F).map(|found| (found, 4)),
        [row @ 0xA1..=0xFE, column @ 0xA1..=0xFE, ..] => {
            cns::decode(1, row & 0x7F, column & 0x7F).map(|found| (found, 2))
        }
        _ => None,
    };
    match found {
        Some((character, length)) => Step::Character(character, length),
        None => Step::Bad(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(encoding: StepEncoding, mut bytes: &[u8]) -> String {
        let mut text = String::new();
        while !bytes.is_empty() {
            let length = match encoding.step(bytes) {
                Step::Character(character, length) => {
                    let (both, count) = expand(character);
                    text.extend(both[..count].iter().map(|c| char::from_u32(*c).unwrap()));
                    length
                }
                Step::Bad(length) => {
                    text.push('\u{FFFD}');
                    length
                }
            };
            bytes = &bytes[length..];
        }
        text
    }

    proptest! {
        #[test]
        fn no_bytes_panic_and_every_step_moves(bytes in prop::collection::vec(any::<u8>(), 1..40)) {
            let single = crate::codec::single("cp1252");
            for encoding in [
                StepEncoding::Utf8, StepEncoding::Gb18030, StepEncoding::Big5, StepEncoding::EucKr,
                StepEncoding::ShiftJis, StepEncoding::EucJp, StepEncoding::EucTw, StepEncoding::Johab,
                StepEncoding::Ebcdic,
                StepEncoding::Single(single), StepEncoding::Utf16(false), StepEncoding::Utf32(true),
            ] {
                read(encoding, &bytes);
            }
        }

        #[test]
        fn utf8_is_read_as_rust_reads_it(text in "\\PC{0,20}") {
            prop_assert_eq!(read(StepEncoding::Utf8, text.as_bytes()), text);
        }

        #[test]
        fn what_encoding_rs_writes_is_read(text in "[一-龥，。a-z]{0,20}") {
            for (ours, theirs) in [
                (StepEncoding::Gb18030, encoding_rs::GB18030),
                (StepEncoding::Big5, encoding_rs::BIG5),
                (StepEncoding::ShiftJis, encoding_rs::SHIFT_JIS),
                (StepEncoding::EucJp, encoding_rs::EUC_JP),
                (StepEncoding::EucKr, encoding_rs::EUC_KR),
            ] {
                let (bytes, _, failed) = theirs.encode(&text);
                if !failed {
                    prop_assert_eq!(read(ours, &bytes), text.clone(), "{}", ours.name());
                }
            }
        }
    }

    #[test]
    fn overlong_forms_and_surrogates_are_no_utf8() {
        for bytes in [
            &[0xC0, 0x80][..],
            &[0xE0, 0x80, 0x80],
            &[0xED, 0xA0, 0x80],
            &[0xF4, 0x90, 0x80, 0x80],
        ] {
            assert_eq!(StepEncoding::Utf8.step(bytes), Step::Bad(1));
        }
    }

    #[test]
    fn hkscs_pairs_and_the_euro() {
        assert_eq!(read(StepEncoding::Big5, &[0x88, 0x62]), "Ê\u{304}");
        assert_eq!(read(StepEncoding::Gb18030, &[0x80]), "€");
        assert_eq!(
            read(StepEncoding::EucTw, &[0xC4, 0xA1, 0x8E, 0xA2, 0xA1, 0xA1]),
            "一乂"
        );
    }
}
