//! Markup: tags, fenced and inline code, calls, and the targets of links.
//!
//! In: a text, and where one of their marks stands. Out: ranges. Never: a look further than a bound that each has.

use super::{back_while, forward_while, is_ascii_letter, is_digit, starts_with};
use crate::text::CodeUnit;
use std::ops::Range;

/// Tags (`<a href="…">`), fenced and inline code between backticks, calls with a quoted argument.
#[derive(Default)]
pub(super) struct Markup {
    done: usize,
    /// A `<` that nothing closes is looked for once a line, not once each.
    no_tag_before: usize,
    /// So far no line closes a fence of so many backticks.
    no_fence_before: [usize; LONGEST_FENCE + 1],
}

/// Who writes more backticks in a row means no code.
const LONGEST_FENCE: usize = 8;
/// A fence of code longer than so many code points is read as text; keeps the search bounded.
const LONGEST_FENCED: usize = 100_000;

impl Markup {
    pub(super) fn look<T: CodeUnit>(
        &mut self,
        text: &[T],
        at: usize,
        found: &mut Vec<Range<usize>>,
    ) {
        if at < self.done {
            return;
        }
        match text[at].wide() {
            0x3C if at >= self.no_tag_before => match tag_end(text, at) {
                Ok(end) => {
                    found.push(at..end);
                    self.done = end;
                }
                Err(seen) => self.no_tag_before = seen,
            },
            0x60 => {
                let ticks = run_of(text, at, 0x60);
                let code = self
                    .fence_end(text, at, ticks)
                    .or_else(|| code_end(text, at + ticks, ticks));
                found.extend(code.map(|end| at..end));
                self.done = code.unwrap_or(at + ticks);
            }
            0x28 => {
                if let Some(call) = target(text, at).or_else(|| call(text, at)) {
                    self.done = call.end;
                    found.push(call);
                }
            }
            0x5C => {
                if let Some(end) = key_end(text, at) {
                    found.push(at..end);
                    self.done = end;
                }
            }
            _ => {}
        }
    }

    /// One past the backticks that close the fence which opens at `at`: both stand on lines of their own, but for what
    /// names the language. People who wrote ``` for an ellipsis fenced the comments of others between two of them.
    fn fence_end<T: CodeUnit>(&mut self, text: &[T], at: usize, ticks: usize) -> Option<usize> {
        if !(3..=LONGEST_FENCE).contains(&ticks) || !begins_line(text, at) {
            return None;
        }
        let named = forward_while(text, at + ticks, |c| {
            c == 0x09 || c == 0x0D || (0x20..0x7F).contains(&c) && c != 0x60
        });
        if text.get(named)?.wide() != 0x0A {
            return None;
        }
        let limit = text.len().min(named + LONGEST_FENCED);
        let mut line_end = named.max(self.no_fence_before[ticks]);
        loop {
            line_end += text
                .get(line_end..limit)?
                .iter()
                .position(is_line_end)
                .or_else(|| {
                    self.no_fence_before[ticks] = limit;
                    None
                })?;
            let start = forward_while(text, line_end + 1, is_margin);
            let end = start + run_of(text.get(start..)?, 0, 0x60);
            let after = forward_while(text, end, |c| matches!(c, 0x09 | 0x0D | 0x20));
            if end - start >= ticks && text.get(after).is_none_or(is_line_end) {
                return Some(end);
            }
            line_end += 1;
        }
    }
}

fn is_line_end<T: CodeUnit>(unit: &T) -> bool {
    unit.wide() == 0x0A
}

/// What may stand before a fence on its line: it is indented, or in a quotation or a list.
fn is_margin(code_point: u32) -> bool {
    matches!(code_point, 0x09 | 0x20 | 0x2A | 0x2B | 0x2D | 0x3E)
}

fn begins_line<T: CodeUnit>(text: &[T], at: usize) -> bool {
    let start = back_while(text, at, is_margin);
    start == 0 || is_line_end(&text[start - 1])
}

