//! Invisible: zero-width, soft hyphen, byte order, bidi and control characters in Chinese.
//!
//! They go where they stand beside ideographs or Chinese marks, for there they join and part
//! nothing. A joiner in an emoji or between letters that join, a direction mark in a text that runs
//! right to left, an escape that a terminal's sequence begins with, and what parts lines and pages stay.

use super::Context;
use crate::edit::{Edit, Kind};
use crate::text::{CodeUnit, is_cjk_mark, is_han, is_kana, line_around};

pub fn edits<T: CodeUnit>(text: &[T], context: &Context) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut runs_right_to_left = None;
    // The line of the last NUL, and whether that ends names there.
    let (mut line, mut has_names) = (0..0, false);
    let mut at = 0;
    while at < text.len() {
        if !is_invisible(text[at].wide()) {
            at += 1;
            continue;
        }
        let run = text[at..]
            .iter()
            .take_while(|unit| is_invisible(unit.wide()));
        let end = at + run.count();
        let before = at.checked_sub(1).map(|k| text[k].wide());
        let after = text.get(end).map(|unit| unit.wide());
        let is_cjk = |side: Option<u32>| side.is_some_and(is_cjk);
        let beside = is_cjk(before) || is_cjk(after);
        let between = (is_cjk(before) || before.is_none_or(is_break))
            && (is_cjk(after) || after.is_none_or(is_break));
        // Each one by its kind: a joiner must have nothing to join on either side.
        for (k, unit) in text[at..end].iter().enumerate() {
            let goes = match unit.wide() {
                0x200C | 0x200D => beside && between,
                0x200E | 0x200F | 0x202A..=0x202E | 0x2066..=0x2069 => {
                    beside && !*runs_right_to_left.get_or_insert_with(|| any_right_to_left(text))
                }
                // A colour or a link in a log: without its first character the rest of the sequence would be text.
                ESCAPE => {
                    let next = text.get(at + k + 1).map(|next| next.wide());
                    beside && !matches!(next, Some(0x5B..=0x5D))
                }
                BELL => beside && !ends_title(text, at + k),
                0x00 => {
                    if !line.contains(&(at + k)) {
                        line = line_around(text, at + k);
                        has_names = are_names(&text[line.clone()]);
                    }
                    beside && !has_names
                }
                _ => beside,
            };
            if goes && !context.is_protected(at + k) {
                push_removal(&mut edits, at + k);
            }
        }
        at = end;
    }
    edits
}

const ESCAPE: u32 = 0x1B;
const BELL: u32 = 0x07;

/// Whether a bell ends a title of a terminal, `ESC ] 0 ; 标题`: no other control character stands in one.
fn ends_title<T: CodeUnit>(text: &[T], at: usize) -> bool {
    let begin = text[..at].iter().rposition(|unit| unit.wide() < 0x20);
    begin.is_some_and(|begin| text[begin].wide() == ESCAPE && text[begin + 1].wide() == 0x5D)
}

/// Whether NUL ends each name of a list, as `find -print0` writes them. Where it stands behind every character, bytes
/// were read as of one width and are of another.
fn are_names<T: CodeUnit>(line: &[T]) -> bool {
    let mut names = line.split(|unit| unit.wide() == 0);
    let is_last = names.next_back().is_some_and(<[T]>::is_empty);
    let (mut count, mut are_long) = (0, true);
    for name in names {
        (count, are_long) = (count + 1, are_long && name.len() > 1);
    }
    is_last && are_long && count > 1
}

/// Remove one code point; with its neighbours one edit.
fn push_removal(edits: &mut Vec<Edit>, at: usize) {
    match edits.last_mut() {
        Some(last) if last.end == at => last.end = at + 1,
        _ => edits.push(Edit::new(at, at + 1, [], Kind::Invisible)),
    }
}

/// Tabulations, feeds and separators are none: without them 第一页 and 第二页 would be one line, and the fields of a
/// record (0x1C to 0x1F, and 0x01 in Hive) one word.
fn is_invisible(code_point: u32) -> bool {
    matches!(code_point,
        0x00 | 0x02..=0x08 | 0x0E..=0x1B | 0x7F..=0x84 | 0x86..=0x9F | 0xAD
        | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x2064 | 0x2066..=0x206F
        | 0xFEFF | 0xFFF9..=0xFFFB)
}

fn is_cjk(code_point: u32) -> bool {
    is_han(code_point)
        || is_cjk_mark(code_point)
        || is_kana(code_point)
        || (0x2E80..0x2FE0).contains(&code_point)
}

fn is_break(code_point: u32) -> bool {
    matches!(code_point, 0x0A | 0x0D)
}

/// Hebrew, Arabic and their neighbours, in whose text direction marks do something.
fn any_right_to_left<T: CodeUnit>(text: &[T]) -> bool {
    text.iter()
        .any(|unit| matches!(unit.wide(), 0x590..=0x8FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFC | 0x10800..=0x10FFF))
}
