//! Convert: one consistent script.
//!
//! In: any text and a target. Out: the text, or edits. Never changes a protected span, a Japanese
//! passage, or text that can be told to be right in the target; never gives another answer when
//! asked again for what it answered.
//!
//! Two passes over the passages of a text ([`passages`]): the first into the script, with OpenCC's
//! dictionaries as [`opencc`] uses them, the second into the words of a region, or what the first has
//! [`left`].

mod cascade;

pub mod engine;

mod lattice;

mod left;

mod lines;

mod longest;

pub mod opencc;

mod passages;

mod quoted;

mod reach;

pub mod sink;

mod starts;

mod tongue;

use crate::edit::{self, Edit, Kind, Weighed};
use crate::protect::Terms;
use crate::tables::scripts::{self, FORM, SIMPLIFIED, TRADITIONAL};
use crate::text::{CodeUnit, Written, places};
use engine::{Engine, NoOverlay, Overlay, run};
use hanfix_trie::ids;
use hanfix_trie::view::{Found, New, PlanView, Stage};
pub use lattice::Doubt;
use lattice::{Region, Script};
use left::Left;
use opencc::Entries;
use passages::{Few, Lot, Passage, Read, passages};
use sink::{EditSink, Sink, TextSink};
use std::ops::Range;
use tongue::Stretch;

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
        if words { "@tw2sp" } else { "@tw2s" }
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
    /// In text that does not tell its script stays what a first time may have written there: 文件, of 文档.
    fn words_plan(self, is_open: bool) -> Option<&'static str> {
        match (self, is_open) {
            (Target::HantTw, false) => Some("@t2twp"),
            (Target::HantTw, true) => Some("@twalone"),
            (Target::HantHk, false) => Some("@t2hkp"),
            (Target::HantHk, true) => Some("@hkalone"),
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
    /// What is less sure than this, in thousandths, stays as it is.
    pub min_confidence: u16,
}

impl Options {
    /// A target, and nothing else.
    pub fn to(target: Target) -> Options {
        Options {
            target,
            words: false,
            terms: Terms::default(),
            entries: None,
            min_confidence: 0,
        }
    }
}

/// Rounds at most, for text whose first result a second round would still change.
///
/// 看著於 becomes 看著于, and only that 看着于: OpenCC's tw2s is not its own end, and its result here
/// has no character that tells that it is done.
const ROUNDS: usize = 8;

/// The text in the target, or `None` if it is as it was.
pub fn convert<T: CodeUnit>(text: &[T], options: &Options) -> Option<Written<T>> {
    if options.min_confidence > 0 {
        let edits = edits(text, options);
        return (!edits.is_empty()).then(|| edit::replay(text, &edits));
    }
    let (written, mut is_done) = once(text, options)?;
    let mut written = written?;
    for _ in 1..ROUNDS {
        if is_done {
            break;
        }
        // What was converted may have no script that a target could be told by: 皇后, of 皇後, with `auto`.
        let next = match &written {
            Written::Narrow(units) => once(units, options),
            Written::Wide(units) => once(units, options)
                .map(|(next, done)| (next.map(|next| Written::Wide(next.to_wide())), done)),
        };
        let Some((Some(next), done)) = next else {
            break;
        };
        (written, is_done) = (next, done);
    }
    Some(written)
}

/// One round, and whether another would find nothing to do; `None` if there is nothing to do at all.
fn once<T: CodeUnit>(text: &[T], options: &Options) -> Option<(Option<Written<T>>, bool)> {
    let work = Work::new(text, options)?;
    let mut sink = TextSink::new(text.len());
    let places = work.write_script(text, &mut sink);
    let written = sink.finish();
    let written = match written {
        None => work.write_again(text, &places),
        Some(Written::Narrow(middle)) => Some(work.rewrite(middle, &places)),
        Some(Written::Wide(middle)) => Some(match work.rewrite(middle, &places) {
            Written::Narrow(after) | Written::Wide(after) => Written::Wide(after),
        }),
    };
    let done = match &written {
        None => true,
        _ if work.may_go_on() => false,
        Some(Written::Narrow(units)) => work.is_done(units, &places),
        Some(Written::Wide(units)) => work.is_done(units, &places),
    };
    Some((written, done))
}

