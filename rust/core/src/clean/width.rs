//! Width: half-width marks in Chinese to full width, full-width letters and digits to half.
//!
//! NFKC, and ftfy by default, fold U+FF01 to U+FF5E to ASCII: `，：！（` become `,:!(` while `。“”`
//! stay. A mark is unfolded where it stands in Chinese; numbers, times, code and other languages
//! keep theirs. Quotation marks and brackets are looked through: `”,“` stands where `”` stands.

use super::Context;
use crate::edit::{Edit, Kind};
use crate::text::{CodeUnit, is_cjk_mark, is_han, is_kana, line_around, lines};
use std::cell::OnceCell;
use std::ops::Range;

pub fn edits<T: CodeUnit>(text: &[T], context: &Context) -> Vec<Edit> {
    let mut edits = Vec::new();
    let fields = [const { OnceCell::new() }; 2];
    let mut places = context.runs.places(text, Kind::Width).peekable();
    let mut here = Vec::new();
    while let Some(first) = places.next() {
        let line = line_around(text, first);
        here.clear();
        here.push(first);
        here.extend(std::iter::from_fn(|| places.next_if(|at| *at < line.end)));
        let found = Line {
            text,
            line,
            context,
            is_foreign: OnceCell::new(),
            is_japanese: OnceCell::new(),
            fields: &fields,
        };
        found.edits(&mut here, &mut edits);
    }
    edits
}

/// A line, and what is asked of it only where a mark could be changed: of marks that stay there are many more.
struct Line<'a, T> {
    text: &'a [T],
    line: Range<usize>,
    context: &'a Context<'a>,
    /// It is in another language, and quotes Chinese.
    is_foreign: OnceCell<bool>,
    is_japanese: OnceCell<bool>,
    /// Whether commas part fields, and whether semicolons do; looked at once.
    fields: &'a [OnceCell<bool>; 2],
}

/// What stands beside a mark, quotation marks and brackets looked through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beside {
    /// An ideograph or a Chinese mark.
    Chinese,
    /// A letter of another script, or a sign such as `%` that ends a word.
    Word,
    Digit,
    Space,
    /// Start or end of the line.
    Nothing,
    Other,
}

