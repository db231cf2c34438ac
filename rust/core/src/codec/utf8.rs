//! UTF-8 to code points of a `str`, in one pass behind one look.
//!
//! In: bytes. Out: how many code points they are and how wide the widest is; then the code points,
//! written where they are wanted. Never writes past what it was given, nor takes for UTF-8 what is
//! none: overlong forms, surrogates and cut characters are refused as Rust's own decoder refuses them.

use super::{Step, StepEncoding};
use crate::text::CodeUnit;
use std::mem::MaybeUninit;

/// What one look at bytes tells about them, if they are UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Code points.
    pub length: usize,
    /// The greatest byte: ASCII below 0x80, Latin-1 below 0xC4, beyond the basic plane from 0xF0.
    pub greatest: u8,
    /// Whether U+0000 or ESC is among them, or a tilde: other encodings may speak through those.
    pub has_signs: bool,
}

/// Look at bytes once. What is no UTF-8 has a length that means nothing.
pub fn look(data: &[u8]) -> Look {
    // Lanes of one byte: a count stays below 256 in so many.
    const RUN: usize = 192;
    let (mut length, mut greatest, mut signs) = (0, 0, false);
    let mut take = |run: &[u8]| {
        let (mut heads, mut most, mut any) = (0_u8, 0_u8, 0_u8);
        for &byte in run {
            heads += u8::from(byte.cast_signed() >= -64);
            most = most.max(byte);
            any |= u8::from(byte == 0) | u8::from(byte == 0x1B) | u8::from(byte == b'~');
        }
        length += usize::from(heads);
        greatest = most.max(greatest);
        signs |= any != 0;
    };
    let mut runs = data.chunks_exact(RUN);
    runs.by_ref().for_each(&mut take);
    take(runs.remainder());
    Look {
        length,
        greatest,
        has_signs: signs,
    }
}

/// Write the code points of UTF-8 into a place that holds as many as [`look`] counted.
///
/// `false` if the bytes are no UTF-8, or have more code points than places, or one that does not
/// fit; what was written then means nothing. `true` says that every place was written.
pub fn write<P: Place>(data: &[u8], places: &mut [P]) -> bool {
    let (mut at, mut done) = (0, 0);
    loop {
        // Four characters of three bytes, the usual run of Chinese.
        while let Some(bytes) = data.get(at..at + 13).and_then(<[u8]>::first_chunk::<13>)
            && let Some(four) = places.get_mut(done..done + 4)
        {
            let three = |k: usize| {
                let word = u32::from_le_bytes([bytes[k], bytes[k + 1], bytes[k + 2], bytes[k + 3]]);
                let character = (word & 0xF) << 12 | (word >> 2 & 0xFC0) | (word >> 16 & 0x3F);
                let is_marked = word & 0x00C0_C0F0 == 0x0080_80E0;
                (
                    character,
                    is_marked && character >= 0x800 && character & 0xF800 != 0xD800,
                )
            };
            let (a, b, c, d) = (three(0), three(3), three(6), three(9));
            if !(a.1 & b.1 & c.1 & d.1) {
                break;
            }
            let mut fits = true;
            for (place, (character, _)) in four.iter_mut().zip([a, b, c, d]) {
                // Of three bytes is nothing beyond the basic plane, which the compiler shall know.
                fits &= place.put(character & 0xFFFF);
            }
            if !fits {
                return false;
            }
            (at, done) = (at + 12, done + 4);
        }
        // Eight of ASCII.
        if let Some(bytes) = data.get(at..at + 8).and_then(<[u8]>::first_chunk::<8>)
            && u64::from_le_bytes(*bytes) & 0x8080_8080_8080_8080 == 0
            && let Some(eight) = places.get_mut(done..done + 8)
        {
            for (place, byte) in eight.iter_mut().zip(bytes) {
                place.put(u32::from(*byte));
            }
            (at, done) = (at + 8, done + 8);
            continue;
        }
        if at >= data.len() {
            return done == places.len();
        }
        let Step::Character(character, length) = StepEncoding::Utf8.step(&data[at..]) else {
            return false;
        };
        // Six bytes are CESU-8, which is not UTF-8.
        let fits = length <= 4
            && places
                .get_mut(done)
                .is_some_and(|place| place.put(character));
        if !fits {
            return false;
        }
        (at, done) = (at + length, done + 1);
    }
}

/// Where a code point is written: a place that may be too narrow for some.
pub trait Place {
    /// Write a code point, if it fits.
    fn put(&mut self, character: u32) -> bool;
}

impl<T: CodeUnit> Place for T {
    #[inline(always)]
    fn put(&mut self, character: u32) -> bool {
        T::narrow(character).map(|unit| *self = unit).is_some()
    }
}

impl<T: CodeUnit> Place for MaybeUninit<T> {
    #[inline(always)]
    fn put(&mut self, character: u32) -> bool {
        T::narrow(character).map(|unit| self.write(unit)).is_some()
    }
}

/// The code points of UTF-8, all of the basic plane; `None` if it is none or they are not.
pub fn basic(data: &[u8]) -> Option<Vec<u16>> {
    let look = look(data);
    if look.greatest >= 0xF0 {
        return None;
    }
    let mut units = vec![0; look.length];
    write(data, &mut units).then_some(units)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As Rust's own decoder has it.
    fn slowly(data: &[u8]) -> Option<Vec<u32>> {
        let text = std::str::from_utf8(data).ok()?;
        Some(text.chars().map(u32::from).collect())
    }

    fn quickly(data: &[u8]) -> Option<Vec<u32>> {
        let mut places = vec![0_u32; look(data).length];
        write(data, &mut places).then_some(places)
    }

    proptest! {
        #[test]
        fn text_is_written_as_rust_reads_it(text in "([一-龥]{0,9}|[a-z ]{0,12}|[é£ж]|[𠀀-𠀂])*") {
            prop_assert_eq!(quickly(text.as_bytes()), slowly(text.as_bytes()));
            let narrow = basic(text.as_bytes());
            prop_assert_eq!(narrow.is_some(), text.chars().all(|c| u32::from(c) < 0x1_0000));
            if let Some(narrow) = narrow {
                prop_assert_eq!(narrow, text.encode_utf16().collect::<Vec<u16>>());
            }
        }

        #[test]
        fn a_changed_byte_is_refused_as_rust_refuses_it(
            text in "([一-龥]{0,9}|[a-z ]{0,12}|[é£ж]|[𠀀-𠀂])*", at in 0_usize..200, byte in any::<u8>()
        ) {
            let mut data = text.into_bytes();
            if let Some(slot) = data.get_mut(at) {
                *slot = byte;
            }
            prop_assert_eq!(quickly(&data), slowly(&data));
        }

        #[test]
        fn noise_is_refused_as_rust_refuses_it(data in prop::collection::vec(prop::sample::select(
            vec![0xE4_u8, 0xB8, 0x80, 0xA0, 0xED, 0x9F, 0xE0, 0xEF, 0xBF, b'a', 0xF0, 0xC3]), 0..30)) {
            prop_assert_eq!(quickly(&data), slowly(&data));
        }
    }

    #[test]
    fn one_look_tells_all() {
        let chinese = "一二三~".repeat(100);
        let expected = Look {
            length: 400,
            greatest: 0xE4,
            has_signs: true,
        };
        assert_eq!(look(chinese.as_bytes()), expected);
        assert!(!look("一二三".repeat(90).as_bytes()).has_signs);
        assert!(look(&[b'a', 0]).has_signs);
    }
}
