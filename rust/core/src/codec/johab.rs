//! Johab (KS X 1001 annex 3, Windows' cp1361): hangul by its letters, the rest by the rows of EUC-KR.
//!
//! In: two bytes. Out: a code point. Never fails: what is not there is `None`.
//!
//! A hangul is a bit and three times five: first letter, vowel, last letter. Symbols and ideographs
//! are those of KS X 1001, two rows to a first byte.

use crate::codec::euc_kr;

/// Five bits to the number of a letter in Unicode's order; the filler is `FILLER`, what is none `NONE`.
const FILLER: u8 = 0xFE;
const NONE: u8 = 0xFF;

const fn first(bits: u8) -> u8 {
    match bits {
        1 => FILLER,
        2..=20 => bits - 2,
        _ => NONE,
    }
}

const fn vowel(bits: u8) -> u8 {
    match bits {
        2 => FILLER,
        3..=7 => bits - 3,
        10..=15 => bits - 5,
        18..=23 => bits - 7,
        26..=29 => bits - 9,
        _ => NONE,
    }
}

const fn last(bits: u8) -> u8 {
    match bits {
        1 => FILLER,
        2..=17 => bits - 1,
        19..=29 => bits - 2,
        _ => NONE,
    }
}

/// First letters by themselves, in compatibility jamo.
const FIRST_ALONE: [u8; 19] = [
    0x31, 0x32, 0x34, 0x37, 0x38, 0x39, 0x41, 0x42, 0x43, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x4B,
    0x4C, 0x4D, 0x4E,
];
/// Last letters by themselves that are no first letter: clusters. 0 where a first letter stands for it.
const LAST_ALONE: [u8; 27] = [
    0, 0, 0x33, 0, 0x35, 0x36, 0, 0, 0x3A, 0x3B, 0x3C, 0x3D, 0x3E, 0x3F, 0x40, 0, 0, 0x44, 0, 0, 0,
    0, 0, 0, 0, 0, 0,
];

/// The character of two bytes.
#[inline]
pub(crate) fn decode(lead: u8, trail: u8) -> Option<u32> {
    match (lead, trail) {
        (0x84..=0xD3, 0x41..=0x7E | 0x81..=0xFE) => hangul(u16::from_be_bytes([lead, trail])),
        (0xD9..=0xDE | 0xE0..=0xF9, 0x31..=0x7E | 0x91..=0xFE) => standard(lead, trail),
        _ => None,
    }
}

fn hangul(code: u16) -> Option<u32> {
    let five = |shift: u32| (code >> shift) as u8 & 0x1F;
    match (first(five(10)), vowel(five(5)), last(five(0))) {
        (NONE, ..) | (_, NONE, _) | (.., NONE) | (FILLER, FILLER, FILLER) => None,
        (FILLER, FILLER, last) => match LAST_ALONE[usize::from(last) - 1] {
            0 => None,
            letter => Some(0x3100 + u32::from(letter)),
        },
        (FILLER, vowel, FILLER) => Some(0x314F + u32::from(vowel)),
        (first, FILLER, FILLER) => Some(0x3100 + u32::from(FIRST_ALONE[usize::from(first)])),
        (FILLER, ..) | (_, FILLER, _) => None,
        (first, vowel, last) => {
            let last = if last == FILLER { 0 } else { u32::from(last) };
            Some(0xAC00 + (u32::from(first) * 21 + u32::from(vowel)) * 28 + last)
        }
    }
}

/// Rows of KS X 1001: symbols from 1 on, ideographs from 42 on.
fn standard(lead: u8, trail: u8) -> Option<u32> {
    let row = match lead {
        0xE0.. => (lead - 0xE0) * 2 + 42,
        _ => (lead - 0xD9) * 2 + 1,
    };
    let column = match trail {
        0x91.. => trail - 0x91 + 0x4E,
        _ => trail - 0x31,
    };
    let (row, column) = (row + column / 94, column % 94);
    // Row 4 is the letters of hangul by themselves, which Johab has among the syllables.
    if row == 4 && column < 51 {
        return None;
    }
    euc_kr().decode(row + 0xA0, column + 0xA1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_letters_and_ideographs() {
        for (code, character) in [
            (0x8861, '가'),
            (0xD065, '한'),
            (0xD3BD, '힣'),
            (0x8841, 'ㄱ'),
            (0x8461, 'ㅏ'),
            (0x8444, 'ㄳ'),
            (0xD931, '\u{3000}'),
            (0xE031, '伽'),
            (0xF9FE, '詰'),
        ] {
            let [lead, trail] = u16::to_be_bytes(code);
            assert_eq!(decode(lead, trail), Some(character as u32), "{code:X}");
        }
        assert_eq!(decode(0x84, 0x41), None);
        assert_eq!(decode(0xDF, 0x31), None);
    }

    #[test]
    fn every_syllable_is_there_once() {
        let mut all: Vec<u32> = (0x84..=0xD3_u8)
            .flat_map(|lead| (0x41..=0xFE).filter_map(move |trail| decode(lead, trail)))
            .filter(|character| (0xAC00..=0xD7A3).contains(character))
            .collect();
        all.sort_unstable();
        assert_eq!(all, (0xAC00..=0xD7A3).collect::<Vec<u32>>());
    }
}
