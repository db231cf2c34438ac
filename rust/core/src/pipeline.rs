//! The whole way of a text: the only file that knows the order.
//!
//! ```text
//! text → repair → clean → convert → text
//! ```
//!
//! In: text, and a [`Plan`] that says which stages run. Out: the text after all of them, or a whole
//! [`Account`]. The plain and the explained way run the same stages in the same order; they differ
//! in what convert writes to, and in whether the edits are composed. Bytes become text before this
//! ([`crate::decode`]), for what is neither Unicode nor East Asian is decoded elsewhere.
//!
//! Positions: each stage answers with edits to *its* input. Composed, they are edits to the first
//! input, and replaying them gives the output.

use crate::clean::{self, QuoteStyle};
use crate::convert::{self, Target};
use crate::edit::{self, Before, Edit, Loss};
use crate::repair::{self, OtherLanguages};
use crate::text::{CodeUnit, Written};
use std::ops::Range;

/// Which stages run, and how.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Undo mojibake.
    pub repair: bool,
    /// Tidy characters.
    pub clean: Option<clean::Options>,
    /// Make the script consistent.
    pub convert: Option<convert::Options>,
}

/// What became of a text, and why.
#[derive(Clone, Debug)]
pub struct Account<T> {
    /// The output; `None` if it is the input.
    pub text: Option<Written<T>>,
    /// Every change, at its place in the input.
    pub edits: Vec<Edit>,
    /// What could not be undone, at its place in the input.
    pub losses: Vec<Loss>,
    /// Each stage's own edits, at their places in what the stage before it left.
    pub stages: Vec<StageEdits>,
    /// What convert left though something else may be meant, each with its place in the input.
    pub kept: Vec<(Range<usize>, convert::Doubt)>,
}

/// The edits of one stage, with what they replaced: its input is gone when they are read.
#[derive(Clone, Debug)]
pub struct StageEdits {
    /// The stage's name.
    pub stage: &'static str,
    /// Each edit, and the code points it replaced.
    pub edits: Vec<(Edit, Vec<u32>)>,
}

/// The text after all stages of the plan; `None` if they leave it as it is.
pub fn normalize<T: CodeUnit>(
    text: &[T],
    plan: &Plan,
    other: Option<OtherLanguages>,
) -> Option<Written<T>> {
    let mut way = Way::new(text, plan, other);
    way.run(Way::convert_plainly);
    way.now
}

/// The same, with the account of it.
pub fn explain<T: CodeUnit>(text: &[T], plan: &Plan, other: Option<OtherLanguages>) -> Account<T> {
    let mut way = Way::new(text, plan, other);
    way.keeps_account = true;
    way.run(|way| {
        way.look_for_private_use();
        way.convert_and_record();
    });
    Account {
        text: way.now.filter(|_| !way.edits.is_empty()),
        edits: way.edits,
        losses: way.losses,
        stages: way.stages,
        kept: way.kept,
    }
}

/// What repair and clean have done.
#[derive(Default)]
struct Tidied {
    changed: bool,
    /// Lines that may have been mojibake; positions of the text as it is now if nothing changed.
    suspects: Vec<Range<usize>>,
}

/// A bound that no drawn text has reached.
const MOST_ROUNDS: usize = 4;

impl Plan {
    /// A plan of these stages. Quotation marks are written as the script has them that convert will write, and where
    /// it writes none, as the text's own.
    pub fn new(
        repair: bool,
        clean: Option<clean::Options>,
        convert: Option<convert::Options>,
    ) -> Plan {
        let quotes = match convert.as_ref().map(|options| options.target) {
            Some(Target::Hans) => QuoteStyle::Curly,
            Some(Target::Hant | Target::HantTw | Target::HantHk) => QuoteStyle::Corner,
            Some(Target::Auto | Target::Keep) | None => QuoteStyle::ByScript,
        };
        Plan {
            repair,
            clean: clean.map(|options| clean::Options { quotes, ..options }),
            convert,
        }
    }

    /// What is done to a text before its glosses are counted for a [`clean::Pool`]; `None` if this plan leaves
    /// glosses alone.
    pub fn before_glosses(&self) -> Option<Plan> {
        let clean = self.clean.as_ref()?.before_glosses()?;
        Some(Plan {
            repair: self.repair,
            clean: Some(clean),
            convert: None,
        })
    }
}

