//! Which scripts the lines of a text speak for.
//!
//! Comes in: a text. Goes out: its lines with the counts that decide their lot, in order and to the end of the
//! text, and the protected spans, which do not count. Never: a look at a line by itself where what its
//! neighbours are decides for it as well.
//!
//! Most texts are in one script, so lines are first counted by the block, without a branch for a line's end. A
//! block of one script, with nothing protected in it, is told apart into lines only if those of them without
//! evidence would have another lot.

use super::passages::Few;
use super::quoted;
use crate::protect::{self, Terms};
use crate::tables::scripts::{self, Counts, FORM, JAPANESE, KANA, SIMPLIFIED, TRADITIONAL};
use crate::text::{CodeUnit, RUN, is_kana, places_in};
use hanfix_trie::ids;
use std::ops::Range;
use std::sync::OnceLock;

/// A line, or several one after the other that have the same lot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) end: usize,
    pub(super) simplified: usize,
    /// Traditional only, in every region.
    pub(super) traditional: usize,
    /// Traditional only, until a region writes its form of it.
    pub(super) form: usize,
    /// Rather Traditional, where nothing else tells.
    pub(super) leaning: usize,
    pub(super) japanese: bool,
    /// Some of its lines may have no evidence at all.
    pub(super) is_block: bool,
}

/// The lines of a text, and what of it is protected.
pub(super) struct Lines {
    pub(super) found: Few<Line>,
    pub(super) spans: Vec<Range<usize>>,
}

/// Code points that are counted together, and then to the end of the line.
const BLOCK: usize = 512;

/// The lines of a text.
pub(super) fn lines<T: CodeUnit>(text: &[T], terms: &Terms) -> Lines {
    lines_by(text, terms, BLOCK)
}

pub(super) fn lines_by<T: CodeUnit>(text: &[T], terms: &Terms, least: usize) -> Lines {
    let mut found: Few<Line> = Few::new();
    let mut push = |line: Line| match found.last_mut() {
        Some(last) if last.is_like(&line) => last.join(&line),
        _ => found.push(line),
    };
    if text.len() <= least {
        let spans = spans_of(text, terms);
        by_line(text, 0..text.len(), &spans, &mut push);
        return Lines { found, spans };
    }
    let blocks = blocks(text, least);
    let spans = spans(text, terms, &blocks);
    let (mut left, mut start) = (spans.iter().peekable(), 0);
    for Block { line, signs, .. } in blocks {
        while left.next_if(|span| span.end <= start).is_some() {}
        let is_touched = left.peek().is_some_and(|span| span.start < line.end);
        let is_one = line.simplified == 0 || line.traditional + line.form == 0;
        if is_one && signs == 0 && !is_touched {
            push(line);
        } else {
            by_line(text, start..line.end, &spans, &mut push);
        }
        start = line.end;
    }
    Lines { found, spans }
}

/// Whole lines that are counted together.
struct Block {
    line: Line,
    /// Kana, and ideographs that are Japanese only.
    signs: usize,
    /// Characters that something protected is known by.
    marks: usize,
}

fn blocks<T: CodeUnit>(text: &[T], least: usize) -> Vec<Block> {
    let mut blocks = Vec::with_capacity(text.len() / least + 1);
    let mut start = 0;
    while start < text.len() {
        let last = (start + least).min(text.len()) - 1;
        let rest = text[last..].iter();
        let end = rest.take_while(|unit| unit.wide() != 0x0A).count() + last + 1;
        let end = end.min(text.len());
        let mut block = Block {
            line: Line {
                end,
                is_block: true,
                ..Line::default()
            },
            signs: 0,
            marks: 0,
        };
        for piece in text[start..end].chunks(MOST_COUNTED) {
            let sums = sums(piece);
            block.line.add(sums, |sum, more| sum + more);
            block.signs += lane(sums, SIGN);
            block.marks += lane(sums, MARK);
        }
        blocks.push(block);
        start = end;
    }
    blocks
}

