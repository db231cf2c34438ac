//! What looks like a gloss: letters of pinyin in brackets, or behind a byte that was lost.

use crate::tables::characters::{Syllable, is_pinyin_letter, pack_syllable};
use crate::text::CodeUnit;

/// A gloss as it stands in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// The bracket, or the mark of the lost byte.
    pub start: usize,
    /// One past the closing bracket.
    pub end: usize,
    pub syllable: Syllable,
    pub form: Form,
}

/// How the gloss begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `(jìn)`: the bytes before the bracket are whole characters, or half of one that took an
    /// ASCII letter for its second byte.
    Bracket,
    /// `?yàn)` or `?(yàn)`: a first byte was left alone, and the decoder put a mark for it.
    LostByte,
}

/// Whether a gloss may end with a character.
#[inline(always)]
pub fn is_end(code_point: u32) -> bool {
    code_point == 0x29
}

/// All glosses of a text, in order; `places` are those of closing brackets.
pub fn tokens<T: CodeUnit>(text: &[T], places: impl Iterator<Item = usize>) -> Vec<Token> {
    let mut found = Vec::new();
    let mut done = 0;
    for close in places {
        if let Some(token) = ending_at(&text[done..], close - done) {
            found.push(Token {
                start: token.start + done,
                end: close + 1,
                ..token
            });
            done = close + 1;
        }
    }
    found
}

fn ending_at<T: CodeUnit>(text: &[T], close: usize) -> Option<Token> {
    // Seven: the six letters of zhuāng and shuāng, and one more to see that the run goes on.
    let letters = text[..close].iter().rev().take(7);
    let letters = letters
        .take_while(|unit| is_pinyin_letter(unit.wide()))
        .count();
    let from = close - letters;
    let syllable = pack_syllable(text[from..close].iter().map(|unit| unit.wide()))?;
    let before = |k: usize| from.checked_sub(k).map_or(0, |at| text[at].wide());
    let (start, form) = match before(1) {
        0x28 if is_lost(before(2)) => (from - 2, Form::LostByte),
        0x28 => (from - 1, Form::Bracket),
        mark if is_lost(mark) => (from - 1, Form::LostByte),
        _ => return None,
    };
    Some(Token {
        start,
        end: close + 1,
        syllable,
        form,
    })
}

/// What decoders write for a byte they cannot read.
pub fn is_lost(code_point: u32) -> bool {
    matches!(code_point, 0x3F | 0xFFFD)
}
