//! Clean: undo what scraping, PDF extraction, OCR and careless normalization do to characters.
//!
//! In: any text. Out: edits, each with the step that made it as its kind. Never fails; never
//! applies a compatibility fold (NFKC) to Chinese punctuation; never touches a protected span.
//!
//! How: one scan says which steps could have anything to do. Each step then answers with edits to
//! the text that the steps before it left; their edits are composed, so that all positions are
//! those of the text that came in. The order matters: what is escaped must be read before it can
//! be looked at, and glosses are undone while the `?` and `(` that tell of them are still there.

mod scan;

mod escapes;
mod gloss;
mod ideographs;
mod invisible;
mod private_use;
mod spaces;
mod width;

mod lines;
mod lookalikes;
mod marks;
mod variation;

use crate::edit::{self, Edit, Kind, Loss};
use crate::protect::{self, Terms};
use crate::text::{CodeUnit, Written};
pub use gloss::{Pool, Pooled};
use scan::Runs;
use std::cell::OnceCell;
use std::ops::Range;

/// The steps, in the order in which they run.
pub const ORDER: [Kind; 11] = [
    Kind::Escapes,
    Kind::Invisible,
    Kind::Ideographs,
    Kind::Variation,
    Kind::Gloss,
    Kind::Spaces,
    Kind::Lines,
    Kind::Lookalikes,
    Kind::Width,
    Kind::Punctuation,
    Kind::Quotes,
];

/// A set of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Steps(u32);

impl Steps {
    /// What is safe on any text.
    pub const DEFAULT: Steps = Steps::of(&[
        Kind::Escapes,
        Kind::Invisible,
        Kind::Ideographs,
        Kind::Gloss,
        Kind::Spaces,
        Kind::Width,
    ]);

    /// These steps; kinds that are no steps of clean do nothing.
    pub const fn of(kinds: &[Kind]) -> Steps {
        let (mut bits, mut at) = (0, 0);
        while at < kinds.len() {
            bits |= 1 << kinds[at] as u32;
            at += 1;
        }
        Steps(bits)
    }

    /// Whether the step is one of them.
    pub fn contains(self, step: Kind) -> bool {
        self.0 & (1 << step as u32) != 0
    }
}

/// The steps that are still to run: all of them again while they change something, for what one
/// step makes may be evidence for another (發,\u{200B} is beside no Chinese mark until the comma is one).
#[derive(Clone, Copy)]
struct Left {
    steps: Steps,
    next: usize,
    has_changed: bool,
    rounds: usize,
}

/// More than any drawn text has needed; a bound all the same.
const MOST_ROUNDS: usize = 6;

impl Left {
    fn new(steps: Steps) -> Left {
        Left {
            steps,
            next: 0,
            has_changed: false,
            rounds: 1,
        }
    }

    /// One more step, if its turn has not passed.
    fn add(&mut self, step: Kind) {
        self.steps.0 |= 1 << step as u32;
    }
}

impl Iterator for Left {
    type Item = Kind;

    fn next(&mut self) -> Option<Kind> {
        loop {
            let Some(&step) = ORDER.get(self.next) else {
                if !self.has_changed || self.rounds == MOST_ROUNDS {
                    return None;
                }
                (self.next, self.has_changed) = (0, false);
                self.rounds += 1;
                continue;
            };
            self.next += 1;
            if self.steps.contains(step) {
                return Some(step);
            }
        }
    }
}

/// How quotation marks are written, where that step is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum QuoteStyle {
    /// As the script of the text has them: 「」 with Traditional, “” with Simplified.
    #[default]
    ByScript,
    /// 「『』」
    Corner,
    /// “‘’”
    Curly,
}

/// What a caller can ask for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Options {
    /// The steps to run.
    pub steps: Steps,
    /// What stays as it is, wherever it stands.
    pub terms: Terms,
    /// For the step `quotes`.
    pub quotes: QuoteStyle,
    /// For the step `gloss`: what the corpus that the texts are from has shown.
    pub pooled: Pooled,
}

impl Options {
    /// Of these steps those that come before `gloss`, so that what escapes and invisible characters hide is
    /// counted; `None` if `gloss` is none of them.
    pub fn before_glosses(&self) -> Option<Options> {
        let before = ORDER.iter().take_while(|step| **step != Kind::Gloss);
        let before: Vec<Kind> = before
            .filter(|step| self.steps.contains(**step))
            .copied()
            .collect();
        self.steps.contains(Kind::Gloss).then(|| Options {
            steps: Steps::of(&before),
            ..self.clone()
        })
    }
}

impl Default for Options {
    fn default() -> Self {
        Options {
            steps: Steps::DEFAULT,
            terms: Terms::default(),
            quotes: QuoteStyle::default(),
            pooled: Pooled::default(),
        }
    }
}

/// What the steps know beside the text itself.
struct Context<'a> {
    /// In order and disjoint: no edit may touch them. Looked for when the first edit is at hand,
    /// for most texts have none.
    protected: OnceCell<Vec<Range<usize>>>,
    find_protected: &'a dyn Fn() -> Vec<Range<usize>>,
    options: &'a Options,
    runs: &'a Runs,
}