/// What opens character data, which is text: feeds and resources of programs have their sentences in it.
const CDATA: [u32; 9] = [0x3C, 0x21, 0x5B, 0x43, 0x44, 0x41, 0x54, 0x41, 0x5B];

/// One past the `>` of the tag that opens at `at`; or how far there is none. Chinese stands in a comment, in quotes or as
/// a value: what is between `若a<b，` and `c>d` is text.
fn tag_end<T: CodeUnit>(text: &[T], at: usize) -> Result<usize, usize> {
    let inside = text.get(at + 1).map_or(0, |unit| unit.wide());
    if starts_with(&text[at..], &CDATA) {
        return Ok(at + CDATA.len());
    }
    let is_comment = matches!(inside, 0x21 | 0x3F);
    if !is_comment && inside != 0x2F && !is_ascii_letter(inside) {
        return Err(at);
    }
    // 2,000: longer than any tag but one with data in an attribute; keeps `<<<<…` linear.
    let limit = text.len().min(at + 2_000);
    let (mut quote, mut is_value) = (0, is_comment);
    for (offset, unit) in text[at + 1..limit].iter().enumerate() {
        match (unit.wide(), quote) {
            (0x3E, 0) => return Ok(at + offset + 2),
            (0x3C, 0) => return Err(at + offset + 1),
            (mark @ (0x22 | 0x27), 0) => quote = mark,
            (mark, _) if mark == quote => quote = 0,
            (0x3D, 0) => is_value = true,
            (0x09 | 0x0A | 0x0D | 0x20, 0) => is_value = is_comment,
            (code_point, 0) if code_point >= FIRST_RADICAL && !is_value => {
                return Err(at + offset + 1);
            }
            _ => {}
        }
    }
    Err(limit)
}

fn run_of<T: CodeUnit>(text: &[T], at: usize, code_point: u32) -> usize {
    text[at..]
        .iter()
        .take_while(|unit| unit.wide() == code_point)
        .count()
}

/// One past the closing backticks of inline code, which ends within its line and has no sentence in it.
fn code_end<T: CodeUnit>(text: &[T], from: usize, ticks: usize) -> Option<usize> {
    let limit = text.len().min(from + 400);
    let mut at = from;
    while at < limit {
        match text[at].wide() {
            0x60 => {
                let closing = run_of(text, at, 0x60);
                if closing == ticks {
                    return (!is_sentence(&text[from..at])).then_some(at + closing);
                }
                at += closing;
            }
            0x0A => return None,
            _ => at += 1,
        }
    }
    None
}

/// Whether what stands between backticks is text: ``甲'' and `乙' are quotations as TeX and manuals have them, and some
/// end their clauses in backticks.
fn is_sentence<T: CodeUnit>(inside: &[T]) -> bool {
    // A phrase is no code: of ten ideographs or more, that outweigh names and keywords.
    const PHRASE: usize = 10;
    let count = |is: fn(u32) -> bool| inside.iter().filter(|unit| is(unit.wide())).count();
    let ideographs = count(|c| c >= FIRST_RADICAL);
    let apostrophes = inside
        .chunk_by(|a, b| a.wide() == b.wide())
        .filter(|run| run[0].wide() == 0x27)
        .count();
    ideographs > 0
        && (apostrophes % 2 == 1 || ideographs >= PHRASE && ideographs > count(is_ascii_letter))
}

/// No ideograph comes before.
const FIRST_RADICAL: u32 = 0x2E80;

