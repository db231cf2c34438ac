//! URLs and e-mail addresses.
//!
//! In: a text, and where one of their marks stands. Out: the range of the address. Never: a look further than an address
//! may reach.

use super::{back_while, forward_while, is_ascii_letter, is_digit, starts_with};
use crate::text::{CodeUnit, is_han};
use std::ops::Range;

/// The URL with a scheme or `www.`, or the e-mail address, that a `:`, `@` or `w` belongs to.
pub(super) fn address<T: CodeUnit>(text: &[T], at: usize) -> Option<Range<usize>> {
    match text[at].wide() {
        0x3A if starts_with(&text[at..], &[0x3A, 0x2F, 0x2F]) => {
            let start = back_while(text, at, |c| is_ascii_letter(c) || is_digit(c));
            (start < at).then(|| start..url_end(text, at, at + 3))
        }
        0x40 => {
            let start = back_while(text, at, is_address);
            let end = match named_host(text, at + 1) {
                Some(end) => end,
                None => forward_while(text, at + 1, is_address),
            };
            let has_dot = text[at + 1..end].iter().any(|unit| unit.wide() == 0x2E);
            (start < at && has_dot).then_some(start..end)
        }
        0x77 if starts_with(&text[at..], &[0x77, 0x77, 0x77, 0x2E]) => {
            let before = at.checked_sub(1).map_or(0, |k| text[k].wide());
            let stands_alone = !is_ascii_letter(before) && !is_digit(before);
            stands_alone.then(|| at..url_end(text, at, at + 4))
        }
        _ => None,
    }
}

/// Where the URL that runs through `at` ends: the mark that closes the sentence is not part of it. Ideographs are where
/// they stand in a path (`/wiki/中国_(消歧义)`, `/路径?查询=值`), and not where a sentence goes on behind an address.
fn url_end<T: CodeUnit>(text: &[T], at: usize, host: usize) -> usize {
    // 2,000: as for tags; keeps `://甲/甲/…` linear.
    let limit = text.len().min(at + 2_000);
    let mut end = forward_while(text, named_host(text, host).unwrap_or(at), is_url);
    while let Some(next) = (end < limit).then(|| path_end(text, at, end)).flatten() {
        end = forward_while(text, next, is_url);
    }
    let count = |code_point: u32| {
        text[at..end]
            .iter()
            .filter(|unit| unit.wide() == code_point)
            .count()
    };
    let (opened, mut closed) = (count(0x28), count(0x29));
    while end > at {
        match text[end - 1].wide() {
            0x21 | 0x27 | 0x2C | 0x2E | 0x3A | 0x3B | 0x3F => {}
            // A bracket that the path opens, it closes.
            0x29 if closed > opened => closed -= 1,
            _ => break,
        }
        end -= 1;
    }
    end
}

/// Where a host ends that begins at a place and has ideographs in it: `发展.中国`, `例.tw`. Its last label is of letters, or
/// of ideographs that nothing but an address can go on behind.
fn named_host<T: CodeUnit>(text: &[T], at: usize) -> Option<usize> {
    // 253: no name of a host is longer.
    let host = &text[at..text.len().min(at + 253)];
    let belongs =
        |c: u32| is_han(c) || is_ascii_letter(c) || is_digit(c) || matches!(c, 0x2D | 0x2E);
    let length = host.iter().take_while(|unit| belongs(unit.wide())).count();
    let host = &host[..length];
    let is_named = |label: &[T]| label.iter().any(|unit| is_han(unit.wide()));
    let dot = host.iter().rposition(|unit| unit.wide() == 0x2E)?;
    let (labels, last) = (&host[..dot], &host[dot + 1..]);
    let letters = last
        .iter()
        .take_while(|unit| is_ascii_letter(unit.wide()))
        .count();
    if labels.is_empty() || !is_named(host) || last.is_empty() {
        return None;
    }
    let next = text.get(at + length).map(|unit| unit.wide());
    match letters {
        0 if matches!(
            next,
            None | Some(0x09 | 0x0A | 0x0D | 0x20 | 0x2F | 0x3A | 0x3E | 0x22)
        ) =>
        {
            Some(at + length)
        }
        0 => None,
        // Behind letters a sentence may go on: 例.tw是.
        _ if is_named(labels) => Some(at + dot + 1 + letters),
        _ => None,
    }
}

/// Where the ideographs end that stand at `end` in the path of the URL that runs through `at`; nothing if they are no
/// part of it.
fn path_end<T: CodeUnit>(text: &[T], at: usize, end: usize) -> Option<usize> {
    // 60: longer than a title; what goes on further is a sentence.
    const LONGEST: usize = 60;
    let inside = &text[at + 3..end];
    let slash = inside.iter().position(|unit| unit.wide() == 0x2F)?;
    let before = text[end - 1].wide();
    let goes_on = matches!(
        before,
        0x23 | 0x25 | 0x26 | 0x28 | 0x2B | 0x2D | 0x2F | 0x3D | 0x3F | 0x5F
    );
    let run = text[end..].iter().take(LONGEST + 1);
    let length = run.take_while(|unit| is_han(unit.wide())).count();
    if !goes_on || length == 0 || length > LONGEST {
        return None;
    }
    let next = |offset: usize| text.get(end + length + offset).map(|unit| unit.wide());
    match next(0) {
        Some(0x23 | 0x25 | 0x26 | 0x28 | 0x2B | 0x2D | 0x2F | 0x3D | 0x5F) => Some(end + length),
        // A bracket of the path, or one that stands around the address.
        Some(0x29) if inside.iter().any(|unit| unit.wide() == 0x28) => Some(end + length),
        Some(0x3F) if next(1).is_some_and(is_url) || next(1).is_some_and(is_han) => {
            Some(end + length)
        }
        Some(0x2E) if next(1).is_some_and(is_ascii_letter) => Some(end + length),
        // By itself, a title behind a folder: `/wiki/中国`. Behind a host alone it is what one should do there, unless
        // that has ideographs too.
        None | Some(0x09 | 0x0A | 0x0D | 0x20 | 0x22 | 0x3E)
            if slash + 1 < inside.len()
                || inside[..slash].iter().any(|unit| is_han(unit.wide())) =>
        {
            Some(end + length)
        }
        _ => None,
    }
}

/// RFC 3986's characters; `<>"` end a URL, and so does anything that is not ASCII.
fn is_url(code_point: u32) -> bool {
    (0x21..0x7F).contains(&code_point)
        && !matches!(
            code_point,
            0x22 | 0x3C | 0x3E | 0x5C | 0x5E | 0x60 | 0x7B..=0x7D
        )
}

fn is_address(code_point: u32) -> bool {
    is_ascii_letter(code_point)
        || is_digit(code_point)
        || matches!(code_point, 0x2B | 0x2D | 0x2E | 0x5F)
}