/// What changes, in positions of the text; nothing exactly when [`convert`] answers `None`.
pub fn edits<T: CodeUnit>(text: &[T], options: &Options) -> Vec<Edit> {
    explained(text, options).edits
}

/// What was done with a text, in positions of it.
#[derive(Clone, Debug, Default)]
pub struct Explained {
    /// What changes; what was weighed says against what.
    pub edits: Vec<Edit>,
    /// What was weighed and stays, where something else was nearly as likely, or was likelier and not sure enough.
    pub kept: Vec<Doubt>,
}

/// What stays is told of if it is less sure than this, in thousandths.
const SURE: u16 = 950;

/// The same as [`edits`], and what stays though something else may be meant.
pub fn explained<T: CodeUnit>(text: &[T], options: &Options) -> Explained {
    let (mut found, mut is_done) = recorded(text, options);
    for _ in 1..ROUNDS {
        if is_done || found.edits.is_empty() {
            break;
        }
        let middle = edit::replay(text, &found.edits).to_wide();
        let (next, done) = recorded(&middle, options);
        is_done = done || next.edits.is_empty();
        found.edits = edit::compose(text, &found.edits, &middle, &next.edits);
    }
    // What stayed first may be a part of what became another word.
    let edits = &found.edits;
    let stays = |at: usize| {
        let next = edits.get(edits.partition_point(|edit| edit.end <= at));
        next.is_none_or(|edit| at < edit.start)
    };
    found.kept.retain(|doubt| stays(doubt.at));
    found
}

/// One round, and whether another would find nothing to do.
fn recorded<T: CodeUnit>(text: &[T], options: &Options) -> (Explained, bool) {
    let Some(work) = Work::new(text, options) else {
        return (Explained::default(), true);
    };
    let mut first = EditSink::new(Kind::Script, Kind::Script);
    first.doubts = Some(Vec::new());
    let places = work.write_script(text, &mut first);
    for edit in &mut first.edits {
        if let (1, &[new]) = (edit.end - edit.start, &edit.new[..])
            && lattice::is_form(text[edit.start].wide(), new)
        {
            edit.kinds = Kind::Form.into();
        }
    }
    let doubts = first.doubts.unwrap_or_default();
    let (first, kept) = weighed(text, first.edits, doubts, options.min_confidence);
    let middle = edit::replay(text, &first).to_wide();
    let second = match work.second {
        None => {
            let done = work.is_done(&middle, &places) && options.min_confidence == 0;
            return (Explained { edits: first, kept }, done);
        }
        Some(Second::Left(left)) => left.edits(&middle, &places),
        Some(Second::Words(words)) => {
            let mut sink = EditSink::new(Kind::Form, Kind::Words);
            write_words(&middle, words, &places, &mut sink);
            sink.edits
        }
    };
    let edits = edit::compose(text, &first, &middle, &second);
    let is_done = || work.is_done(&edit::replay(text, &edits).to_wide(), &places);
    let done = edits.is_empty() || !work.may_go_on() && is_done() && options.min_confidence == 0;
    (Explained { edits, kept }, done)
}

/// Edits with what they were weighed against, without those that are less sure than `least`; and what stays in doubt.
fn weighed<T: CodeUnit>(
    text: &[T],
    edits: Vec<Edit>,
    doubts: Vec<Doubt>,
    least: u16,
) -> (Vec<Edit>, Vec<Doubt>) {
    let mut kept = Vec::new();
    let mut made = Vec::with_capacity(edits.len());
    let mut doubts = doubts.into_iter().peekable();
    let stays = |doubt: Doubt| (doubt.confidence < SURE).then_some(doubt);
    for mut edit in edits {
        while let Some(doubt) = doubts.next_if(|doubt| doubt.at < edit.start) {
            kept.extend(stays(doubt));
        }
        // The lattice writes one character for one.
        let of_edit = doubts.next_if(|doubt| doubt.at == edit.start && edit.end == edit.start + 1);
        let Some(doubt) = of_edit.filter(|doubt| *edit.new == [doubt.written]) else {
            made.push(edit);
            continue;
        };
        let old = text[edit.start].wide();
        if doubt.confidence < least {
            let others = doubt.alternatives.iter().copied();
            let others = std::iter::once(doubt.written).chain(others.filter(|other| *other != old));
            kept.push(Doubt {
                at: doubt.at,
                written: old,
                confidence: 1000 - doubt.confidence,
                alternatives: others.collect(),
            });
            continue;
        }
        let alternatives = doubt.alternatives.iter().map(|one| Box::from([*one]));
        edit.weighed = Some(Box::new(Weighed {
            confidence: doubt.confidence,
            alternatives: alternatives.collect(),
        }));
        made.push(edit);
    }
    kept.extend(doubts.filter_map(stays));
    (made, kept)
}

