//! What clean and convert leave alone: URLs, e-mail addresses, code, markup, keys, characters described by
//! their parts, and named terms.
//!
//! In: any text. Out: ranges, in order and disjoint. Never: a range that begins or ends inside
//! another; time that grows faster than the text.

mod address;
mod markup;

use crate::text::{CodeUnit, ascii_places, places};
use address::address;
use hanfix_trie::ids;
use markup::Markup;
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
pub fn union(mut found: Vec<Range<usize>>) -> Vec<Range<usize>> {
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
    matches!(code_point, 0x28 | 0x3A | 0x3C | 0x40 | 0x5C | 0x60 | 0x77)
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
            0x28 | 0x3C | 0x5C | 0x60 => markup.look(text, at, found),
            _ if at < addresses => {}
            _ => {
                if let Some(range) = address(text, at).or_else(|| markup::variants(text, at)) {
                    addresses = range.end;
                    found.push(range);
                }
            }
        }
    }
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
            ["https://例.tw/a?b=", "http://x.cn/", "a.b@x.org"]
        );
        assert_eq!(
            found("用`发`和<a title=\"发>展\">发展</a>,1<2", &[]),
            ["`发`", "<a title=\"发>展\">", "</a>"]
        );
        assert_eq!(
            found("若a<b，则<img src=发.png><!-- 发 -->而c>d", &[]),
            ["<img src=发.png>", "<!-- 发 -->"]
        );
        assert_eq!(
            found("<p><![CDATA[发<b title=\"发\">发</b>]]></p>", &[]),
            ["<p>", "<![CDATA[", "<b title=\"发\">", "</b>", "</p>"]
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
    fn paths_have_ideographs_and_sentences_go_on_behind_addresses() {
        for (text, want) in [
            ("见https://x.cn/路径?查询=值。", "https://x.cn/路径?查询="),
            (
                "https://zh.x.org/wiki/中国_(消歧义) 是",
                "https://zh.x.org/wiki/中国_(消歧义)",
            ),
            ("http://x.cn/发展/里面.html，", "http://x.cn/发展/里面.html"),
            ("https://x.cn/wiki/发展\n", "https://x.cn/wiki/发展"),
            ("http://x.cn/发展吧", "http://x.cn/"),
            ("http://x.cn/a发展", "http://x.cn/a"),
            ("(http://x.cn/a)发展", "http://x.cn/a"),
            ("http://中国发展.中国/发展 ", "http://中国发展.中国/发展"),
            ("www.发展.com是", "www.发展.com"),
            ("写信到user@发展.cn。", "user@发展.cn"),
            ("见http://发展.好的，", "http://"),
        ] {
            assert_eq!(found(text, &[]), [want], "{text}");
        }
    }

    #[test]
    fn targets_of_links_styles_and_formats_are_found() {
        assert_eq!(
            found("见[发](发/里.md)和![图](图.png \"发\")和[里](#里)", &[]),
            ["(发/里.md)", "(图.png", "(#里)"]
        );
        assert_eq!(found("[注](里面有说明)", &[]), Vec::<String>::new());
        assert_eq!(
            found("url(发.png)和%(发)s好", &[]),
            ["url(发.png)", "%(发)s"]
        );
    }

    #[test]
    fn keys_of_references_and_variants_of_a_wiki_are_found() {
        assert_eq!(
            found(
                r"见\cite{发,里}和\citep[第3页]{发}、\label{图:发}与\eqref{里}",
                &[]
            ),
            [
                r"\cite{发,里}",
                r"\citep[第3页]{发}",
                r"\label{图:发}",
                r"\eqref{里}"
            ]
        );
        assert_eq!(
            found(r"\section{发,里}\textbf{发}\cite{发", &[]),
            Vec::<String>::new()
        );
        assert_eq!(
            found("用-{zh-hans:计算机;zh-hant:電腦}-和-{A|zh-cn:发}-好", &[]),
            ["-{zh-hans:计算机;zh-hant:電腦}-", "-{A|zh-cn:发}-"]
        );
        assert_eq!(found("-{zh:发}", &[]), Vec::<String>::new());
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
            "](",
            "](a",
            "a://甲/甲/",
            "a://(((甲",
            "a://)甲-)",
            "-{a:",
            "-{a:b;",
            "\\cite{",
            "\\cite[",
            "\\",
        ] {
            let text = from_str(&piece.repeat(200_000));
            spans(&text, &Terms::default());
        }
    }
}
