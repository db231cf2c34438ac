//! Convert: one consistent script.
//!
//! In: any text and a target. Out: the text, or edits. Never changes a protected span, a Japanese
//! passage, or text that can be told to be right in the target; never gives another answer when
//! asked again for what it answered.
//!
//! Two passes over the passages of a text ([`passages`]): the first into the script, with OpenCC's
//! dictionaries as [`opencc`] uses them, the second into the forms and words of a region.

mod cascade;

pub mod engine;

pub mod lattice;

mod longest;

pub mod opencc;

mod passages;

pub mod sink;

use crate::edit::{self, Edit, Kind};
use crate::protect::Terms;
use crate::text::{CodeUnit, Written};
use engine::{Engine, NoOverlay, Overlay, run};
use hanfix_trie::view::{Found, New, PlanView, Stage};
use lattice::Region;
use opencc::Entries;
use passages::{Lot, Passage, passages};
use sink::{EditSink, Sink, TextSink};
use std::ops::Range;

/// Where a text is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// Simplified.
    Hans,
    /// Traditional; a regional form that is Traditional already stays.
    Hant,
    /// Traditional as Taiwan writes it.
    HantTw,
    /// Traditional as Hong Kong writes it.
    HantHk,
    /// The script that most of the text is in.
    Auto,
    /// As it is.
    Keep,
}

impl Target {
    /// All of them.
    pub const ALL: [Target; 6] = [
        Target::Hans,
        Target::Hant,
        Target::HantTw,
        Target::HantHk,
        Target::Auto,
        Target::Keep,
    ];

    /// The name, as users give it.
    pub fn name(self) -> &'static str {
        match self {
            Target::Hans => "hans",
            Target::Hant => "hant",
            Target::HantTw => "hant-tw",
            Target::HantHk => "hant-hk",
            Target::Auto => "auto",
            Target::Keep => "keep",
        }
    }

    /// A target by its name, or by a BCP 47 tag in any case and with `_` for `-`.
    pub fn parse(name: &str) -> Option<Target> {
        let name = name.to_ascii_lowercase().replace('_', "-");
        let tag = name.strip_prefix("zh-").unwrap_or(&name);
        Some(match tag {
            "hans" | "hans-cn" | "hans-sg" | "hans-my" | "cn" | "sg" | "my" => Target::Hans,
            "hant" => Target::Hant,
            "hant-tw" | "tw" => Target::HantTw,
            "hant-hk" | "hant-mo" | "hk" | "mo" => Target::HantHk,
            "auto" => Target::Auto,
            "keep" => Target::Keep,
            _ => return None,
        })
    }

    /// The plan that brings Traditional text into Simplified.
    fn script_plan(words: bool) -> &'static str {
        if words { "tw2sp" } else { "tw2s" }
    }

    /// Whose forms the lattice writes.
    fn region(self) -> Region {
        match self {
            Target::HantTw => Region::Taiwan,
            Target::HantHk => Region::HongKong,
            _ => Region::Any,
        }
    }

    /// The plan that brings a region's words into Traditional text; its forms the lattice writes.
    fn form_plan(self, words: bool) -> Option<&'static str> {
        match self {
            Target::HantTw if words => Some("t2twp"),
            Target::HantHk if words => Some("t2hkp"),
            _ => None,
        }
    }
}

/// What to do.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the text is to go.
    pub target: Target,
    /// Also regional vocabulary.
    pub words: bool,
    /// What stays as it is.
    pub terms: Terms,
    /// What a user has decided: wherever a key stands outside protected spans, its value is written.
    pub entries: Option<Entries>,
}

impl Options {
    /// A target, and nothing else.
    pub fn to(target: Target) -> Options {
        Options {
            target,
            words: false,
            terms: Terms::default(),
            entries: None,
        }
    }
}

/// The text in the target, or `None` if it is as it was.
pub fn convert<T: CodeUnit>(text: &[T], options: &Options) -> Option<Written<T>> {
    let work = Work::new(text, options)?;
    let mut sink = TextSink::new(text.len());
    let places = work.into_script(text, &mut sink);
    let Some(forms) = work.forms else {
        return sink.finish();
    };
    let region = |middle: &[T]| {
        let mut sink = TextSink::new(middle.len());
        into_forms(middle, forms, &places, &mut sink);
        sink.finish()
    };
    match sink.finish() {
        None => region(text),
        Some(Written::Narrow(middle)) => Some(region(&middle).unwrap_or(Written::Narrow(middle))),
        Some(Written::Wide(middle)) => {
            let mut sink = TextSink::new(middle.len());
            into_forms(&middle, forms, &places, &mut sink);
            let after = sink.finish().map(|after| after.to_wide());
            Some(Written::Wide(after.unwrap_or(middle)))
        }
    }
}

/// What changes, in positions of the text; nothing exactly when [`convert`] answers `None`.
pub fn edits<T: CodeUnit>(text: &[T], options: &Options) -> Vec<Edit> {
    let Some(work) = Work::new(text, options) else {
        return Vec::new();
    };
    let mut first = EditSink::new(Kind::Script, Kind::Script);
    let places = work.into_script(text, &mut first);
    for edit in &mut first.edits {
        let is_form = edit.end - edit.start == 1
            && matches!(edit.new[..], [new] if lattice::is_form(text[edit.start].wide(), new));
        if is_form {
            edit.kinds = Kind::Form.into();
        }
    }
    let Some(forms) = work.forms else {
        return first.edits;
    };
    let middle = edit::replay(text, &first.edits).to_wide();
    let longer = if options.words {
        Kind::Words
    } else {
        Kind::Form
    };
    let mut second = EditSink::new(Kind::Form, longer);
    into_forms(&middle, forms, &places, &mut second);
    edit::compose(text, &first.edits, &middle, &second.edits)
}

