//! UTF-8 to code points of a `str`, in one pass behind one look.
//!
//! In: bytes. Out: how many code points they are and how wide the widest is; then the code points,
//! written where they are wanted. Never writes past what it was given, nor takes for UTF-8 what is
//! none: overlong forms, surrogates and cut characters are refused as Rust's own decoder refuses them.

pub use super::utf8_out::{Short, push_while, push_with};
use super::{Step, StepEncoding, utf8_runs};
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
    while at < data.len() {
        let (read, written) = write_run(&data[at..], &mut places[done..]);
        (at, done) = (at + read, done + written);
        let ascii = write_ascii(&data[at..], &mut places[done..]);
        (at, done) = (at + ascii, done + ascii);
        if at < data.len() {
            match write_one(&data[at..], &mut places[done..]) {
                Some(length) => (at, done) = (at + length, done + 1),
                None => return false,
            }
        }
    }
    done == places.len()
}

/// Whether bytes are UTF-8: what [`write`] says, without a place for any of it.
pub fn is_valid(data: &[u8]) -> bool {
    simdutf8::basic::from_utf8(data).is_ok()
}

/// Characters of three bytes, as long as they come, where the places are as wide as those.
#[inline]
fn write_run<P: Place>(data: &[u8], places: &mut [P]) -> (usize, usize) {
    if !P::IS_UNIT {
        return (0, 0);
    }
    // SAFETY: a place is a `u16` or room for one, and the pointer is valid for all of them.
    unsafe { utf8_runs::write(data, places.as_mut_ptr().cast(), places.len()) }
}

/// One code point of any length; the answer is how many bytes it took.
fn write_one<P: Place>(data: &[u8], places: &mut [P]) -> Option<usize> {
    match StepEncoding::Utf8.step(data) {
        // Six bytes are CESU-8, which is not UTF-8.
        Step::Character(character, length @ 1..=4) => {
            places.first_mut()?.put(character).then_some(length)
        }
        _ => None,
    }
}

/// ASCII, as far as it goes, eight at once; the answer is how many.
fn write_ascii<P: Place>(data: &[u8], places: &mut [P]) -> usize {
    let mut done = 0;
    for (bytes, eight) in data.chunks_exact(8).zip(places.chunks_exact_mut(8)) {
        if !bytes.is_ascii() {
            break;
        }
        for (place, byte) in eight.iter_mut().zip(bytes) {
            place.put(u32::from(*byte));
        }
        done += 8;
    }
    for (byte, place) in data[done..].iter().zip(&mut places[done..]) {
        if *byte >= 0x80 {
            break;
        }
        place.put(u32::from(*byte));
        done += 1;
    }
    done
}

/// Whether bytes are UTF-8, or the beginning of it.
pub fn is_begun(data: &[u8], is_complete: bool) -> bool {
    match std::str::from_utf8(data) {
        Ok(_) => true,
        Err(error) => !is_complete && error.error_len().is_none(),
    }
}

/// Where a code point is written: a place that may be too narrow for some.
pub trait Place {
    /// Whether it is a `u16`, or room for one.
    const IS_UNIT: bool;
    /// Write a code point, if it fits.
    fn put(&mut self, character: u32) -> bool;
}

impl<T: CodeUnit> Place for T {
    const IS_UNIT: bool = size_of::<T>() == 2;
    #[inline(always)]
    fn put(&mut self, character: u32) -> bool {
        T::narrow(character).map(|unit| *self = unit).is_some()
    }
}

impl<T: CodeUnit> Place for MaybeUninit<T> {
    const IS_UNIT: bool = size_of::<T>() == 2;
    #[inline(always)]
    fn put(&mut self, character: u32) -> bool {
        T::narrow(character).map(|unit| self.write(unit)).is_some()
    }
}

/// The code points of UTF-8, all of the basic plane; `None` if it is none or they are not.
pub fn basic(data: &[u8]) -> Option<Vec<u16>> {
    let mut units = Vec::new();
    push_basic(&mut units, data).then_some(units)
}

/// The same behind what is there; `false` if it is no UTF-8 of the basic plane, and nothing was put there.
pub fn push_basic(units: &mut Vec<u16>, data: &[u8]) -> bool {
    let look = look(data);
    if look.greatest >= 0xF0 {
        return false;
    }
    units.reserve(look.length);
    let is_whole = write(data, &mut units.spare_capacity_mut()[..look.length]);
    if is_whole {
        // SAFETY: [`write`] says that every place was written.
        unsafe { units.set_len(units.len() + look.length) };
    }
    is_whole
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

    /// The same, if all are of the basic plane.
    fn narrowly(data: &[u8]) -> Option<Vec<u16>> {
        let units = slowly(data)?.into_iter().map(u16::try_from);
        units.collect::<Result<_, _>>().ok()
    }

    proptest! {
        #[test]
        fn text_is_written_as_rust_reads_it(text in "([一-龥]{0,19}|[a-z ]{0,12}|[é£ж]|[𠀀-𠀂])*") {
            prop_assert_eq!(quickly(text.as_bytes()), slowly(text.as_bytes()));
            prop_assert_eq!(narrowly(text.as_bytes()), basic(text.as_bytes()));
            let narrow = basic(text.as_bytes());
            prop_assert_eq!(narrow.is_some(), text.chars().all(|c| u32::from(c) < 0x1_0000));
            if let Some(narrow) = narrow {
                prop_assert_eq!(narrow, text.encode_utf16().collect::<Vec<u16>>());
            }
        }

        #[test]
        fn a_changed_byte_is_refused_as_rust_refuses_it(
            text in "([一-龥]{0,19}|[a-z ]{0,12}|[é£ж]|[𠀀-𠀂])*", at in 0_usize..200, byte in any::<u8>()
        ) {
            let mut data = text.into_bytes();
            if let Some(slot) = data.get_mut(at) {
                *slot = byte;
            }
            prop_assert_eq!(quickly(&data), slowly(&data));
            prop_assert_eq!(narrowly(&data), basic(&data));
        }

        #[test]
        fn validity_is_rust_s_wherever_a_chunk_ends(
            text in "([一-龥]{0,19}|[a-z ]{0,12}|[é£ж]|[𠀀-𠀂])*", at in 0_usize..9_000, byte in any::<u8>()
        ) {
            let mut data = text.as_bytes().repeat(9_000 / text.len().max(1));
            prop_assert!(is_valid(&data));
            if let Some(slot) = data.get_mut(at) {
                *slot = byte;
            }
            prop_assert_eq!(is_valid(&data), std::str::from_utf8(&data).is_ok());
        }

        #[test]
        fn noise_is_refused_as_rust_refuses_it(data in prop::collection::vec(prop::sample::select(
            vec![0xE4_u8, 0xB8, 0x80, 0xA0, 0xED, 0x9F, 0xE0, 0xEF, 0xBF, b'a', 0xF0, 0xC3]), 0..30)) {
            // Behind and before enough text that it is read by runs.
            let mut data = data;
            data.splice(0..0, "一二".bytes());
            data.extend("一二三四五六".bytes());

            prop_assert_eq!(quickly(&data), slowly(&data));
            prop_assert_eq!(narrowly(&data), basic(&data));
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