impl Context<'_> {
    /// Whether the place lies in a protected span.
    fn is_protected(&self, at: usize) -> bool {
        self.protects(at..at + 1)
    }

    /// Whether the range shares a place with a protected span.
    fn protects(&self, range: Range<usize>) -> bool {
        let protected = self.protected.get_or_init(self.find_protected);
        let after = protected.partition_point(|span| span.end <= range.start);
        protected
            .get(after)
            .is_some_and(|span| span.start < range.end)
    }
}

/// A text that was tidied.
#[derive(Clone, Debug)]
pub struct Cleaned<T> {
    /// What was changed, in order; never nothing.
    pub edits: Vec<Edit>,
    /// The text after that.
    pub text: Written<T>,
}

/// Tidy a text; `None` if it stays as it is.
pub fn clean<T: CodeUnit>(text: &[T], options: &Options) -> Option<Cleaned<T>> {
    let mut left = Left::new(options.steps);
    let runs = scan::scan(text);
    let edits = pass(text, &mut left, &runs, options)?;
    let (edits, tidied) = match edit::replay(text, &edits) {
        Written::Narrow(now) => on(text, edits, now, left, runs, options),
        Written::Wide(now) => {
            let (edits, now) = on(text, edits, now, left, runs, options);
            (edits, Written::Wide(now.into_wide()))
        }
    };
    debug_assert_eq!(edit::replay(text, &edits).into_wide(), tidied.to_wide());
    // What one step has done another may have undone.
    (!edits.is_empty()).then_some(Cleaned {
        edits,
        text: tidied,
    })
}

/// What is left in a text that was tidied, and that nobody can tell the meaning of: private use.
pub fn losses<T: CodeUnit>(tidied: &[T], options: &Options) -> Vec<Loss> {
    match options.steps.contains(Kind::Ideographs) {
        true => private_use::losses(tidied),
        false => Vec::new(),
    }
}

/// Go on with `now`, which the first edits made of `input`; answers all edits, and what they make of it. `runs` are
/// those of `input`.
fn on<T: CodeUnit, M: CodeUnit>(
    input: &[T],
    mut edits: Vec<Edit>,
    mut now: Vec<M>,
    mut left: Left,
    runs: Runs,
    options: &Options,
) -> (Vec<Edit>, Written<M>) {
    let mut runs = runs.after(&edits, &now);
    while let Some(more) = pass(&now, &mut left, &runs, options) {
        edits = edit::compose(input, &edits, &now, &more);
        match edit::rewrite(now, &more) {
            Written::Narrow(next) => now = next,
            // Wide at most once: the types end here, where the width no longer changes.
            Written::Wide(next) => {
                runs = runs.after(&more, &next);
                let (edits, wide) = on_wide(input, edits, next, left, runs, options);
                return (edits, Written::Wide(wide));
            }
        }
        runs = runs.after(&more, &now);
    }
    (edits, Written::Narrow(now))
}

fn on_wide<T: CodeUnit>(
    input: &[T],
    mut edits: Vec<Edit>,
    mut now: Vec<u32>,
    mut left: Left,
    mut runs: Runs,
    options: &Options,
) -> (Vec<Edit>, Vec<u32>) {
    while let Some(more) = pass(&now, &mut left, &runs, options) {
        edits = edit::compose(input, &edits, &now, &more);
        now = edit::rewrite(now, &more).into_wide();
        runs = runs.after(&more, &now);
    }
    (edits, now)
}

/// Run steps until one of them changes something: its edits.
fn pass<T: CodeUnit>(
    text: &[T],
    left: &mut Left,
    runs: &Runs,
    options: &Options,
) -> Option<Vec<Edit>> {
    let seen = runs.seen();
    let find_protected = || {
        let (marks, operators) = (runs.marks(text), runs.operators(text));
        protect::spans_at(text, &options.terms, marks, operators)
    };
    let context = Context {
        protected: OnceCell::new(),
        find_protected: &find_protected,
        options,
        runs,
    };
    while let Some(step) = left.next() {
        if !seen.calls_for(step) {
            continue;
        }
        let edits = edits_of(step, text, &context);
        debug_assert!(
            edits
                .iter()
                .all(|edit| !context.protects(edit.start..edit.end))
        );
        if !edits.is_empty() {
            left.has_changed = true;
            // The mirrors that put glosses in also fold full-width marks: one damage, undone as one.
            if step == Kind::Gloss {
                left.add(Kind::Width);
            }
            return Some(edits);
        }
    }
    None
}

fn edits_of<T: CodeUnit>(step: Kind, text: &[T], context: &Context) -> Vec<Edit> {
    match step {
        Kind::Escapes => escapes::edits(text, context),
        Kind::Invisible => invisible::edits(text, context),
        Kind::Ideographs => ideographs::edits(text, context),
        Kind::Variation => variation::edits(text, context),
        Kind::Gloss => gloss::edits(text, context),
        Kind::Spaces => spaces::edits(text, context),
        Kind::Lines => lines::edits(text, context),
        Kind::Lookalikes => lookalikes::edits(text, context),
        Kind::Width => width::edits(text, context),
        Kind::Punctuation => marks::doubled(text, context),
        Kind::Quotes => marks::quotes(text, context),
        Kind::Mojibake | Kind::Script | Kind::Form | Kind::Words => Vec::new(),
    }
}
