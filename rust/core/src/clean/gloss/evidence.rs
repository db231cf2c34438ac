//! Whether the glosses of a document are damage.
//!
//! The rule, measured on 171 real excerpts (precision 1, recall .96): glosses of common Traditional
//! characters (their Simplified form differs and is in GB 2312 level 1), with their most common
//! reading, inside running text, of at least two different characters, and at most one gloss in
//! five on any other character. A gloss behind a lost byte needs no second one: nobody writes it.

use super::bytes::gbk_of;
use super::pool::Pooled;
use super::token::{Form, Token};
use crate::tables::characters::{common_traditional_read_as, has_tone, reading};
use crate::text::{CodeUnit, is_han};
use std::collections::BTreeMap;

/// What the glosses of a text strike.
pub(super) struct Struck {
    /// Common Traditional characters that are glossed with their most common reading in running text, and how often.
    pub(super) characters: BTreeMap<u32, usize>,
    /// Glosses with a tone of Chinese characters, and those of them on characters that no mirror glosses.
    pub(super) all: usize,
    pub(super) others: usize,
    /// One character is glossed in two ways: a lesson (處(chǔ)理 and 處(chù)所). A mirror has one reading for each.
    pub(super) is_lesson: bool,
}

pub(super) fn struck<T: CodeUnit>(text: &[T], tokens: &[Token]) -> Struck {
    let mut found = Struck {
        characters: BTreeMap::new(),
        all: 0,
        others: 0,
        is_lesson: false,
    };
    let mut syllables = BTreeMap::new();
    for token in tokens.iter().filter(|token| token.form == Form::Bracket) {
        let base = token.start.checked_sub(1).map_or(0, |at| text[at].wide());
        if !is_han(base) || !has_tone(token.syllable) {
            continue;
        }
        found.all += 1;
        found.is_lesson |= *syllables.entry(base).or_insert(token.syllable) != token.syllable;
        match reading(base, token.syllable) {
            Some(known) if known.of_common_traditional => {
                if known.is_default && is_in_running_text(text, token) {
                    *found.characters.entry(base).or_insert(0_usize) += 1;
                }
            }
            _ => found.others += 1,
        }
    }
    found
}

/// By what the text itself shows, and where that is too little, by what the corpus that it is from has shown.
pub fn is_damage<T: CodeUnit>(text: &[T], tokens: &[Token], pooled: &Pooled) -> bool {
    let is_lost = |token: &&Token| token.form == Form::LostByte;
    if tokens
        .iter()
        .filter(is_lost)
        .any(|token| is_torn(text, token))
    {
        return true;
    }
    let struck = struck(text, tokens);
    if struck.is_lesson {
        return false;
    }
    let (characters, others) = (&struck.characters, struck.others);
    let is_told = characters.len() >= 2 && recur_glossed(text, characters);
    // One gloss of a character that the corpus has glossed wherever else it stands.
    let is_pooled = !characters.is_empty()
        && characters.keys().all(|character| pooled.has(*character))
        && recur_glossed(text, characters);
    (is_told || is_pooled) && others * 5 <= struck.all
}

/// A lost byte that makes, with the byte before it, a character that is read as the gloss says.
fn is_torn<T: CodeUnit>(text: &[T], token: &Token) -> bool {
    let before = token.start.checked_sub(1).map_or(0, |at| text[at].wide());
    let Some(bytes) = gbk_of(before) else {
        return false;
    };
    let mut read_so = common_traditional_read_as(token.syllable);
    read_so.any(|c| gbk_of(c).is_some_and(|glossed| glossed.first() == bytes.last()))
}

/// A character before the glossed one, or behind the gloss: not a list of words to learn.
fn is_in_running_text<T: CodeUnit>(text: &[T], token: &Token) -> bool {
    let at = |k: Option<usize>| k.and_then(|k| text.get(k)).map_or(0, |unit| unit.wide());
    // Behind another gloss, the character before this one's stands before that one's bracket.
    let before = at(token.start.checked_sub(2));
    is_han(before) || is_han(at(Some(token.end))) || before == 0x29
}

/// Mirrors gloss a character wherever it stands; a book glosses it once. Counted over the document:
/// few glossed characters may also stand bare, as where a clean paragraph is joined to a damaged one.
fn recur_glossed<T: CodeUnit>(text: &[T], struck: &BTreeMap<u32, usize>) -> bool {
    let mut total: BTreeMap<u32, usize> = struck.keys().map(|c| (*c, 0)).collect();
    for unit in text {
        if let Some(count) = total.get_mut(&unit.wide()) {
            *count += 1;
        }
    }
    let mostly_glossed = |c: &&u32| struck[*c] * 2 >= total[*c];
    struck.keys().filter(mostly_glossed).count() * 2 > struck.len()
}