/// What is protected in a text: what its marks and terms say, and Japanese that it quotes.
pub(super) fn spans_of<T: CodeUnit>(text: &[T], terms: &Terms) -> Vec<Range<usize>> {
    let mut spans = protect::spans(text, terms);
    // Without a branch: in a short text it costs as much as all of the other looks.
    if text
        .iter()
        .fold(false, |any, unit| any | is_kana(unit.wide()))
    {
        quoted::japanese(text, 0..text.len(), &mut spans);
        spans = protect::union(spans);
    }
    spans
}

/// The same, by where the blocks have marks and kana.
fn spans<T: CodeUnit>(text: &[T], terms: &Terms, blocks: &[Block]) -> Vec<Range<usize>> {
    let starts = std::iter::once(0).chain(blocks.iter().map(|block| block.line.end));
    let runs = || {
        let marked = starts.clone().zip(blocks).filter(|(_, it)| it.marks > 0);
        let mut next = 0;
        marked.flat_map(move |(start, block)| {
            let runs = next.max(start / RUN)..block.line.end.div_ceil(RUN);
            next = runs.end;
            runs
        })
    };
    let marks = places_in(text, runs(), protect::is_mark);
    let operators = places_in(text, runs(), ids::is_operator);
    let mut spans = protect::spans_at(text, terms, marks, operators);
    let signed = starts.zip(blocks).filter(|(_, it)| it.signs > 0);
    let known = spans.len();
    for (start, block) in signed {
        quoted::japanese(text, start..block.line.end, &mut spans);
    }
    if spans.len() > known {
        spans = protect::union(spans);
    }
    spans
}

/// The lines of a range, which is of whole lines, one by one.
pub(super) fn by_line<T: CodeUnit>(
    text: &[T],
    range: Range<usize>,
    spans: &[Range<usize>],
    push: &mut impl FnMut(Line),
) {
    let classes = classes();
    let first = spans.partition_point(|span| span.end <= range.start);
    let mut spans = spans[first..].iter().peekable();
    let (mut start, mut line, mut seen) = (range.start, Line::default(), 0);
    let mut close = |line: &mut Line, seen: u8, range: Range<usize>| {
        let within = spans.clone();
        while let Some(span) = spans.peek().filter(|span| span.start < range.end) {
            let inside = &text[span.start.max(range.start)..span.end.min(range.end)];
            line.take_away(inside);
            if span.end > range.end {
                break;
            }
            spans.next();
        }
        line.end = range.end;
        // Only these can make a line Japanese, and few lines have them.
        if seen & SIGN != 0
            || seen & ONLY_SIMPLIFIED != 0 && seen & (ONLY_TRADITIONAL | IS_FORM) != 0
        {
            line.japanese = Counts::of(&outside(text, range, within)).are_japanese();
        }
        push(*line);
        *line = Line::default();
    };
    // One look at every character, for its class and for the end of its line.
    let bases = (range.start..).step_by(MOST_COUNTED);
    for (base, piece) in bases.zip(text[range.clone()].chunks(MOST_COUNTED)) {
        let mut sums = 0;
        for (at, unit) in (base..).zip(piece) {
            let class = class_of(classes, *unit);
            seen |= class;
            sums += LANES[usize::from(class)];
            if class & LINE_END != 0 {
                line.add(sums, |sum, more| sum + more);
                close(&mut line, seen, start..at + 1);
                (start, seen, sums) = (at + 1, 0, 0);
            }
        }
        line.add(sums, |sum, more| sum + more);
    }
    if start < range.end {
        close(&mut line, seen, start..range.end);
    }
}

/// What of a line is not protected: a title in Japanese makes no line Japanese that only quotes it.
fn outside<'a, T: CodeUnit>(
    text: &[T],
    line: Range<usize>,
    spans: impl Iterator<Item = &'a Range<usize>>,
) -> Vec<T> {
    let (mut found, mut done) = (Vec::with_capacity(line.len()), line.start);
    for span in spans.take_while(|span| span.start < line.end) {
        found.extend_from_slice(&text[done..span.start.max(done)]);
        done = span.end.clamp(done, line.end);
    }
    found.extend_from_slice(&text[done..line.end]);
    found
}