/// A text on its way.
struct Way<'a, T> {
    input: &'a [T],
    plan: &'a Plan,
    other: Option<OtherLanguages<'a>>,
    /// The text as the stages so far have left it, once one of them has changed anything.
    now: Option<Written<T>>,
    keeps_account: bool,
    is_converted: bool,
    edits: Vec<Edit>,
    losses: Vec<Loss>,
    stages: Vec<StageEdits>,
    kept: Vec<(Range<usize>, convert::Doubt)>,
}

/// Run an expression on the text as it is now, whatever its width.
macro_rules! on_now {
    ($way:ident, $text:ident => $body:expr) => {
        match &$way.now {
            None => {
                let $text = $way.input;
                $body
            }
            Some(Written::Narrow(units)) => {
                let $text = &units[..];
                $body
            }
            Some(Written::Wide(units)) => {
                let $text = &units[..];
                $body
            }
        }
    };
}

impl<'a, T: CodeUnit> Way<'a, T> {
    fn new(input: &'a [T], plan: &'a Plan, other: Option<OtherLanguages<'a>>) -> Self {
        Way {
            input,
            plan,
            other,
            now: None,
            keeps_account: false,
            is_converted: false,
            edits: Vec::new(),
            losses: Vec::new(),
            stages: Vec::new(),
            kept: Vec::new(),
        }
    }

    /// All stages: again on lines that may have been mojibake, while what was converted of them reads as more of it:
    /// 銆備绨 is nothing, and 銆備綈 reads 。佐.
    fn run(&mut self, convert: impl Fn(&mut Self)) {
        let mut lines = self.all();
        for round in 0..MOST_ROUNDS {
            let Tidied { changed, suspects } = self.tidy(lines);
            let length = self.length();
            if round == 0 || changed {
                convert(self);
            }
            self.is_converted = true;
            let is_settled = suspects.is_empty() || (round > 0 && !changed);
            if is_settled || self.plan.convert.is_none() {
                break;
            }
            let stand = !changed && self.length() == length;
            lines = if stand { suspects } else { self.all() };
        }
    }

    /// Repair and clean: again while both change something, for what was in the way of telling
    /// mojibake (a control character inside it) may be gone then.
    fn tidy(&mut self, mut lines: Vec<Range<usize>>) -> Tidied {
        let mut tidied = Tidied::default();
        for round in 0..MOST_ROUNDS {
            let (any, suspects) = self.repair(&lines);
            tidied.changed |= any;
            tidied.suspects.extend(suspects);
            if round > 0 && !any {
                break;
            }
            let Some(touched) = self.clean() else {
                break;
            };
            tidied.changed = true;
            lines = touched;
        }
        tidied
    }

    /// All lines as one part.
    fn all(&self) -> Vec<Range<usize>> {
        std::iter::once(0..self.length()).collect()
    }

    /// Of the text as it is now, in code points.
    fn length(&self) -> usize {
        on_now!(self, text => text.len())
    }

    /// Undo mojibake on some lines, which repair looks at one by one; whether there was any, and which may be.
    fn repair(&mut self, lines: &[Range<usize>]) -> (bool, Vec<Range<usize>>) {
        if !self.plan.repair {
            return (false, Vec::new());
        }
        let other = self.other;
        let mut repaired = on_now!(self, text => repair::repair_in(text, lines, other));
        if self.keeps_account {
            let before = Before::new(&self.edits);
            let mut looked_at = lines.to_vec();
            if self.is_converted {
                // 錕斤拷, which was 锟斤拷, is still lost: what is known of lines without more to repair stands.
                looked_at = repaired.suspects.clone();
                looked_at.retain(|line| {
                    let next = repaired
                        .edits
                        .partition_point(|edit| edit.start < line.start);
                    (repaired.edits.get(next)).is_some_and(|edit| edit.start < line.end)
                });
                repaired.losses.retain(|loss| {
                    let next = looked_at.partition_point(|line| line.end <= loss.start);
                    (looked_at.get(next)).is_some_and(|line| line.start <= loss.start)
                });
            }
            let seen: Vec<Range<usize>> = looked_at
                .iter()
                .map(|part| before.range(part.clone()))
                .collect();
            let is_seen = |loss: &Loss| {
                let at = seen.partition_point(|part| part.end <= loss.start);
                seen.get(at).is_some_and(|part| part.start <= loss.start)
            };
            self.losses.retain(|loss| !is_seen(loss));
            self.losses.extend(repaired.losses.into_iter().map(|loss| {
                let Range { start, end } = before.range(loss.start..loss.end);
                Loss { start, end, ..loss }
            }));
            self.losses.sort_by_key(|loss| (loss.start, loss.end));
        }
        let any = !repaired.edits.is_empty();
        self.apply("repair", repaired.edits);
        (any, repaired.suspects)
    }