impl<T: CodeUnit> Line<'_, T> {
    /// The edits at some places: all where marks, letters and digits stand that this step is for.
    fn edits(&self, places: &mut Vec<usize>, edits: &mut Vec<Edit>) {
        let mut brackets = self.bracket_pairs(places).into_iter().peekable();
        self.add_currency(places);
        let mut done = 0;
        for &at in places.iter() {
            let mark = self.text[at].wide();
            let bracket = brackets.next_if_eq(&at).is_some();
            if at < done {
                continue;
            }
            let made = match mark {
                0x28 | 0x29 => bracket.then(|| (at + 1, vec![mark + 0xFEE0])),
                0x2C | 0x3A | 0x3B | 0x21 | 0x3F | 0x2E => self.mark(at, mark),
                _ => self.folded(at),
            };
            if let Some((end, new)) = made
                && !self.context.protects(at..end)
            {
                if self.is_japanese() {
                    return;
                }
                edits.push(Edit::new(at, end, new, Kind::Width));
                done = end;
            }
        }
    }

    /// ￥ is usual in Chinese of full-width marks; only beside others of this step's it is looked at.
    fn add_currency(&self, places: &mut Vec<usize>) {
        let line = &self.text[self.line.clone()];
        let is_currency = |unit: &T| unit.wide() == 0xFFE5;
        if line.iter().fold(false, |any, unit| any | is_currency(unit)) {
            let all = self.line.clone().filter(|at| is_currency(&self.text[*at]));
            places.extend(all);
            places.sort_unstable();
        }
    }

    fn is_foreign(&self) -> bool {
        let of_line = || is_foreign(&self.text[self.line.clone()]);
        *self.is_foreign.get_or_init(of_line)
    }

    fn is_japanese(&self) -> bool {
        let of_line = || is_japanese(&self.text[self.line.clone()]);
        *self.is_japanese.get_or_init(of_line)
    }

    /// One past what is replaced, and by what.
    fn mark(&self, at: usize, mark: u32) -> Option<(usize, Vec<u32>)> {
        let (before, after) = (self.before(at), self.after(at));
        let [last, next] = [self.peek(at, -1), self.peek(at, 1)];
        if last == mark || next == mark || is_smile(mark, next) {
            return None; // an ellipsis, !!, ::, :)
        }
        if mark == 0x3B && self.ends_reference(at) || mark == 0x3A && self.is_of_name(at) {
            return None;
        }
        let in_chinese = match (before, after) {
            (Beside::Chinese, Beside::Chinese) => true,
            // `Das Wort ist 中文.` ends as its language does.
            (Beside::Chinese, Beside::Nothing) => !self.is_foreign(),
            (Beside::Chinese, _) => mark != 0x2E && !self.is_foreign(),
            // Not behind a digit: 12:30,1,234 and the like go on in ways that cannot be told.
            (Beside::Word, Beside::Chinese) => mark != 0x2E && !is_quote(last),
            _ => false,
        };
        if !in_chinese || self.parts_fields(mark) {
            return None;
        }
        if mark == 0x2E {
            // 张三.李四 and 1.标题 are no sentences; only what ends one is a full stop.
            let ends = matches!(after, Beside::Nothing) || is_closing(next);
            return (before == Beside::Chinese && ends).then(|| (at + 1, vec![0x3002]));
        }
        if next == 0x20 {
            // `, ` is one mark and `，` is as wide; `key: value` is left to those who write it.
            let then_chinese = is_han(self.peek(at, 2));
            return (mark != 0x3A && then_chinese).then(|| (at + 2, vec![mark + 0xFEE0]));
        }
        Some((at + 1, vec![mark + 0xFEE0]))
    }

    fn parts_fields(&self, mark: u32) -> bool {
        let [commas, semicolons] = self.fields;
        let fields = match mark {
            0x2C => commas,
            0x3B => semicolons,
            _ => return false,
        };
        *fields.get_or_init(|| is_table(self.text, mark))
    }

    /// Whether a semicolon ends a character reference: `&nbsp;`, `&#12288;`. 32: HTML's longest name is
    /// `CounterClockwiseContourIntegral`.
    fn ends_reference(&self, at: usize) -> bool {
        let before = self.text[self.line.start.max(at.saturating_sub(33))..at].iter();
        let mut named = before.rev().map(|unit| unit.wide()).skip_while(|&one| {
            u8::try_from(one).is_ok_and(|byte| byte.is_ascii_alphanumeric() || byte == b'#')
        });
        named.next() == Some(0x26) && self.peek(at, -1) != 0x26
    }

    /// Whether a colon begins or ends what other programs read by its name: `[[分类:…]]` of a wiki, `[ti:歌名]` of
    /// lyrics, `:smile:`. 16: the longest names of emoji that people know by heart are shorter.
    fn is_of_name(&self, at: usize) -> bool {
        let before = self.text[self.line.start.max(at.saturating_sub(18))..at].iter();
        let mut before = before.rev().map(|unit| unit.wide()).peekable();
        let is_part = |one: &u32| {
            u8::try_from(*one)
                .is_ok_and(|one| one.is_ascii_alphanumeric() || matches!(one, b'_' | b'-' | b'+'))
        };
        let behind = self.text[at + 1..self.line.end.min(at + 19)].iter();
        let mut behind = behind.map(|unit| unit.wide()).peekable();
        if behind.next_if(is_part).is_some() {
            while behind.next_if(is_part).is_some() {}
            // 地址:http://… has a scheme between two colons.
            if behind.next() == Some(0x3A) && behind.next() != Some(0x2F) {
                return true;
            }
        }
        let mut length = 0;
        while before.next_if(is_part).is_some() {
            length += 1;
        }
        if length > 0 {
            return matches!(before.next(), Some(0x3A | 0x5B));
        }
        while before.next_if(|one| is_han(*one)).is_some() {
            length += 1;
        }
        length > 0 && before.next() == Some(0x5B) && before.next() == Some(0x5B)
    }

    /// Full-width letters and digits with what stands between digits (１２：３０, １．５), and ￥.
    fn folded(&self, at: usize) -> Option<(usize, Vec<u32>)> {
        if self.text[at].wide() == 0xFFE5 {
            let number = self.peek(at, 1);
            return (is_wide_digit(number) || is_digit(number)).then(|| (at + 1, vec![0xA5]));
        }
        let (mut end, mut new) = (at, Vec::new());
        while end < self.line.end {
            let code_point = self.text[end].wide();
            let between_digits = matches!(code_point, 0xFF0C | 0xFF0E | 0xFF0F | 0xFF1A)
                && is_wide_digit(self.peek(end, -1))
                && is_wide_digit(self.peek(end, 1));
            let is_alnum =
                matches!(code_point, 0xFF10..=0xFF19 | 0xFF21..=0xFF3A | 0xFF41..=0xFF5A);
            if !is_alnum && !between_digits {
                break;
            }
            new.push(code_point - 0xFEE0);
            end += 1;
        }
        Some((end, new))
    }

    /// The brackets to widen, in order: both of a pair, or neither.
    fn bracket_pairs(&self, places: &[usize]) -> Vec<usize> {
        let (mut open, mut found) = (Vec::new(), Vec::new());
        for &at in places {
            match self.text[at].wide() {
                0x28 => open.push(at),
                0x29 => {
                    if let Some(from) = open.pop()
                        && self.is_chinese_pair(from, at)
                    {
                        found.extend([from, at]);
                    }
                }
                _ => {}
            }
        }
        found.sort_unstable();
        found
    }

    fn is_chinese_pair(&self, from: usize, to: usize) -> bool {
        if self.context.is_protected(from) || self.context.is_protected(to) {
            return false;
        }
        // 200: a longer aside is looked at as far as that; keeps `((((…` linear.
        let inside = &self.text[from + 1..to.min(from + 200)];
        let first = inside.first().map_or(0, |unit| unit.wide());
        if inside.iter().any(|unit| is_han(unit.wide())) {
            // print("你好"), f(中): a call has its name before it and a quotation or nothing else in it.
            let is_call = is_quote(first) || self.before(from) == Beside::Word && first == 0x5B;
            // (1,'张三','北京'): values of a query.
            let is_list = inside.windows(2).any(|pair| {
                let [one, other] = [pair[0].wide(), pair[1].wide()];
                one == 0x2C && is_quote(other) || is_quote(one) && other == 0x2C
            });
            return !(is_call || is_list || self.is_foreign() && self.is_amid_foreign(from, to));
        }
        let is_plain = inside.iter().all(|unit| is_plain(unit.wide()));
        let outside = [self.before(from), self.after(to)];
        let all_chinese = outside[0] == Beside::Chinese
            && matches!(outside[1], Beside::Chinese | Beside::Nothing);
        !inside.is_empty() && is_plain && all_chinese
    }

    /// Whether no Chinese stands before a pair of brackets, nor behind it, spaces looked through.
    fn is_amid_foreign(&self, from: usize, to: usize) -> bool {
        let is_chinese = |places: &mut dyn Iterator<Item = usize>| {
            let mut beside = places.take(8).map(|at| self.text[at].wide());
            let first = beside.find(|one| !is_looked_through(*one) && !matches!(one, 0x20 | 0xA0));
            first.is_some_and(|one| self::beside(one) == Beside::Chinese)
        };
        !is_chinese(&mut (self.line.start..from).rev()) && !is_chinese(&mut (to + 1..self.line.end))
    }

    fn peek(&self, at: usize, by: isize) -> u32 {
        let k = at.wrapping_add_signed(by);
        let is_here = self.line.contains(&k);
        if is_here { self.text[k].wide() } else { 0 }
    }

    fn before(&self, at: usize) -> Beside {
        self.first_beside((self.line.start..at).rev())
    }

    fn after(&self, at: usize) -> Beside {
        self.first_beside(at + 1..self.line.end)
    }

    /// Marks are looked through as well, of both widths: so that a mark decides alike before and
    /// after its neighbour was widened. Eight: keeps `”””…` linear.
    fn first_beside(&self, places: impl Iterator<Item = usize>) -> Beside {
        for at in places.take(8) {
            let code_point = self.text[at].wide();
            if !is_looked_through(code_point) {
                let beside = beside(code_point);
                // Code and addresses stand in a sentence as a word does.
                let is_word = beside == Beside::Other && self.context.is_protected(at);
                return if is_word { Beside::Word } else { beside };
            }
        }
        Beside::Nothing
    }
}

