//! GBK and GB 18030, strictly: one character at a time, both ways.

use crate::codec::{Bytes, Step, StepEncoding, gbk_table};
use std::sync::LazyLock;

/// The bytes of a character in GB 18030: one, two or four. `None` for surrogates.
#[inline]
pub fn encode(code_point: u32) -> Option<Bytes> {
    match code_point {
        0..=0x7F => Some(Bytes::of(&[code_point as u8])),
        _ => match gbk_table().encode(code_point) {
            Some(pair) => Some(Bytes::of(&pair)),
            None => encode_four(code_point),
        },
    }
}

/// The two bytes of a character in GBK, or one for ASCII. `None` if it has none.
#[inline]
pub fn encode_two(code_point: u32) -> Option<Bytes> {
    match code_point {
        0..=0x7F => Some(Bytes::of(&[code_point as u8])),
        _ => gbk_table().encode(code_point).map(|pair| Bytes::of(&pair)),
    }
}

/// The characters of a run of bytes; `None` if any of it is no GB 18030.
pub fn decode(bytes: &[u8]) -> Option<Vec<u32>> {
    let mut text = Vec::with_capacity(bytes.len() / 2);
    let mut rest = bytes;
    while !rest.is_empty() {
        match StepEncoding::Gb18030.step(rest) {
            Step::Character(character, length) => {
                text.push(character);
                rest = &rest[length..];
            }
            Step::Bad(_) => return None,
        }
    }
    Some(text)
}

/// Numbers of the four-byte codes: 0x8130_8130 is 0.
fn number(bytes: [u8; 4]) -> Option<u32> {
    let [a, b, c, d] = bytes;
    let digits = 0x30..=0x39;
    let leads = 0x81..=0xFE;
    if !leads.contains(&a) || !digits.contains(&b) || !leads.contains(&c) || !digits.contains(&d) {
        return None;
    }
    let high = (u32::from(a) - 0x81) * 10 + u32::from(b) - 0x30;
    Some((high * 126 + u32::from(c) - 0x81) * 10 + u32::from(d) - 0x30)
}

fn bytes_of(number: u32) -> [u8; 4] {
    let d = number % 10;
    let c = number / 10 % 126;
    let b = number / 1260 % 10;
    let a = number / 12600;
    [
        a as u8 + 0x81,
        b as u8 + 0x30,
        c as u8 + 0x81,
        d as u8 + 0x30,
    ]
}

/// Four-byte codes of the basic plane, both ways.
struct Four {
    characters: Box<[u16]>,
    /// Number plus one; 0 for what has two bytes.
    numbers: Box<[u16]>,
}

const BASIC: u32 = 39_420;
const SUPPLEMENTARY: u32 = 189_000;

static FOUR: LazyLock<Four> = LazyLock::new(|| {
    let all: Vec<u8> = (0..BASIC)
        .flat_map(|number| bytes_of(number).into_iter().chain([b'\n']))
        .collect();
    let (text, _) = encoding_rs::GB18030.decode_without_bom_handling(&all);
    let mut four = Four {
        characters: vec![0; BASIC as usize].into(),
        numbers: vec![0; 0x1_0000].into(),
    };
    for (number, read) in text.split('\n').take(BASIC as usize).enumerate() {
        let mut read = read.chars();
        if let (Some(character), None) = (read.next(), read.next()) {
            let is_replacement = character == char::REPLACEMENT_CHARACTER;
            if is_replacement && bytes_of(number as u32) != [0x84, 0x31, 0xA4, 0x37] {
                continue;
            }
            four.characters[number] = character as u16;
            four.numbers[character as usize] = number as u16 + 1;
        }
    }
    four
});

/// The character of four bytes.
pub(crate) fn decode_four(bytes: [u8; 4]) -> Option<u32> {
    match number(bytes)? {
        number if number < BASIC => {
            let character = FOUR.characters[number as usize];
            (character != 0).then_some(u32::from(character))
        }
        number if (SUPPLEMENTARY..SUPPLEMENTARY + 0x10_0000).contains(&number) => {
            Some(number - SUPPLEMENTARY + 0x1_0000)
        }
        _ => None,
    }
}

fn encode_four(code_point: u32) -> Option<Bytes> {
    let number = match code_point {
        0..=0xFFFF => u32::from(FOUR.numbers[code_point as usize].checked_sub(1)?),
        0x1_0000..=0x10_FFFF => code_point - 0x1_0000 + SUPPLEMENTARY,
        _ => return None,
    };
    Some(Bytes::of(&bytes_of(number)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_comes_back() {
        for character in (0x80..0xD800).chain(0xE000..0x2_0000).chain([0x10_FFFF]) {
            let bytes = encode(character).unwrap_or_else(|| panic!("{character:X}"));
            // What older tables read into private use is written where its character stands now.
            if decode(&bytes) != Some(vec![character]) {
                let is_dialect = (0xE5E5..=0xE900).contains(&character);
                assert!(is_dialect, "{character:X} {:X?}", &*bytes);
            }
        }
        assert_eq!(encode(0xD800), None);
    }

    #[test]
    fn broken_bytes_are_no_text() {
        assert_eq!(decode(&[0xD6]), None);
        assert_eq!(decode(&[0xD6, 0x20]), None);
        assert_eq!(decode(&[0x81, 0x30, 0x81]), None);
        assert_eq!(decode(&[0xD6, 0xD0, b'a']), Some(vec![0x4E2D, 0x61]));
    }
}