    /// Tidy characters; the lines that were touched, if there was anything to do.
    fn clean(&mut self) -> Option<Vec<Range<usize>>> {
        let options = self.plan.clean.as_ref()?;
        let (edits, text) = match &self.now {
            None => clean::clean(self.input, options).map(|made| (made.edits, made.text)),
            Some(Written::Narrow(units)) => {
                clean::clean(units, options).map(|made| (made.edits, made.text))
            }
            Some(Written::Wide(units)) => clean::clean(units, options)
                .map(|made| (made.edits, Written::Wide(made.text.into_wide()))),
        }?;
        self.record("clean", &edits);
        self.now = Some(text);
        Some(on_now!(self, text => repair::touched(text, &edits)))
    }

    /// What nobody can tell the meaning of, beside what repair has found beyond repair.
    fn look_for_private_use(&mut self) {
        let Some(options) = &self.plan.clean else {
            return;
        };
        let left = on_now!(self, text => clean::losses(text, options));
        let before = Before::new(&self.edits);
        let known = std::mem::take(&mut self.losses);
        for loss in left {
            let Range { start, end } = before.range(loss.start..loss.end);
            // Both are in order.
            let next = known.partition_point(|known| known.end <= start);
            if known.get(next).is_none_or(|known| end <= known.start) {
                self.losses.push(Loss { start, end, ..loss });
            }
        }
        self.losses.extend(known);
        self.losses.sort_by_key(|loss| (loss.start, loss.end));
    }

    /// Most of the work of a clean text: written straight, without edits.
    fn convert_plainly(&mut self) {
        let Some(options) = &self.plan.convert else {
            return;
        };
        let next = match &self.now {
            None => convert::convert(self.input, options),
            Some(Written::Narrow(units)) => convert::convert(units, options),
            Some(Written::Wide(units)) => {
                convert::convert(units, options).map(|written| Written::Wide(written.into_wide()))
            }
        };
        if next.is_some() {
            self.now = next;
        }
    }

    fn convert_and_record(&mut self) {
        if let Some(options) = &self.plan.convert {
            let explained = on_now!(self, text => convert::explained(text, options));
            let before = Before::new(&self.edits);
            let placed = |doubt: convert::Doubt| (before.range(doubt.at..doubt.at + 1), doubt);
            self.kept = explained.kept.into_iter().map(placed).collect();
            self.apply("convert", explained.edits);
        }
    }

    /// Take a stage's edits over into the text, and into the account if one is kept.
    fn apply(&mut self, stage: &'static str, edits: Vec<Edit>) {
        if edits.is_empty() {
            return;
        }
        self.record(stage, &edits);
        let next = match &self.now {
            None => edit::replay(self.input, &edits),
            Some(Written::Narrow(units)) => edit::replay(units, &edits),
            Some(Written::Wide(units)) => Written::Wide(edit::replay(units, &edits).into_wide()),
        };
        self.now = Some(next);
    }

    /// Take a stage's edits, which are not yet in the text, over into the account if one is kept.
    fn record(&mut self, stage: &'static str, edits: &[Edit]) {
        if !self.keeps_account {
            return;
        }
        let (composed, replaced) = on_now!(self, text => (
            edit::compose(self.input, &self.edits, text, edits),
            edits.iter().map(|edit| crate::text::widen(&text[edit.start..edit.end])).collect::<Vec<_>>()
        ));
        self.edits = composed;
        self.stages.push(StageEdits {
            stage,
            edits: edits.iter().cloned().zip(replaced).collect(),
        });
    }
}