// What a character says of its line, and of what it is a part of.
const ONLY_SIMPLIFIED: u8 = 1;
const ONLY_TRADITIONAL: u8 = 2;
const IS_FORM: u8 = 4;
const LEANS: u8 = 8;
const SIGN: u8 = 16;
const MARK: u8 = 32;
const LINE_END: u8 = 64;

/// The class of a code point: one or several of the above.
fn class(code_point: u32) -> u8 {
    let flags = scripts::flags(code_point);
    let script = match flags & (TRADITIONAL | FORM) {
        TRADITIONAL => ONLY_TRADITIONAL,
        FORM => LEANS,
        0 => 0,
        _ => IS_FORM,
    };
    let is = |it: bool, class: u8| if it { class } else { 0 };
    script
        | is(flags & SIMPLIFIED != 0, ONLY_SIMPLIFIED)
        | is(flags & (KANA | JAPANESE) != 0, SIGN)
        | is(
            protect::is_mark(code_point) || ids::is_operator(code_point),
            MARK,
        )
        | is(code_point == 0x0A, LINE_END)
}

/// The classes of the basic plane.
fn classes() -> &'static [u8; 0x1_0000] {
    static CLASSES: OnceLock<Box<[u8; 0x1_0000]>> = OnceLock::new();
    CLASSES.get_or_init(|| {
        let mut classes = Box::new([0; 0x1_0000]);
        for (code_point, one) in (0..).zip(classes.iter_mut()) {
            *one = class(code_point);
        }
        classes
    })
}

#[inline(always)]
fn class_of<T: CodeUnit>(classes: &[u8; 0x1_0000], unit: T) -> u8 {
    match classes.get(unit.wide() as usize) {
        Some(class) => *class,
        None => class(unit.wide()),
    }
}

/// Six counts in one number, ten bits each, by class: one addition a character.
static LANES: [u64; 256] = {
    let mut lanes = [0; 256];
    let mut class = 0;
    while class < 256 {
        let mut bit = 0;
        while bit < 6 {
            lanes[class] |= ((class >> bit & 1) as u64) << (LANE * bit);
            bit += 1;
        }
        class += 1;
    }
    lanes
};
const LANE: u32 = 10;
/// How many characters are counted in ten bits.
const MOST_COUNTED: usize = (1 << LANE) - 1;

/// The counts of no more characters than that.
fn sums<T: CodeUnit>(piece: &[T]) -> u64 {
    let classes = classes();
    let lanes = |unit: &T| LANES[usize::from(class_of(classes, *unit))];
    piece.iter().map(lanes).sum()
}

#[inline(always)]
fn lane(sums: u64, class: u8) -> usize {
    (sums >> (LANE * class.trailing_zeros())) as usize & MOST_COUNTED
}

impl Line {
    #[inline(always)]
    fn add(&mut self, sums: u64, join: impl Fn(usize, usize) -> usize) {
        self.simplified = join(self.simplified, lane(sums, ONLY_SIMPLIFIED));
        self.traditional = join(self.traditional, lane(sums, ONLY_TRADITIONAL));
        self.form = join(self.form, lane(sums, IS_FORM));
        self.leaning = join(self.leaning, lane(sums, LEANS));
    }

    /// Take the counts of a text away.
    fn take_away<T: CodeUnit>(&mut self, text: &[T]) {
        for piece in text.chunks(MOST_COUNTED) {
            self.add(sums(piece), |sum, less| sum - less);
        }
    }

    /// Whether two lines have the same lot, whatever the text as a whole is.
    fn is_like(&self, other: &Line) -> bool {
        let evidence = |line: &Line| {
            let Line {
                simplified,
                traditional,
                form,
                japanese,
                ..
            } = *line;
            (simplified > 0, traditional > 0, form > 0, japanese)
        };
        evidence(self) == evidence(other)
    }

    /// A line that is like this, and follows it.
    fn join(&mut self, next: &Line) {
        self.simplified += next.simplified;
        self.traditional += next.traditional;
        self.form += next.form;
        self.leaning += next.leaning;
        self.is_block |= next.is_block;
        self.end = next.end;
    }
}
