//! Where the bytes that a text was misread from are UTF-8: a look-up a character.
//!
//! In: a text, and the encoding it was read as. Out: the places that are UTF-8 and hardly by chance.
//! Never decides: [`super::lattice`] weighs what is found here.
//!
//! What the bytes are in UTF-8 is all that matters, so a table has their classes for every character
//! of the basic plane. Without it, a third of repairing clean text went into encoding its rarest lines;
//! and a fifth into waiting for it, when each encoding had its own.

use super::chains::{self, AROUND, Wrong};
use std::ops::Range;
use std::sync::LazyLock;

/// What a byte is in UTF-8.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Class {
    Ascii = 1,
    /// The second byte of a character, or a later one.
    Next,
    /// The first of two, of three, of four.
    Lead2,
    Lead3,
    Lead4,
    /// In no UTF-8.
    Other,
}

const CLASSES: [Class; 8] = {
    use Class::{Ascii, Lead2, Lead3, Lead4, Next, Other};
    [Other, Ascii, Next, Lead2, Lead3, Lead4, Other, Other]
};

impl Class {
    fn of(byte: u8) -> Class {
        match byte {
            0..=0x7F => Class::Ascii,
            0x80..=0xBF => Class::Next,
            0xC2..=0xDF => Class::Lead2,
            0xE0..=0xEF => Class::Lead3,
            0xF0..=0xF4 => Class::Lead4,
            _ => Class::Other,
        }
    }
}

/// The classes of a character's bytes: three bits each, the first byte's lowest; whether one of them
/// begins a character of several, and whether they may be a part of Chinese. Zero where the encoding lacks
/// the character.
#[derive(Clone, Copy)]
struct Packed(u16);

const BITS: u32 = 3;
const HAS_LEAD: u16 = 1 << 15;
const MAY_BE_CHINESE: u16 = 1 << 14;

impl Packed {
    fn of(wrong: Wrong, character: u32) -> Packed {
        let Some(bytes) = wrong.bytes(character) else {
            return Packed(0);
        };
        let mut packed = match chains::may_be_utf8(wrong, character) {
            true => MAY_BE_CHINESE,
            false => 0,
        };
        for (at, &byte) in bytes.iter().enumerate() {
            let class = Class::of(byte);
            packed |= (class as u16) << (BITS * at as u32);
            if matches!(class, Class::Lead2 | Class::Lead3 | Class::Lead4) {
                packed |= HAS_LEAD;
            }
        }
        Packed(packed)
    }

    fn is_gap(self) -> bool {
        self.0 == 0
    }

    fn has_lead(self) -> bool {
        self.0 & HAS_LEAD != 0
    }

    fn classes(self) -> impl Iterator<Item = Class> {
        let mut left = self.0 & !(HAS_LEAD | MAY_BE_CHINESE);
        std::iter::from_fn(move || {
            let class = (left != 0).then(|| CLASSES[usize::from(left & 7)]);
            left >>= BITS;
            class
        })
    }

    /// Of a character without a lead: whether its last byte is ASCII.
    fn ends_in_ascii(self) -> bool {
        self.classes().last() == Some(Class::Ascii)
    }
}

/// The encodings of pairs, in the order of a row.
const PAIRS: [Wrong; 4] = [Wrong::Gbk, Wrong::Big5, Wrong::ShiftJis, Wrong::EucKr];

/// What each of them has for a character.
type Row = [Packed; PAIRS.len()];

static ROWS: LazyLock<Box<[Row]>> = LazyLock::new(|| (0..0x1_0000).map(row).collect());

fn row(character: u32) -> Row {
    PAIRS.map(|wrong| Packed::of(wrong, character))
}

/// A text, and what its bytes were in every encoding of pairs.
pub(super) struct Look<'a> {
    text: &'a [u32],
    rows: Vec<Row>,
}

