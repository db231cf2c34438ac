//! What clean and convert leave alone: URLs, e-mail addresses, code, markup, characters described by
//! their parts, and named terms.
//!
//! In: any text. Out: ranges, in order and disjoint. Never: a range that begins or ends inside
//! another; time that grows faster than the text.

use crate::text::{CodeUnit, ascii_places, places};
use hanfix_trie::ids;
use std::ops::Range;

/// The ranges of `text` that are not running text.
pub fn spans<T: CodeUnit>(text: &[T], terms: &Terms) -> Vec<Range<usize>> {
    let (may_be_marked, may_be_described) = look(text);
    let marks = may_be_marked.then(|| ascii_places(text, is_mark));
    let operators = may_be_described.then(|| places(text, ids::OPERATORS, ids::is_operator));
    let (marks, operators) = (marks.into_iter().flatten(), operators.into_iter().flatten());
    spans_at(text, terms, marks, operators)
}

/// The same, if it is known where a text has [marks](is_mark) and operators of description sequences.
pub fn spans_at<T: CodeUnit>(
    text: &[T],
    terms: &Terms,
    marks: impl Iterator<Item = usize>,
    operators: impl Iterator<Item = usize>,
) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    marked(text, marks, &mut found);
    described(text, operators, &mut found);
    terms.find(text, &mut found);
    if found.is_empty() {
        return found;
    }
    union(found)
}

/// Terms that a user wants left as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Terms {
    /// Sorted by first code point, then longest first.
    terms: Vec<Box<[u32]>>,
}

