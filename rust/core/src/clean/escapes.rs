//! Escapes: character references, `\uXXXX` and percent runs, read where they stand for Chinese.
//!
//! What could be meant as code stays: a reference to an ASCII character, a single `\uXXXX`, a
//! percent run that adjoins what looks like a URL. Escaped twice (`&amp;#20013;`) is read too.

use super::Context;
use crate::edit::{Edit, Kind};
use crate::text::{CodeUnit, is_cjk_mark, is_han, is_kana};

pub fn edits<T: CodeUnit>(text: &[T], context: &Context) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut done = 0;
    let is_one = |one| matches!(one, 0x25 | 0x26 | 0x5C);
    for at in context.runs.places_of(text, Kind::Escapes, is_one) {
        if at < done {
            continue;
        }
        let read = match text[at].wide() {
            0x26 => reference(text, at),
            0x5C => backslash_run(text, at),
            0x25 => percent_run(text, at),
            _ => None,
        };
        if let Some((end, new)) = read.filter(|(end, _)| !context.protects(at..*end)) {
            edits.push(Edit::new(at, end, new, Kind::Escapes));
            done = end;
        }
    }
    edits
}

type Read = Option<(usize, Vec<u32>)>;

/// References that web pages use for Chinese typesetting; what they stand for is never markup.
const NAMED: [(&str, u32); 12] = [
    ("ldquo;", 0x201C),
    ("rdquo;", 0x201D),
    ("lsquo;", 0x2018),
    ("rsquo;", 0x2019),
    ("hellip;", 0x2026),
    ("mdash;", 0x2014),
    ("ndash;", 0x2013),
    ("middot;", 0xB7),
    ("bull;", 0x2022),
    ("times;", 0xD7),
    ("yen;", 0xA5),
    ("deg;", 0xB0),
];

/// `&#20013;`, `&#x4E2D;`, `&mdash;`, with any number of `amp;` in front.
fn reference<T: CodeUnit>(text: &[T], at: usize) -> Read {
    let mut from = at + 1;
    // Four: how often a page has been seen escaped; keeps `&amp;amp;amp;…` linear.
    for _ in 0..4 {
        if ascii_here(text, from, "amp;") {
            from += 4;
        }
    }
    if let Some((name, code_point)) = NAMED.iter().find(|(name, _)| ascii_here(text, from, name)) {
        return Some((from + name.len(), vec![*code_point]));
    }
    if text.get(from)?.wide() != 0x23 {
        return None;
    }
    let is_hex = matches!(text.get(from + 1)?.wide(), 0x58 | 0x78);
    let (digits_at, radix) = if is_hex {
        (from + 2, 16)
    } else {
        (from + 1, 10)
    };
    let (code_point, digits) = number(text, digits_at, radix, 8);
    let end = digits_at + digits;
    // Pages leave the semicolon out where another reference follows.
    let closing = match text.get(end).map(|unit| unit.wide()) {
        Some(0x3B) => 1,
        Some(0x26) | None if digits >= 4 => 0,
        _ => return None,
    };
    (digits >= 2 && is_text(code_point)).then(|| (end + closing, vec![code_point]))
}