/// Two kana: Japanese typesetting mixes both widths on purpose. One の is a fashion in Chinese.
fn is_japanese<T: CodeUnit>(line: &[T]) -> bool {
    let kana = line.iter().filter(|unit| is_kana(unit.wide()));
    kana.take(2).count() == 2
}

/// Whether a line has as many words of other scripts as ideographs, or more: `Confucius (孔子) was born`, 무천(舞天). A word
/// stands behind a space or a bracket and has two letters, so addresses have few; letters count alike in both
/// widths, and Hangul by the syllable. An aside behind a space is set as other languages set it, and its ideographs
/// count for nothing: `Москва (莫斯科)`.
fn is_foreign<T: CodeUnit>(line: &[T]) -> bool {
    let (mut words, mut han, mut letters, mut before) = (0_usize, 0_usize, 0_usize, 0x20);
    // How many brackets are open, and the ideographs before the first of them.
    let (mut depth, mut before_aside) = (0_usize, 0_usize);
    for unit in line {
        match unit.wide() {
            0x28 | 0xFF08 if depth == 0 && before == 0x20 => (depth, before_aside) = (1, han),
            0x28 | 0xFF08 if depth > 0 => depth += 1,
            0x29 | 0xFF09 if depth == 1 => (depth, han) = (0, before_aside),
            0x29 | 0xFF09 => depth = depth.saturating_sub(1),
            _ => {}
        }
        let letter = match unit.wide() {
            code_point @ 0xFF21..=0xFF5A => code_point - 0xFEE0,
            code_point => code_point,
        };
        let is_letter = matches!(letter, 0x41..=0x5A | 0x61..=0x7A | 0xC0..=0x52F);
        let begins = letters > 0 || matches!(before, 0x20 | 0x28 | 0xFF08 | 0x22 | 0x201C);
        letters = if is_letter && begins { letters + 1 } else { 0 };
        words += usize::from(letters == 2);
        words += usize::from(matches!(letter, 0xAC00..=0xD7A3 | 0x1100..=0x11FF));
        han += usize::from(is_han(letter));
        before = letter;
    }
    words > 0 && words >= han
}