/// What stands in brackets and is an address or a key: `](images/图.png)` of Markdown, `url(图.png)` of a style sheet,
/// `%(姓名)s` of a format.
fn target<T: CodeUnit>(text: &[T], at: usize) -> Option<Range<usize>> {
    let is_behind =
        |before: &[u32]| at >= before.len() && starts_with(&text[at - before.len()..], before);
    let is_link = is_behind(&[0x5D]);
    let is_style = is_behind(&[0x75, 0x72, 0x6C]);
    let is_format = is_behind(&[0x25]);
    if !is_link && !is_style && !is_format {
        return None;
    }
    // 400, as for inline code.
    let inside = &text[at + 1..text.len().min(at + 400)];
    let ends = |unit: &T| matches!(unit.wide(), 0x09 | 0x0A | 0x20 | 0x28 | 0x29);
    let length = inside.iter().position(ends)?;
    let (inside, end) = (&inside[..length], at + 1 + length);
    let closes = inside.get(..1).is_some() && text[end].wide() == 0x29;
    // A title may stand behind the target. A note in brackets behind a word in brackets has no slash and no dot.
    let is_address = |unit: &T| matches!(unit.wide(), 0x23 | 0x2E | 0x2F | 0x3A | 0x5C);
    let is_titled = text[end].wide() == 0x20 && text.get(end + 1)?.wide() == 0x22;
    match () {
        () if is_link && (closes || is_titled) && inside.iter().any(is_address) => {
            Some(at..end + usize::from(closes))
        }
        () if is_style && closes => Some(at - 3..end + 1),
        () if is_format && closes && is_ascii_letter(text.get(end + 1)?.wide()) => {
            Some(at - 1..end + 2)
        }
        () => None,
    }
}

/// One past the command of TeX that begins at `at` and names something by its key: `\cite{甲,乙}`, `\label{图:一}`,
/// `\eqref{…}`, with what may stand in square brackets before it. Of other commands the argument is text.
fn key_end<T: CodeUnit>(text: &[T], at: usize) -> Option<usize> {
    // 400, as for inline code.
    let limit = text.len().min(at + 400);
    let text = &text[..limit];
    let name_end = forward_while(text, at + 1, is_ascii_letter);
    let name: String = text[at + 1..name_end]
        .iter()
        .filter_map(|unit| char::from_u32(unit.wide()))
        .collect();
    if !(name.contains("cite") || name.ends_with("ref") || name == "label") {
        return None;
    }
    let mut end = name_end;
    while text.get(end)?.wide() == 0x5B {
        end = forward_while(text, end, |c| !matches!(c, 0x5D | 0x0A)) + 1;
    }
    if text.get(end)?.wide() != 0x7B {
        return None;
    }
    end = forward_while(text, end + 1, |c| !matches!(c, 0x0A | 0x7B | 0x7D));
    (text.get(end)?.wide() == 0x7D).then_some(end + 1)
}

/// What a wiki writes for each of its variants, of which one is shown: `-{zh-hans:计算机;zh-hant:電腦}-`. The colon at
/// `at` is the first in it.
pub(super) fn variants<T: CodeUnit>(text: &[T], at: usize) -> Option<Range<usize>> {
    let start = back_while(text, at, |c| {
        is_ascii_letter(c) || matches!(c, 0x2D | 0x3B | 0x7C)
    });
    let start = start.checked_sub(1)?;
    let opens = text[start].wide() == 0x7B && start > 0 && text[start - 1].wide() == 0x2D;
    // 2,000, as for tags: words of a page stand in one.
    let inside = &text[at..text.len().min(at + 2_000)];
    let ends = |pair: &[T]| pair[0].wide() == 0x7D && pair[1].wide() == 0x2D;
    let length = if opens {
        inside.windows(2).position(ends)?
    } else {
        return None;
    };
    Some(start - 1..at + length + 2)
}

/// `print("…")`: a name, a bracket, and a quotation that the bracket's end follows.
fn call<T: CodeUnit>(text: &[T], at: usize) -> Option<Range<usize>> {
    let quote = text.get(at + 1).map_or(0, |unit| unit.wide());
    let start = back_while(text, at, |c| {
        is_ascii_letter(c) || is_digit(c) || c == 0x5F || c == 0x2E
    });
    if !matches!(quote, 0x22 | 0x27) || start == at {
        return None;
    }
    // 400, as for inline code.
    let inside = text[at + 2..].iter().take(400);
    let length = inside
        .take_while(|unit| unit.wide() != quote && unit.wide() != 0x0A)
        .count();
    let end = at + 2 + length;
    let closes = text.get(end)?.wide() == quote && matches!(text.get(end + 1)?.wide(), 0x29 | 0x2C);
    closes.then_some(start..end + 2)
}