impl Terms {
    /// The terms; empty ones are dropped.
    pub fn new(terms: impl IntoIterator<Item = Vec<u32>>) -> Terms {
        let mut terms: Vec<Box<[u32]>> = terms
            .into_iter()
            .filter(|term| !term.is_empty())
            .map(Vec::into_boxed_slice)
            .collect();
        terms.sort_unstable_by(|a, b| a[0].cmp(&b[0]).then(b.len().cmp(&a.len())).then(a.cmp(b)));
        terms.dedup();
        Terms { terms }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    fn find<T: CodeUnit>(&self, text: &[T], found: &mut Vec<Range<usize>>) {
        if self.terms.is_empty() {
            return;
        }
        let mut at = 0;
        while at < text.len() {
            let first = text[at].wide();
            let from = self.terms.partition_point(|term| term[0] < first);
            let longest = self.terms[from..]
                .iter()
                .take_while(|term| term[0] == first)
                .find(|term| starts_with(&text[at..], term));
            if let Some(term) = longest {
                found.push(at..at + term.len());
                at += term.len();
            } else {
                at += 1;
            }
        }
    }
}

/// Ideographic description sequences (⿰钅只): their parts are no characters of the text.
fn described<T: CodeUnit>(
    text: &[T],
    operators: impl Iterator<Item = usize>,
    found: &mut Vec<Range<usize>>,
) {
    let mut done = 0;
    for at in operators {
        let part = |offset: usize| {
            let part = text.get(at + offset).map(|unit| unit.wide());
            part.filter(|&code_point| is_part(code_point))
        };
        let length = if at < done { 0 } else { ids::length(part) };
        if length > 0 {
            done = at + length;
            found.push(at..done);
        }
    }
}

/// What a character is described by: operators, ideographs, radicals, strokes, kana that have a part's shape,
/// private use, and ？ or a number in a circle for a part that has no code point.
fn is_part(code_point: u32) -> bool {
    matches!(
        code_point,
        0x2460..=0x2473
            | 0x2E80..=0x2FFF
            | 0x3040..=0x30FF
            | 0x31C0..=0x31EF
            | 0x3400..=0x4DBF
            | 0x4E00..=0x9FFF
            | 0xE000..=0xFAFF
            | 0xFF1F
            | 0x2_0000..=0x3_FFFF
    )
}

fn starts_with<T: CodeUnit>(text: &[T], term: &[u32]) -> bool {
    text.len() >= term.len()
        && text
            .iter()
            .zip(term)
            .all(|(unit, want)| unit.wide() == *want)
}

/// Overlapping ranges made one, in order.
fn union(mut found: Vec<Range<usize>>) -> Vec<Range<usize>> {
    found.sort_unstable_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for range in found {
        match joined.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

/// Whether a short text has anything that markup and addresses begin with, and anything that describes a character;
/// to look for them is most of what they cost there. A long text is looked at but once, for each.
fn look<T: CodeUnit>(text: &[T]) -> (bool, bool) {
    const SHORT: usize = 64;
    if text.len() > SHORT {
        return (true, true);
    }
    text.iter().fold((false, false), |(ascii, operator), unit| {
        let code_point = unit.wide();
        (
            ascii | (code_point.wrapping_sub(0x20) < 0x60),
            operator | ids::is_operator(code_point),
        )
    })
}

/// Whether markup or an address may begin with a character, or is known by it.
#[inline(always)]
pub const fn is_mark(code_point: u32) -> bool {
    matches!(code_point, 0x28 | 0x3A | 0x3C | 0x40 | 0x60 | 0x77)
}

/// Markup and addresses: one look for both.
fn marked<T: CodeUnit>(
    text: &[T],
    marks: impl Iterator<Item = usize>,
    found: &mut Vec<Range<usize>>,
) {
    let (mut markup, mut addresses) = (Markup::default(), 0);
    for at in marks {
        match text[at].wide() {
            0x28 | 0x3C | 0x60 => markup.look(text, at, found),
            _ if at < addresses => {}
            _ => {
                if let Some(range) = address(text, at) {
                    addresses = range.end;
                    found.push(range);
                }
            }
        }
    }
}

/// Tags (`<a href="…">`), fenced and inline code between backticks, calls with a quoted argument.
#[derive(Default)]
struct Markup {
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
    fn look<T: CodeUnit>(&mut self, text: &[T], at: usize, found: &mut Vec<Range<usize>>) {
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
                if let Some(call) = call(text, at) {
                    self.done = call.end;
                    found.push(call);
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

/// One past the `>` of the tag that opens at `at`; or how far there is none. Chinese stands in a comment, in quotes or as
/// a value: what is between `若a<b，` and `c>d` is text.
fn tag_end<T: CodeUnit>(text: &[T], at: usize) -> Result<usize, usize> {
    let inside = text.get(at + 1).map_or(0, |unit| unit.wide());
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

/// The URL with a scheme or `www.`, or the e-mail address, that a `:`, `@` or `w` belongs to.
fn address<T: CodeUnit>(text: &[T], at: usize) -> Option<Range<usize>> {
    match text[at].wide() {
        0x3A if starts_with(&text[at..], &[0x3A, 0x2F, 0x2F]) => {
            let start = back_while(text, at, |c| is_ascii_letter(c) || is_digit(c));
            (start < at).then(|| start..url_end(text, at))
        }
        0x40 => {
            let start = back_while(text, at, is_address);
            let end = forward_while(text, at + 1, is_address);
            let has_dot = text[at + 1..end].iter().any(|unit| unit.wide() == 0x2E);
            (start < at && has_dot).then_some(start..end)
        }
        0x77 if starts_with(&text[at..], &[0x77, 0x77, 0x77, 0x2E]) => {
            let before = at.checked_sub(1).map_or(0, |k| text[k].wide());
            let stands_alone = !is_ascii_letter(before) && !is_digit(before);
            stands_alone.then(|| at..url_end(text, at))
        }
        _ => None,
    }
}

/// Where the URL that runs through `at` ends: the mark that closes the sentence is not part of it.
fn url_end<T: CodeUnit>(text: &[T], at: usize) -> usize {
    let mut end = forward_while(text, at, is_url);
    while end > at
        && matches!(
            text[end - 1].wide(),
            0x21 | 0x27 | 0x29 | 0x2C | 0x2E | 0x3A | 0x3B | 0x3F
        )
    {
        end -= 1;
    }
    end
}

// 300: longer than a scheme or a mailbox may be (RFC 5321 allows 64); keeps `@@@@…` linear.
fn back_while<T: CodeUnit>(text: &[T], at: usize, belongs: impl Fn(u32) -> bool) -> usize {
    let run = text[at.saturating_sub(300)..at]
        .iter()
        .rev()
        .take_while(|unit| belongs(unit.wide()));
    at - run.count()
}

fn forward_while<T: CodeUnit>(text: &[T], at: usize, belongs: impl Fn(u32) -> bool) -> usize {
    let run = text[at..].iter().take_while(|unit| belongs(unit.wide()));
    at + run.count()
}

fn is_ascii_letter(code_point: u32) -> bool {
    u8::try_from(code_point).is_ok_and(|byte| byte.is_ascii_alphabetic())
}

fn is_digit(code_point: u32) -> bool {
    (0x30..=0x39).contains(&code_point)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{from_str, to_string};

    fn found(text: &str, terms: &[&str]) -> Vec<String> {
        let text = from_str(text);
        let terms = Terms::new(terms.iter().map(|term| from_str(term)));
        let spans = spans(&text, &terms);
        spans
            .into_iter()
            .map(|span| to_string(&text[span]))
            .collect()
    }

    #[test]
    fn addresses_code_and_markup_are_found() {
        assert_eq!(
            found(
                "見https://例.tw/a?b=中,再看http://x.cn/发,寫信到a.b@x.org。",
                &[]
            ),
            ["https://", "http://x.cn/", "a.b@x.org"]
        );
        assert_eq!(
            found("用`发`和<a title=\"发>展\">发展</a>,1<2", &[]),
            ["`发`", "<a title=\"发>展\">", "</a>"]
        );
        assert_eq!(
            found("若a<b，则<img src=发.png><!-- 发 -->而c>d", &[]),
            ["<img src=发.png>", "<!-- 发 -->"]
        );
    }

    #[test]
    fn code_is_fenced_by_lines_of_backticks_and_not_by_people_who_write_them_for_an_ellipsis() {
        assert_eq!(found("见\n```\n发\n```\n发", &[]), ["```\n发\n```"]);
        assert_eq!(
            found("> ~~~~py\n> ````py\n发\n```\n> ````  \r\n发", &[]),
            ["````py\n发\n```\n> ````"]
        );
        assert_eq!(found("用```发```写", &[]), ["```发```"]);
        assert_eq!(found("用`写('发')`", &[]), ["`写('发')`"]);
        assert_eq!(
            found("是``发''和``写''。`发'和`写'", &[]),
            Vec::<String>::new()
        );
        for text in [
            "后悔啦```还\n发\n后悔啦```还",
            "```还\n发\n```",
            "```\n发\n```还",
            "```\n发",
        ] {
            assert_eq!(found(text, &[]), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn the_longest_term_is_found() {
        assert_eq!(
            found("里昂与里昂里", &["里昂", "里昂里"]),
            ["里昂", "里昂里"]
        );
    }

    #[test]
    fn hostile_text_takes_no_longer() {
        for piece in [
            "<a ",
            "`",
            "``` ",
            "```a\n",
            "````\n```a\n",
            "a://",
            "@",
            "www.",
            "a@a.",
        ] {
            let text = from_str(&piece.repeat(200_000));
            spans(&text, &Terms::default());
        }
    }
}
