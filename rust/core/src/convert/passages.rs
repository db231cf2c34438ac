//! What is done with which part of a text.
//!
//! Comes in: a text, and the target. Goes out: passages, in order, that cover the text. Never: a
//! passage that begins or ends inside a protected span; a decision that its own result would turn
//! around, so that converting twice is converting once.
//!
//! A line is looked at on its own, and one that no character tells the script of goes with the text
//! as a whole. Neighbours with the same lot are one passage, so an ordinary text is one.

use super::{Options, Target};
use crate::protect;
use crate::tables::scripts::{self, Counts, FORM, JAPANESE, KANA, SIMPLIFIED, TRADITIONAL};
use crate::text::CodeUnit;
use smallvec::{SmallVec, smallvec};
use std::ops::Range;

/// The lot of a passage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lot {
    /// Stays, whatever a user's entries say: protected.
    Protected,
    /// Stays: Japanese, or in the target's script where no regional forms are asked for.
    Stays,
    /// Is in the target's script already: regional forms, and words of the other script, only.
    Forms,
    /// Is in both scripts: what holds a character of the other script is converted.
    Mixed,
    /// Is in the other script, or in none.
    Converts,
}

/// A part of the text, and its lot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Passage {
    pub(super) range: Range<usize>,
    pub(super) lot: Lot,
}

/// One, mostly: of a short string, memory for lists of one is a part of the time that shows.
pub(super) type Few<U> = SmallVec<[U; 1]>;

/// The passages of a text, and what is known of all of it.
pub(super) struct Read {
    pub(super) passages: Few<Passage>,
    /// The target that `auto` stands for.
    pub(super) target: Target,
    /// The text has characters of the target's script that no form changes.
    pub(super) is_told: bool,
    /// The text has no character that tells a script.
    pub(super) is_open: bool,
}

/// The passages of a text.
pub(super) fn passages<T: CodeUnit>(text: &[T], options: &Options) -> Read {
    let spans = protect::spans(text, &options.terms);
    let lines = lines(text, &spans);
    let target = match options.target {
        Target::Auto => majority(&lines),
        target => target,
    };
    if target == Target::Keep {
        let range = 0..text.len();
        let lot = Lot::Stays;
        return Read {
            passages: smallvec![Passage { range, lot }],
            target,
            is_told: true,
            is_open: false,
        };
    }
    // What Japanese lines have stays, so it must not speak for Simplified; while for Traditional it
    // must go on speaking, lest a line that becomes Japanese by being converted turn the others.
    let whole = lines
        .iter()
        .filter(|line| target != Target::Hans || !line.japanese)
        .fold(Line::default(), |whole, line| Line {
            simplified: whole.simplified + line.simplified,
            traditional: whole.traditional + line.traditional,
            form: whole.form + line.form,
            leaning: whole.leaning + line.leaning,
            ..whole
        });
    let mut found: Few<Passage> = Few::new();
    let mut spans = spans.into_iter().peekable();
    let mut at = 0;
    for line in &lines {
        let lot = match target {
            Target::Hans => to_hans(line, &whole, options.words),
            _ => to_hant(line, &whole),
        };
        while at < line.end {
            // Up to the next protected span, or through it.
            let (end, lot) = match spans.peek() {
                Some(span) if span.start <= at => (span.end.min(line.end), Lot::Protected),
                Some(span) => (span.start.min(line.end), lot),
                None => (line.end, lot),
            };
            spans.next_if(|span| span.end <= end);
            match found.last_mut() {
                Some(last) if last.lot == lot && lot != Lot::Protected => last.range.end = end,
                _ => found.push(Passage {
                    range: at..end,
                    lot,
                }),
            }
            at = end;
        }
    }
    let is_told = match target {
        Target::Hans => whole.simplified > 0,
        _ => whole.traditional > 0,
    };
    Read {
        passages: found,
        target,
        is_told,
        is_open: whole.simplified + whole.traditional == 0,
    }
}

/// A line without the evidence of what it is keeps to the whole text; equal evidence is Traditional,
/// since what is Simplified in it is gone after the first time.
fn to_hant(line: &Line, whole: &Line) -> Lot {
    match (line.simplified, line.traditional) {
        _ if line.japanese => Lot::Stays,
        (0, 0) => match (whole.simplified, whole.traditional) {
            (0, 0) if whole.leaning > 0 => Lot::Forms,
            (simplified, traditional) if simplified > traditional || traditional == 0 => {
                Lot::Converts
            }
            _ => Lot::Forms,
        },
        (0, _) => Lot::Forms,
        (_, 0) => Lot::Converts,
        _ => Lot::Mixed,
    }
}