/// Two or more `\uXXXX` in a row, each with one or more backslashes.
fn backslash_run<T: CodeUnit>(text: &[T], at: usize) -> Read {
    // A path, a word or a character class in front: code.
    let before = at.checked_sub(1).map_or(0, |k| text[k].wide());
    if is_word(before) || matches!(before, 0x5C | 0x2F | 0x3A | 0x5B | 0x5D | 0x2D) {
        return None;
    }
    let (mut end, mut new) = (at, Vec::new());
    while let Some((next, unit)) = backslash_u(text, end) {
        let is_high = (0xD800..0xDC00).contains(&unit);
        let low = if is_high {
            backslash_u(text, next)
        } else {
            None
        };
        if let Some((next, low)) = low.filter(|(_, low)| (0xDC00..0xE000).contains(low)) {
            new.push(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
            end = next;
        } else {
            new.push(unit);
            end = next;
        }
    }
    let after = text.get(end).map_or(0, |unit| unit.wide());
    let is_code = matches!(after, 0x5D | 0x2D) || new.iter().any(|unit| !is_text(*unit));
    (new.len() >= 2 && !is_code).then_some((end, new))
}

fn backslash_u<T: CodeUnit>(text: &[T], at: usize) -> Option<(usize, u32)> {
    let slashes = text.get(at..)?.iter().take(3);
    let slashes = slashes.take_while(|unit| unit.wide() == 0x5C).count();
    if !(1..=2).contains(&slashes) || text.get(at + slashes)?.wide() != 0x75 {
        return None;
    }
    let (unit, digits) = number(text, at + slashes + 1, 16, 4);
    (digits == 4).then_some((at + slashes + 5, unit))
}

/// `%E4%B8%AD`, or `%25E4%25B8%25AD`: UTF-8 of Chinese, apart from URLs.
fn percent_run<T: CodeUnit>(text: &[T], at: usize) -> Read {
    let before = at.checked_sub(1).map_or(0, |k| text[k].wide());
    if is_word(before)
        || matches!(
            before,
            0x25 | 0x26 | 0x2B | 0x2D..=0x2F | 0x3A | 0x3D | 0x3F
        )
    {
        return None;
    }
    let (mut end, mut bytes) = (at, Vec::new());
    while let Some(next) = percent_byte(text, end, &mut bytes) {
        end = next;
    }
    let after = text.get(end).map_or(0, |unit| unit.wide());
    if is_word(after) || matches!(after, 0x25 | 0x26 | 0x2B | 0x2D | 0x2F | 0x3D) {
        return None;
    }
    let new: Vec<u32> = std::str::from_utf8(&bytes)
        .ok()?
        .chars()
        .map(u32::from)
        .collect();
    let is_chinese =
        new.iter().any(|c| is_han(*c)) && new.iter().all(|c| is_text(*c) || *c == 0x20);
    is_chinese.then_some((end, new))
}

fn percent_byte<T: CodeUnit>(text: &[T], at: usize, bytes: &mut Vec<u8>) -> Option<usize> {
    if text.get(at)?.wide() != 0x25 {
        return None;
    }
    let at = if ascii_here(text, at + 1, "25") {
        at + 3
    } else {
        at + 1
    };
    let (byte, digits) = number(text, at, 16, 2);
    if digits < 2 {
        return None;
    }
    bytes.push(byte as u8);
    Some(at + 2)
}

/// Up to `most` digits: their value, and how many there are. 0 is what overflows.
fn number<T: CodeUnit>(text: &[T], at: usize, radix: u32, most: usize) -> (u32, usize) {
    let digits = text.get(at..).unwrap_or_default().iter().take(most);
    let digits = digits.map_while(|unit| char::from_u32(unit.wide())?.to_digit(radix));
    let (mut value, mut count) = (0_u32, 0);
    for digit in digits {
        value = value
            .checked_mul(radix)
            .and_then(|v| v.checked_add(digit))
            .unwrap_or(0);
        count += 1;
    }
    (value, count)
}

fn ascii_here<T: CodeUnit>(text: &[T], at: usize, want: &str) -> bool {
    let here = text.get(at..at + want.len());
    here.is_some_and(|here| {
        here.iter()
            .zip(want.bytes())
            .all(|(a, b)| a.wide() == u32::from(b))
    })
}

fn is_word(code_point: u32) -> bool {
    u8::try_from(code_point).is_ok_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether running Chinese text has the character: an escape of anything else is left to code.
fn is_text(code_point: u32) -> bool {
    is_han(code_point)
        || is_cjk_mark(code_point)
        || is_kana(code_point)
        || matches!(
            code_point,
            0xB7 | 0x2014 | 0x2018 | 0x2019 | 0x201C | 0x201D | 0x2026 | 0x3000 | 0x3007 | 0xFF10
                ..=0xFF5A | 0xFFE5
        )
}
