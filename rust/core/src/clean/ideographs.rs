//! Ideographs: radicals, compatibility, vertical and small forms, and private use, as the
//! characters they stand for.
//!
//! PDF files map 一 to the radical ⼀; both look the same and only one is found by a search. Text
//! about radicals stays: a radical in quotes or alone, or in a list of radicals.

use super::{Context, private_use};
use crate::edit::{Edit, Kind};
use crate::tables::characters::ordinary_form;
use crate::text::{CodeUnit, from_str, is_cjk_mark, is_han, is_kana, line_around};
use std::sync::LazyLock;

pub fn edits<T: CodeUnit>(text: &[T], context: &Context) -> Vec<Edit> {
    let mut edits = Vec::new();
    // The line of the last private use, and whether that is Hong Kong's.
    let (mut line, mut is_hong_kong) = (0..0, false);
    for at in context.runs.places(text, Kind::Ideographs) {
        let code_point = text[at].wide();
        let mut hong_kong = None;
        if private_use::is_private_use(code_point) {
            if !line.contains(&at) {
                line = line_around(text, at);
                is_hong_kong = private_use::is_from_hong_kong(&text[line.clone()]);
            }
            if is_hong_kong {
                hong_kong = private_use::character_at(&text[line.clone()], at - line.start);
            }
        }
        // Hong Kong's and GB 18030's have some code points in common.
        let Some(ordinary) = hong_kong.or_else(|| ordinary_form(code_point)) else {
            continue;
        };
        let is_meant = match code_point {
            0x2E80..=0x2FDF => is_about_radicals(text, at),
            0xFE35..=0xFE44 | 0xFE47..=0xFE48 => !has_partner(text, at),
            _ => is_named_by_code(text, at),
        };
        if !is_meant && !context.is_protected(at) {
            edits.push(Edit::new(at, at + 1, [ordinary], Kind::Ideographs));
        }
    }
    edits
}

/// Words that stand near a radical that is meant as one.
static TALK: LazyLock<Vec<Vec<u32>>> = LazyLock::new(|| {
    let words = "部首 偏旁 字頭 字头 字旁 字底 康熙 radical Radical 部件";
    words.split(' ').map(from_str).collect()
});

fn is_about_radicals<T: CodeUnit>(text: &[T], at: usize) -> bool {
    let side = |k: Option<usize>| k.and_then(|k| text.get(k)).map_or(0, |unit| unit.wide());
    let (before, after) = (side(at.checked_sub(1)), side(Some(at + 1)));
    let in_running_text = is_character(before) || is_character(after);
    !in_running_text
        || is_named_by_code(text, at)
        || is_listed(text, at)
        || is_talked_about(text, at)
}

fn is_character(code_point: u32) -> bool {
    is_han(code_point) || (0x2E80..0x2FE0).contains(&code_point)
}

/// 豈(U+F900): the code point itself is meant.
fn is_named_by_code<T: CodeUnit>(text: &[T], at: usize) -> bool {
    let after = &text[at + 1..text.len().min(at + 5)];
    let mut pairs = after.windows(2);
    pairs.any(|pair| matches!(pair[0].wide(), 0x55 | 0x75) && pair[1].wide() == 0x2B)
}

/// Whether a vertical bracket opens or closes something: one by itself is a mouth or an arm in a face, (￣︶￣).
/// Two stand side by side in Unicode, the odd one first.
fn has_partner<T: CodeUnit>(text: &[T], at: usize) -> bool {
    // 200: as for brackets of other widths. The line is looked for no farther: `︵︵︵…` took the square of its length.
    let first = at.saturating_sub(200);
    let near = line_around(&text[first..text.len().min(at + 200)], at - first);
    let (own, line) = (text[at].wide(), first + near.start..first + near.end);
    let opens = own % 2 == 1;
    let partner = if opens { own + 1 } else { own - 1 };
    let is_written = |unit: &T| {
        let one = unit.wide();
        is_han(one)
            || is_kana(one)
            || is_cjk_mark(one)
            || char::from_u32(one).is_some_and(|c| c.is_ascii_alphanumeric())
    };
    // What is in brackets touches both.
    let is_inside =
        |part: &[T]| part.first().is_some_and(is_written) && part.last().is_some_and(is_written);
    match opens {
        true => {
            let behind = &text[at + 1..line.end];
            let end = behind.iter().position(|unit| unit.wide() == partner);
            end.is_some_and(|end| is_inside(&behind[..end]))
        }
        false => {
            let before = &text[line.start..at];
            let start = before.iter().rposition(|unit| unit.wide() == partner);
            start.is_some_and(|start| is_inside(&before[start + 1..]))
        }
    }
}

/// Three radicals in a row in the order of their code points: a table of them.
fn is_listed<T: CodeUnit>(text: &[T], at: usize) -> bool {
    let follows = |k: usize| {
        let pair = text.get(k..k + 2);
        pair.is_some_and(|pair| pair[1].wide() == pair[0].wide() + 1 && is_radical(pair[0].wide()))
    };
    (at.saturating_sub(2)..=at).any(|k| follows(k) && follows(k + 1) && k + 2 >= at)
}

fn is_radical(code_point: u32) -> bool {
    (0x2E80..0x2FE0).contains(&code_point)
}

fn is_talked_about<T: CodeUnit>(text: &[T], at: usize) -> bool {
    // Ten: 「部首「⼀」與…」 and the like; farther off, the sentence is about something else.
    let near = &text[at.saturating_sub(10)..text.len().min(at + 10)];
    let is_here = |word: &Vec<u32>| {
        near.windows(word.len()).any(|window| {
            window
                .iter()
                .zip(word)
                .all(|(unit, want)| unit.wide() == *want)
        })
    };
    TALK.iter().any(is_here)
}