type Ready = (&'static PlanView<'static>, &'static Engine);

/// What is to be done with a text.
struct Work<'a> {
    passages: Vec<Passage>,
    direction: Direction,
    forms: Option<Ready>,
    entries: Option<&'a Entries>,
}

impl<'a> Work<'a> {
    /// `None` if there is nothing to do.
    fn new<T: CodeUnit>(text: &[T], options: &'a Options) -> Option<Work<'a>> {
        // No key of the plans below is of one-byte characters only.
        let is_narrow = size_of::<T>() == 1;
        if options.target == Target::Keep || (is_narrow && options.entries.is_none()) {
            return None;
        }
        let (passages, target) = passages(text, options);
        if target == Target::Keep && options.entries.is_none() {
            return None;
        }
        let direction = if target == Target::Hans {
            Direction::Hans(opencc::embedded(Target::script_plan(options.words))?)
        } else {
            let cantonese = target == Target::HantHk && lattice::is_cantonese(text);
            Direction::Hant(target.region(), cantonese)
        };
        let forms = target.form_plan(options.words).and_then(opencc::embedded);
        Some(Work {
            passages,
            direction,
            forms,
            entries: options.entries.as_ref(),
        })
    }

    /// The first pass; answers where the second has to do, in positions of what was written.
    fn into_script<T: CodeUnit>(&self, text: &[T], sink: &mut impl Sink<T>) -> Vec<Range<usize>> {
        let mut places: Vec<Range<usize>> = Vec::new();
        let stage = self.entries.and_then(Entries::stage);
        for Passage { range, lot } in &self.passages {
            let mut at = range.start;
            while at < range.end {
                let own = stage.filter(|_| *lot != Lot::Protected);
                // Up to the next entry of the user's, or all of it.
                let next = own
                    .as_ref()
                    .and_then(|stage| next_entry(stage, &text[..range.end], at));
                let end = next.map_or(range.end, |(from, _)| from);
                let from = sink.position();
                sink.begin(at);
                self.piece(&text[at..end], *lot, sink);
                if !matches!(lot, Lot::Protected | Lot::Stays) && from < sink.position() {
                    match places.last_mut() {
                        Some(last) if last.end == from => last.end = sink.position(),
                        _ => places.push(from..sink.position()),
                    }
                }
                at = end;
                let (Some((_, found)), Some(stage)) = (next, &own) else {
                    break;
                };
                sink.begin(0);
                match found.new {
                    New::Written(new) => sink.replace(text, at, at + found.length, new),
                    New::Charwise => {
                        for at in at..at + found.length {
                            sink.map(text, at, stage.alone(text[at].wide()));
                        }
                    }
                }
                at += found.length;
            }
        }
        places
    }

    fn piece<T: CodeUnit>(&self, text: &[T], lot: Lot, sink: &mut impl Sink<T>) {
        let Direction::Hans((plan, engine)) = self.direction else {
            return self.weigh(text, lot, sink);
        };
        match lot {
            Lot::Protected | Lot::Stays | Lot::Forms => sink.keep(text, 0, text.len()),
            Lot::Mixed | Lot::Converts => run(plan, engine, &NoOverlay, text, sink),
        }
    }

    fn weigh<T: CodeUnit>(&self, text: &[T], lot: Lot, sink: &mut impl Sink<T>) {
        let Direction::Hant(region, cantonese) = self.direction else {
            return;
        };
        match lot {
            Lot::Protected | Lot::Stays => sink.keep(text, 0, text.len()),
            Lot::Forms => lattice::forms(region, text, sink),
            Lot::Mixed | Lot::Converts => {
                let mixed = lot == Lot::Mixed;
                lattice::run(region, lattice::Passage { mixed, cantonese }, text, sink);
            }
        }
    }
}

/// Where the first pass goes.
#[derive(Clone, Copy)]
enum Direction {
    /// Into Simplified, by a plan of OpenCC's.
    Hans(Ready),
    /// Into Traditional, as a region writes it; and whether the text is Cantonese.
    Hant(Region, bool),
}

/// The next place at which a key of the entries stands.
fn next_entry<'s, T: CodeUnit>(
    stage: &'s Stage,
    text: &[T],
    from: usize,
) -> Option<(usize, Found<'s>)> {
    (from..text.len()).find_map(|at| Some((at, Overlay::find(stage, text, at)?)))
}

/// The second pass: regional forms, at the given places.
fn into_forms<T: CodeUnit>(
    text: &[T],
    (plan, engine): Ready,
    places: &[Range<usize>],
    sink: &mut impl Sink<T>,
) {
    let mut done = 0;
    for place in places {
        sink.keep(text, done, place.start);
        sink.begin(place.start);
        run(plan, engine, &NoOverlay, &text[place.clone()], sink);
        sink.begin(0);
        done = place.end;
    }
    sink.keep(text, done, text.len());
}