impl Look<'_> {
    /// One look at every character.
    pub(super) fn new(text: &[u32]) -> Look<'_> {
        let known = &**ROWS;
        let of = |&character: &u32| {
            let known = known.get(character as usize).copied();
            known.unwrap_or_else(|| row(character))
        };
        Look {
            text,
            rows: text.iter().map(of).collect(),
        }
    }

    #[inline(always)]
    fn packed(&self, wrong: Wrong, at: usize) -> Packed {
        let row = &self.rows[at];
        match wrong {
            Wrong::Gbk => row[0],
            Wrong::Big5 => row[1],
            Wrong::ShiftJis => row[2],
            Wrong::EucKr => row[3],
            // Few characters have a byte there at all, and those are found at once.
            Wrong::Single(_) => Packed::of(wrong, self.text[at]),
        }
    }

    /// Whether the bytes of a character may be a part of Chinese in UTF-8, more of which is missing.
    pub(super) fn may_be_utf8(&self, wrong: Wrong, at: usize) -> bool {
        self.packed(wrong, at).0 & MAY_BE_CHINESE != 0
    }

    /// Where the bytes of a text are UTF-8: two characters in a row of which one takes three bytes,
    /// four of any, or one of three between what is no part of any. Other bytes are that by chance.
    pub(super) fn utf8_places(&self, wrong: Wrong) -> Vec<Range<usize>> {
        let text = self.text;
        let mut places: Vec<Range<usize>> = Vec::new();
        let mut run = Utf8Run {
            is_single: matches!(wrong, Wrong::Single(_)),
            ..Utf8Run::default()
        };
        for at in 0..text.len() {
            let packed = self.packed(wrong, at);
            if packed.is_gap() {
                if let Some(start) = run.finish(true) {
                    places.push(start..at);
                }
            } else if run.is_idle() && !packed.has_lead() {
                run.is_inside = !packed.ends_in_ascii();
            } else {
                for class in packed.classes() {
                    if let Some(start) = run.push(class, at) {
                        places.push(start..at + 1);
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
    /// Nothing has begun.
    fn is_idle(&self) -> bool {
        self.count == 0 && self.missing == 0
    }

    /// One more byte; answers where a run began that ends before it and is evidence.
    #[inline]
    fn push(&mut self, class: Class, at: usize) -> Option<usize> {
        if self.missing > 0 && class == Class::Next {
            self.missing -= 1;
            if self.missing == 0 {
                self.count += 1;
                self.has_long |= self.length > 2;
            }
            return None;
        }
        let length = match class {
            Class::Lead2 => 2,
            Class::Lead3 => 3,
            Class::Lead4 => 4,
            _ => 0,
        };
        let ended = match self.missing > 0 || length == 0 {
            true => self.finish(class == Class::Ascii),
            false => None,
        };
        self.length = length;
        if length > 0 {
            if self.count == 0 {
                self.start = at;
                self.is_after_edge = !self.is_inside;
            }
            self.missing = length - 1;
        }
        self.is_inside = class != Class::Ascii;
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

#[cfg(test)]
mod tests {
    use super::super::chains::GROUPS;
    use super::*;
    use crate::text::from_str;
    use proptest::prelude::*;

    /// The bytes as they are, and every stretch that UTF-8 reads, looked at one by one.
    fn slowly(text: &[u32], wrong: Wrong) -> Vec<bool> {
        let is_single = matches!(wrong, Wrong::Single(_));
        let mut bytes: Vec<(Option<u8>, usize)> = Vec::new();
        for (at, &character) in text.iter().enumerate() {
            match wrong.bytes(character) {
                Some(found) => bytes.extend(found.iter().map(|&byte| (Some(byte), at))),
                None => bytes.push((None, at)),
            }
        }
        let is_edge = |at: Option<usize>| {
            let byte = at.and_then(|at| bytes.get(at)).and_then(|byte| byte.0);
            byte.is_none_or(|byte| byte < 0x80)
        };
        let length = |at: usize| {
            let length = match bytes[at].0.map(Class::of) {
                Some(Class::Lead2) => 2,
                Some(Class::Lead3) => 3,
                Some(Class::Lead4) => 4,
                _ => return None,
            };
            let rest = bytes.get(at + 1..at + length)?;
            let is_next = |byte: &(Option<u8>, usize)| byte.0.map(Class::of) == Some(Class::Next);
            rest.iter().all(is_next).then_some(length)
        };
        let mut is_in = vec![false; text.len()];
        let mut at = 0;
        while at < bytes.len() {
            let (start, mut count, mut has_long) = (at, 0, is_single);
            while at < bytes.len()
                && let Some(length) = length(at)
            {
                (count, has_long) = (count + 1, has_long || length > 2);
                at += length;
            }
            if count == 0 {
                at += 1;
                continue;
            }
            let is_alone = is_edge(start.checked_sub(1)) && is_edge(Some(at)) && has_long;
            if count > 3 || (count > 1 && has_long) || is_alone {
                let first = bytes[start].1.saturating_sub(AROUND);
                let last = bytes[at - 1].1 + AROUND;
                is_in[first..=last.min(text.len() - 1)].fill(true);
            }
        }
        is_in
    }

    proptest! {
        /// What the table finds has every stretch of UTF-8 in it that is hardly chance.
        #[test]
        fn no_stretch_is_missed(
            meant in "[一-龥，。a-z ]{0,12}",
            around in "[一-龥é“”a-z]{0,20}",
            row in 0..10_usize,
        ) {
            let wrong = GROUPS[row].0;
            let read: String = match wrong {
                Wrong::Gbk => encoding_rs::GB18030.decode_without_bom_handling(meant.as_bytes()).0.into_owned(),
                Wrong::Big5 => encoding_rs::BIG5.decode_without_bom_handling(meant.as_bytes()).0.into_owned(),
                Wrong::ShiftJis => encoding_rs::SHIFT_JIS.decode_without_bom_handling(meant.as_bytes()).0.into_owned(),
                Wrong::EucKr => encoding_rs::EUC_KR.decode_without_bom_handling(meant.as_bytes()).0.into_owned(),
                Wrong::Single(single) => {
                    let known = |byte: &u8| single.decode(*byte).and_then(char::from_u32).unwrap_or('?');
                    meant.as_bytes().iter().map(known).collect()
                }
            };
            let text = from_str(&format!("{around}{read}{around}"));
            let mut found = vec![false; text.len()];
            for place in Look::new(&text).utf8_places(wrong) {
                found[place].fill(true);
            }
            for (at, must) in slowly(&text, wrong).into_iter().enumerate() {
                prop_assert!(found[at] || !must, "{at}");
            }
        }
    }
}