/// Simplified text is right as it is, but for words that were left in Traditional (特徵); 著 in a line without
/// evidence goes with the whole.
fn to_hans(line: &Line, whole: &Line, words: bool) -> Lot {
    match (line.simplified, line.traditional + line.form) {
        _ if line.japanese => Lot::Stays,
        (0, 0) if whole.simplified > whole.traditional => Lot::Forms,
        (_, 0) if line.simplified > 0 => Lot::Forms,
        // 程式 → 程序, which in a text from Taiwan would be 進程.
        (0, 0) if words && whole.traditional + whole.form == 0 => Lot::Stays,
        _ => Lot::Converts,
    }
}

fn majority(lines: &[Line]) -> Target {
    let chinese = || lines.iter().filter(|line| !line.japanese);
    let simplified: usize = chinese().map(|line| line.simplified).sum();
    let traditional: usize = chinese().map(|line| line.traditional + line.form).sum();
    match simplified.cmp(&traditional) {
        std::cmp::Ordering::Less => Target::Hant,
        _ if simplified == 0 => Target::Keep,
        _ => Target::Hans,
    }
}

/// A line, or several one after the other that have the same lot whatever that is.
#[derive(Clone, Copy, Debug, Default)]
struct Line {
    end: usize,
    simplified: usize,
    /// Traditional only, in every region.
    traditional: usize,
    /// Traditional only, until a region writes its form of it.
    form: usize,
    /// Rather Traditional, where nothing else tells.
    leaning: usize,
    japanese: bool,
}

/// The lines; what is protected does not count for them.
fn lines<T: CodeUnit>(text: &[T], spans: &[Range<usize>]) -> Few<Line> {
    let near = scripts::near_flags();
    let mut found: Few<Line> = Few::new();
    let mut spans = spans.iter().peekable();
    let (mut start, mut line, mut seen) = (0, Line::default(), 0);
    let mut close = |line: &mut Line, seen: u8, range: Range<usize>| {
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
        if seen & (KANA | JAPANESE) != 0
            || seen & (SIMPLIFIED | TRADITIONAL) == SIMPLIFIED | TRADITIONAL
        {
            line.japanese = Counts::of(&text[range]).are_japanese();
        }
        match found.last_mut() {
            Some(last) if last.is_like(line) => last.join(line),
            _ => found.push(*line),
        }
        *line = Line::default();
    };
    // One look at every character, for its flags and for the end of its line. No count of so many runs over.
    for (base, piece) in (0..).zip(text.chunks(MOST_COUNTED)) {
        let mut sums = 0;
        for (at, unit) in piece.iter().enumerate() {
            let flags = match near.get(unit.wide() as usize) {
                Some(flags) => *flags,
                None => scripts::flags(unit.wide()),
            };
            seen |= flags;
            sums += COUNTS[usize::from(flags)];
            if unit.wide() == 0x0A {
                let end = base * MOST_COUNTED + at + 1;
                line.add(sums, |sum, more| sum + more);
                close(&mut line, seen, start..end);
                (start, seen, sums) = (end, 0, 0);
            }
        }
        line.add(sums, |sum, more| sum + more);
    }
    if start < text.len() {
        close(&mut line, seen, start..text.len());
    }
    found
}

/// Four counts in one number, 16 bits each: simplified, traditional, form, leaning. By flags.
static COUNTS: [u64; 256] = {
    let mut counts = [0; 256];
    let mut flags = 0;
    while flags < 256 {
        counts[flags] = match flags as u8 & (TRADITIONAL | FORM) {
            TRADITIONAL => 1 << 16,
            FORM => 1 << 48,
            0 => 0,
            _ => 1 << 32,
        } + (flags as u8 & SIMPLIFIED != 0) as u64;
        flags += 1;
    }
    counts
};

/// How many characters are counted in 16 bits.
const MOST_COUNTED: usize = u16::MAX as usize;

impl Line {
    #[inline(always)]
    fn add(&mut self, sums: u64, join: impl Fn(usize, usize) -> usize) {
        let sum = |lane: u32| usize::from((sums >> (16 * lane)) as u16);
        self.simplified = join(self.simplified, sum(0));
        self.traditional = join(self.traditional, sum(1));
        self.form = join(self.form, sum(2));
        self.leaning = join(self.leaning, sum(3));
    }

    /// Take the counts of a text away.
    fn take_away<T: CodeUnit>(&mut self, text: &[T]) {
        for piece in text.chunks(MOST_COUNTED) {
            let counts = |unit: &T| COUNTS[usize::from(scripts::flags(unit.wide()))];
            let sums = piece.iter().map(counts).sum();
            self.add(sums, |sum, less| sum - less);
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
        self.end = next.end;
    }
}
