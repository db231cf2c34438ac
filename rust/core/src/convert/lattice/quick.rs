//! What is decided whichever way leads through the words around it.
//!
//! Comes in: a text, and the place of a character that would be weighed. Goes out: what is written there, if
//! that is certain. Never: another answer than the lattice gives; an answer where it has a choice.
//!
//! A way through an island reads a character as a word of it says, or by itself. Where all words that cover
//! the place agree with what it is read as by itself, so do all ways, and nothing need be weighed: of the
//! open characters of Simplified text, 81 in 100. Words are asked for by the pairs of neighbours that they
//! are made of ([`Readings::sides`](crate::tables::readings::Readings::sides)): a word that covers the place
//! has it beside the character before it, or the one behind.

use super::alphabet::{Alphabet, Open, forms_of};
use super::channel::usual;
use super::{Passage, Script, context};
use crate::tables::readings::{EMPTY, Key, NO_READING, spread};
use crate::tables::scripts::{self, FORM, TRADITIONAL};
use crate::text::CodeUnit;

const NO_READING_HERE: u8 = NO_READING as u8;

/// A character, and the one reading of it that ways may differ from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Only {
    pub(super) reading: u8,
    /// What is written if none does.
    pub(super) written: u32,
}

/// The cheapest reading of a Simplified form by itself; of equals, the first.
#[inline(always)]
fn cheapest<T: CodeUnit>(
    alphabet: &Alphabet,
    passage: Passage,
    text: &[T],
    at: usize,
    number: u16,
    key: &Key,
) -> u8 {
    let weights = context::weights(alphabet, passage, text, at, number, key.contexts);
    let cost = |reading: usize| i32::from(key.costs[reading]) - weights[reading];
    (1..usize::from(key.count)).fold(0, |best, reading| {
        if cost(reading) < cost(best) {
            reading
        } else {
            best
        }
    }) as u8
}

/// What an open character in its Simplified form is read as by itself; nothing if the states of mixed
/// text differ in it.
#[inline(always)]
pub(super) fn of_simplified<T: CodeUnit>(
    alphabet: &Alphabet,
    passage: Passage,
    text: &[T],
    at: usize,
    number: u16,
) -> Option<Only> {
    let (key, known) = (alphabet.open(number)?, alphabet.known_of(number)?);
    let reading = match known.alone[usize::from(passage.cantonese)] {
        NO_READING_HERE => cheapest(alphabet, passage, text, at, number, key),
        reading => reading,
    };
    if passage.script == Script::Mixed && !is_one(known, reading, text[at].wide()) {
        return None;
    }
    Some(Only {
        reading,
        written: known.written[usize::from(reading & 3)],
    })
}

/// Whether both states of mixed text read a Simplified form so.
fn is_one(known: &Open, reading: u8, code_point: u32) -> bool {
    let is_simplified = scripts::flags(code_point) & (TRADITIONAL | FORM) != TRADITIONAL;
    is_simplified && (known.stays == 0 || known.stays == 1 << reading)
}

/// What a character in a Traditional form stays, unless a word says otherwise; nothing if it is a form of
/// several readings, or of none.
#[inline(always)]
pub(super) fn of_traditional<T: CodeUnit>(
    alphabet: &Alphabet,
    text: &[T],
    at: usize,
    number: u16,
    stays: u32,
) -> Option<Only> {
    let (key, known) = (alphabet.open(number)?, alphabet.known_of(number)?);
    let own = usual(alphabet, text[at].wide());
    let reading = alphabet.own_reading(own);
    if reading == NO_READING || forms_of(key, own) != 1 << reading {
        return None;
    }
    let written = match own == u32::from(key.code) {
        true => known.written[reading as usize & 3],
        false => stays,
    };
    Some(Only {
        reading: reading as u8,
        written,
    })
}

/// Whether no word that stands beside the neighbours that a character has gives it another reading.
#[inline(always)]
pub(super) fn is_agreed<T: CodeUnit>(
    alphabet: &Alphabet,
    text: &[T],
    at: usize,
    code: u32,
    reading: u8,
) -> bool {
    let key = |unit: &T| alphabet.key(unit.wide());
    let before = match at.checked_sub(1).and_then(|before| text.get(before)) {
        Some(unit) => alphabet.table.sides(spread(spread(EMPTY, key(unit)), code)),
        None => 0,
    };
    let behind = match text.get(at + 1) {
        Some(unit) => alphabet.table.sides(spread(spread(EMPTY, code), key(unit))),
        None => 0,
    };
    (before & 15 | behind >> 4) & !(1 << reading) == 0
}
