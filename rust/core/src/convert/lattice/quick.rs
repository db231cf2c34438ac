//! What is decided whichever way leads through the words around it.
//!
//! Comes in: a text, and the place of a character that would be weighed. Goes out: what is written there, if
//! that is certain. Never: another answer than the lattice gives; an answer where it has a choice.
//!
//! A way through an island reads a character as a word of it says, or by itself. Where all words that cover
//! the place agree with what it is read as by itself, so do all ways, and nothing need be weighed: of the
//! open characters of Simplified text, 89 in 100. Words are asked for by what they have around a character
//! ([`Readings::may_turn`](crate::tables::readings::Readings::may_turn)): a word that covers the place has it
//! beside the character before it, or the one behind, and is those two, or has three that it is one of.

use super::alphabet::{Alphabet, Open, forms_of};
use super::channel::usual;
use super::context::Told;
use super::{Passage, Script};
use crate::tables::readings::{EMPTY, Key, NO_READING, Neighbours, spread};
use crate::tables::scripts::{self, FORM, TRADITIONAL};
use crate::text::CodeUnit;

const NO_READING_HERE: u8 = NO_READING as u8;

/// A character, and the one reading of it that ways may differ from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Only {
    pub(super) reading: u8,
    /// It is the one that it has as a rule.
    pub(super) is_rule: bool,
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
    told: &mut Told,
) -> u8 {
    let weights = told.weights(alphabet, passage, text, at, number, key.contexts);
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
    told: &mut Told,
) -> Option<Only> {
    let number = alphabet.number(alphabet.key(text[at].wide()));
    let (key, known) = (alphabet.open(number)?, alphabet.known_of(number)?);
    let reading = match known.alone[usize::from(passage.cantonese)] {
        NO_READING_HERE => cheapest(alphabet, passage, text, at, number, key, told),
        reading => reading,
    };
    if passage.script == Script::Mixed && !is_one(known, reading, text[at].wide()) {
        return None;
    }
    Some(Only {
        reading,
        is_rule: reading == known.rule,
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
    stays: u32,
) -> Option<Only> {
    let number = alphabet.number(alphabet.key(text[at].wide()));
    let (key, known) = (alphabet.open(number)?, alphabet.known_of(number)?);
    let own = usual(alphabet, text[at].wide());
    let reading = alphabet.own_reading(own);
    if reading == NO_READING || forms_of(key, own) != 1 << reading || alphabet.is_seldom(own) {
        return None;
    }
    let written = match own == u32::from(key.code) {
        true => known.written[reading as usize & 3],
        false => stays,
    };
    Some(Only {
        reading: reading as u8,
        is_rule: reading == u32::from(known.rule),
        written,
    })
}

/// Whether no word that covers an open character can read it otherwise than the rule. Whether any has a
/// neighbour beside it is asked first; then what it has of two or three characters around it.
#[inline(always)]
pub(super) fn words_keep_the_rule<T: CodeUnit>(
    alphabet: &Alphabet,
    text: &[T],
    at: usize,
    code: u32,
) -> bool {
    let table = alphabet.table;
    let hash = |at: usize| text.get(at).map(|unit| alphabet.key(unit.wide()));
    let before = at.checked_sub(1).and_then(hash);
    let (behind, alone) = (hash(at + 1), spread(EMPTY, code));
    let ending = before.map(|before| spread(spread(EMPTY, before), code));
    let starting = behind.map(|behind| spread(alone, behind));
    let may_end = ending.is_some_and(|pair| table.may_turn(pair, Neighbours::SecondOfTwo));
    let may_start = starting.is_some_and(|pair| table.may_turn(pair, Neighbours::FirstOfTwo));
    if !may_end & !may_start {
        return true;
    }
    let ends = |pair: u32| {
        may_end && table.may_turn(pair, Neighbours::SecondOfWord)
            || may_end
                && at >= 2
                && hash(at - 2).zip(before).is_some_and(|(two, one)| {
                    let three = spread(spread(spread(EMPTY, two), one), code);
                    table.may_turn(three, Neighbours::ThirdOfThree)
                })
            || may_end
                && may_start
                && behind.is_some_and(|behind| {
                    table.may_turn(spread(pair, behind), Neighbours::SecondOfThree)
                })
    };
    let starts = |pair: u32| {
        may_start
            && (table.may_turn(pair, Neighbours::FirstOfWord)
                || hash(at + 2).is_some_and(|next| {
                    table.may_turn(spread(pair, next), Neighbours::FirstOfThree)
                }))
    };
    !ending.is_some_and(ends) && !starting.is_some_and(starts)
}

/// The last place at `at` or before it, and at `floor` or behind, that no open word reaches over: there an
/// island may begin, but none goes on.
pub(super) fn gap<T: CodeUnit>(alphabet: &Alphabet, text: &[T], floor: usize, at: usize) -> usize {
    let key = |at: usize| alphabet.key(text[at].wide());
    let (mut start, mut behind) = (at, key(at));
    while start > floor {
        let before = key(start - 1);
        if !alphabet
            .table
            .may_be_inside(spread(spread(EMPTY, before), behind))
        {
            break;
        }
        (start, behind) = (start - 1, before);
    }
    start
}