fn beside(code_point: u32) -> Beside {
    match code_point {
        0x20 | 0x09 | 0x3000 | 0xA0 => Beside::Space,
        0x30..=0x39 => Beside::Digit,
        0x25 | 0x41..=0x5A | 0x61..=0x7A | 0xC0..=0x24F | 0x2103 => Beside::Word,
        _ if is_han(code_point) || is_cjk_mark(code_point) => Beside::Chinese,
        _ => Beside::Other,
    }
}

/// Curly and corner quotation marks, and both widths of brackets.
fn is_looked_through(code_point: u32) -> bool {
    matches!(
        code_point,
        0x28 | 0x29 | 0x2018 | 0x2019 | 0x201C | 0x201D | 0xFF08 | 0xFF09
    )
}

fn is_quote(code_point: u32) -> bool {
    matches!(code_point, 0x22 | 0x27)
}

fn is_closing(code_point: u32) -> bool {
    matches!(
        code_point,
        0x2019 | 0x201D | 0x300D | 0x300F | 0x29 | 0xFF09
    )
}

fn is_digit(code_point: u32) -> bool {
    (0x30..=0x39).contains(&code_point)
}

fn is_wide_digit(code_point: u32) -> bool {
    (0xFF10..=0xFF19).contains(&code_point)
}

/// What an aside of letters and figures is made of: (WTO), (2021-2022), (A/B).
fn is_plain(code_point: u32) -> bool {
    matches!(code_point, 0x20 | 0x26 | 0x2D..=0x39 | 0x41..=0x5A | 0x61..=0x7A)
}

/// `:)` and `;)` behind Chinese.
fn is_smile(mark: u32, next: u32) -> bool {
    matches!(mark, 0x3A | 0x3B)
        && matches!(next, 0x29 | 0x28 | 0x44 | 0x50 | 0x70 | 0x2D | 0x5D | 0x2F)
}

/// Whether a mark parts fields: most lines have the same number of them, and no line is a sentence; or lines that are
/// have a field of ASCII in them, a number or a date, as no sentence has.
fn is_table<T: CodeUnit>(text: &[T], mark: u32) -> bool {
    let (mut rows, mut width, mut alike) = (0_usize, 0, 0_usize);
    let (mut sentences, mut numbered) = (0_usize, 0_usize);
    for line in lines(text) {
        let line = &text[line];
        if line.is_empty() {
            continue;
        }
        let ends = |unit: &T| matches!(unit.wide(), 0x3002 | 0xFF01 | 0xFF1F);
        sentences += usize::from(line.iter().any(ends));
        let mut fields = line.split(|unit| unit.wide() == mark);
        let is_ascii =
            |field: &[T]| !field.is_empty() && field.iter().all(|unit| unit.wide() < 0x80);
        numbered += usize::from(fields.any(is_ascii));
        // The clauses of a list end with semicolons.
        let ends_clause = mark == 0x3B && line.last().is_some_and(|unit| unit.wide() == mark);
        let marks =
            line.iter().filter(|unit| unit.wide() == mark).count() - usize::from(ends_clause);
        rows += 1;
        if rows == 1 {
            width = marks;
        }
        alike += usize::from(marks == width && marks > 0);
    }
    let is_told = sentences == 0 || width > 1 && sentences < rows && numbered * 10 >= rows * 8;
    rows >= 2 && alike * 10 >= rows * 8 && is_told
}