type Ready = (&'static PlanView<'static>, &'static Engine);

/// What is to be done with a text.
struct Work<'a> {
    passages: Few<Passage>,
    direction: Direction,
    /// What of it is Cantonese; only Hong Kong's readings differ for that.
    tongues: Few<Stretch>,
    second: Option<Second>,
    entries: Option<&'a Entries>,
    /// The text has characters of the target's script that stay, so what it becomes is known too.
    is_told: bool,
}

impl<'a> Work<'a> {
    /// `None` if there is nothing to do.
    fn new<T: CodeUnit>(text: &[T], options: &'a Options) -> Option<Work<'a>> {
        // No key of the plans below is of one-byte characters only.
        let is_narrow = size_of::<T>() == 1;
        if options.target == Target::Keep || (is_narrow && options.entries.is_none()) {
            return None;
        }
        let Read {
            passages,
            target,
            is_told,
            is_open,
        } = passages(text, options);
        if target == Target::Keep && options.entries.is_none() {
            return None;
        }
        let direction = if target == Target::Hans {
            let script = opencc::embedded(Target::script_plan(options.words))?;
            Direction::Hans(script)
        } else {
            Direction::Hant(target.region())
        };
        let tongues = tongue::stretches(text, target == Target::HantHk);
        let words = options.words.then(|| target.words_plan(is_open));
        let words = words.flatten().and_then(opencc::embedded);
        Some(Work {
            passages,
            direction,
            tongues,
            second: match direction {
                Direction::Hans(_) => Left::get().map(Second::Left),
                Direction::Hant(..) => words.map(Second::Words),
            },
            entries: options.entries.as_ref(),
            is_told,
        })
    }

    /// Whether a regional word may be the company that a wrong conversion is known by: 復習 in 復習数据,
    /// once that is 復習資料.
    fn may_go_on(&self) -> bool {
        matches!(self.second, Some(Second::Words(_))) && self.entries.is_none()
    }

    /// The text after the second pass, or `None` if that finds nothing to do.
    fn write_again<T: CodeUnit>(&self, middle: &[T], places: &[Place]) -> Option<Written<T>> {
        match self.second? {
            Second::Left(left) => {
                let edits = left.edits(middle, places);
                (!edits.is_empty()).then(|| edit::replay(middle, &edits))
            }
            Second::Words(words) => {
                let mut sink = TextSink::new(middle.len());
                write_words(middle, words, places, &mut sink);
                sink.finish()
            }
        }
    }

    /// The same, of a text that nobody else has.
    fn rewrite<T: CodeUnit>(&self, mut middle: Vec<T>, places: &[Place]) -> Written<T> {
        let Some(Second::Left(left)) = self.second else {
            let after = self.write_again(&middle, places);
            return after.unwrap_or(Written::Narrow(middle));
        };
        // One character for one, and few: in place.
        for edit in left.edits(&middle, places) {
            for (old, new) in middle[edit.start..edit.end].iter_mut().zip(&edit.new) {
                *old = T::narrow(*new).unwrap_or(*old);
            }
        }
        Written::Narrow(middle)
    }

    /// Whether a second round would leave what was written: it has characters that tell its script.
    /// `places` are those of what was written, for a target in Simplified.
    fn is_done<T: CodeUnit>(&self, written: &[T], places: &[Place]) -> bool {
        if self.entries.is_some() {
            return true;
        }
        let flags = |unit: &T| scripts::flags(unit.wide());
        if self.is_to_hant() {
            // What told before may have been a wrong conversion: 皇後.
            return written
                .iter()
                .any(|unit| matches!(flags(unit) & (TRADITIONAL | FORM), TRADITIONAL | FORM));
        }
        if self.is_told {
            return true;
        }
        let tells = |unit: &T| flags(unit) & SIMPLIFIED != 0;
        places
            .iter()
            .any(|place| written[place.range.clone()].iter().any(tells))
    }

    /// The first pass; answers where the second has to do, in positions of what was written, if there is one or
    /// somebody else asks.
    fn write_script<T: CodeUnit>(&self, text: &[T], sink: &mut impl Sink<T>) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        let stage = self.entries.and_then(Entries::stage);
        let asks_where = self.second.is_some();
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
                self.piece(text, at..end, *lot, sink);
                let is_asked = asks_where && !matches!(lot, Lot::Protected | Lot::Stays);
                if is_asked && from < sink.position() {
                    let was_converted = *lot != Lot::Forms;
                    match places.last_mut() {
                        Some(last)
                            if last.range.end == from && last.was_converted == was_converted =>
                        {
                            last.range.end = sink.position();
                        }
                        _ => places.push(Place {
                            range: from..sink.position(),
                            was_converted,
                        }),
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

    fn piece<T: CodeUnit>(
        &self,
        whole: &[T],
        range: Range<usize>,
        lot: Lot,
        sink: &mut impl Sink<T>,
    ) {
        let (text, base) = (&whole[range.clone()], range.start);
        match (lot, self.direction) {
            (Lot::Protected | Lot::Stays, _) | (Lot::Forms, Direction::Hans(_)) => {
                sink.keep(text, 0, text.len());
            }
            (Lot::Mixed | Lot::Converts, Direction::Hans(ready)) => {
                run_apart(ready, text, base, sink);
            }
            (_, Direction::Hant(region)) => {
                let script = match lot {
                    Lot::Mixed => Script::Mixed,
                    Lot::Forms => Script::Traditional,
                    _ => Script::Simplified,
                };
                for (part, cantonese) in tongue::parts(&self.tongues, range) {
                    let passage = lattice::Passage::of(script, cantonese, whole, &part);
                    let (text, base) = (&whole[part.clone()], part.start);
                    sink.begin(base);
                    lattice::run(region, passage, text, sink);
                    if sink.asks_for_doubts() {
                        sink.doubts(base, lattice::doubts(region, passage, text));
                    }
                }
            }
        }
    }

    fn is_to_hant(&self) -> bool {
        matches!(self.direction, Direction::Hant(..))
    }
}

/// Where the first pass goes.
#[derive(Clone, Copy)]
enum Direction {
    /// Into Simplified, by a plan of OpenCC's.
    Hans(Ready),
    /// Into Traditional, as a region writes it.
    Hant(Region),
}

/// Run a plan. OpenCC also leaves alone what stands behind an operator that describes no character (⿰ and the
/// end of a line); what describes one is protected, so no operator of a passage does.
fn run_apart<T: CodeUnit>((plan, engine): Ready, text: &[T], base: usize, sink: &mut impl Sink<T>) {
    let mut start = 0;
    for operator in places(text, ids::OPERATORS, ids::is_operator) {
        run(plan, engine, &NoOverlay, &text[start..operator], sink);
        sink.keep(text, operator, operator + 1);
        start = operator + 1;
        sink.begin(base + start);
    }
    run(plan, engine, &NoOverlay, &text[start..], sink);
}

/// The next place at which a key of the entries stands.
fn next_entry<'s, T: CodeUnit>(
    stage: &'s Stage,
    text: &[T],
    from: usize,
) -> Option<(usize, Found<'s>)> {
    (from..text.len()).find_map(|at| Some((at, Overlay::find(stage, text, at)?)))
}

/// Where the second pass has to do, in positions of what the first has written.
struct Place {
    range: Range<usize>,
    /// It was Simplified, so regional words are for it; Traditional text has its own.
    was_converted: bool,
}

/// The second pass.
#[derive(Clone, Copy)]
enum Second {
    /// Regional words, for what was converted.
    Words(Ready),
    /// What was left in Traditional, of all that is Simplified now.
    Left(&'static Left),
}

/// Write regional words.
fn write_words<T: CodeUnit>(text: &[T], ready: Ready, places: &[Place], sink: &mut impl Sink<T>) {
    let mut done = 0;
    for Place { range, .. } in places.iter().filter(|place| place.was_converted) {
        sink.keep(text, done, range.start);
        sink.begin(range.start);
        run_apart(ready, &text[range.clone()], range.start, sink);
        sink.begin(0);
        done = range.end;
    }
    sink.keep(text, done, text.len());
}
