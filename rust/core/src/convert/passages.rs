//! What is done with which part of a text.
//!
//! Comes in: a text, and the target. Goes out: passages, in order, that cover the text. Never: a
//! passage that begins or ends inside a protected span; a decision that its own result would turn
//! around, so that converting twice is converting once.
//!
//! A line is looked at on its own, and one that no character tells the script of goes with the text
//! as a whole. Neighbours with the same lot are one passage, so an ordinary text is one.

use super::lines::{Line, Lines, by_line, lines};
use super::{Options, Target};
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
    passages_of(text, options, lines(text, &options.terms))
}

fn passages_of<T: CodeUnit>(text: &[T], options: &Options, lines: Lines) -> Read {
    let Lines {
        found: lines,
        spans,
    } = lines;
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
    let lot = |line: &Line| match target {
        Target::Hans => to_hans(line, &whole, options.words),
        _ => to_hant(line, &whole),
    };
    let mut found: Few<Passage> = Few::new();
    let (mut at, mut protected) = (0, spans.iter().peekable());
    let mut push = |end: usize, lot: Lot| {
        while at < end {
            // Up to the next protected span, or through it.
            let (end, lot) = match protected.peek() {
                Some(span) if span.start <= at => (span.end.min(end), Lot::Protected),
                Some(span) => (span.start.min(end), lot),
                None => (end, lot),
            };
            protected.next_if(|span| span.end <= end);
            match found.last_mut() {
                Some(last) if last.lot == lot && lot != Lot::Protected => last.range.end = end,
                _ => found.push(Passage {
                    range: at..end,
                    lot,
                }),
            }
            at = end;
        }
    };
    let without_evidence = lot(&Line::default());
    let mut start = 0;
    for line in &lines {
        let end = line.end;
        match lot(line) {
            of_most if line.is_block && of_most != without_evidence => {
                by_line(text, start..end, &spans, &mut |line| {
                    push(line.end, lot(&line))
                });
            }
            of_all => push(end, of_all),
        }
        start = end;
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

#[cfg(test)]
mod tests {
    use super::super::lines::{lines_by, spans_of};
    use super::*;
    use crate::text::from_str;
    use proptest::prelude::*;

    /// Each line by itself.
    fn slowly(text: &[u32], options: &Options) -> Read {
        let spans = spans_of(text, &options.terms);
        let mut found: Few<Line> = Few::new();
        by_line(text, 0..text.len(), &spans, &mut |line| found.push(line));
        passages_of(text, options, Lines { found, spans })
    }

    proptest! {
        /// What is counted by the block has the passages that its lines have one by one.
        #[test]
        fn blocks_have_the_passages_of_their_lines(
            lines in prop::collection::vec("(人们|个人们|人們|羣|羣於|人山|山|於|们們|`们`人|<a>們|⿰人|気人|は|《人はは》们|「气」は)", 0..12),
            end in "\n?",
            (target, words) in (prop::sample::select(&Target::ALL[..]), any::<bool>()),
            least in 1_usize..20,
        ) {
            let text = from_str(&(lines.join("\n") + &end));
            let options = Options { words, ..Options::to(target) };
            let slowly = slowly(&text, &options);
            let fast = passages_of(&text, &options, lines_by(&text, &options.terms, least));
            prop_assert_eq!(fast.passages, slowly.passages);
            prop_assert_eq!(
                (fast.target, fast.is_told, fast.is_open),
                (slowly.target, slowly.is_told, slowly.is_open)
            );
        }
    }
}
