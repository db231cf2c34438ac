//! The pass over a text: what OpenCC does with a plan, in one go.
//!
//! Comes in: a text and a plan. Goes out: to a sink, every code point once and in order. Never: time
//! that grows faster than the text; a character looked at again because a phrase did not match.
//!
//! A character costs one look-up if nothing around it matters, which the tables know beforehand
//! ([`hanfix_trie::view::Entry`]); a second one if longer keys begin with it. Where a later step may
//! join what the first one wrote, [`Cascade`] takes over for as long as that lasts.

use super::cascade::Cascade;
use super::sink::{EditSink, Sink, TextSink};
use crate::edit::{self, Edit, Kind};
use crate::text::{CodeUnit, Written};
use hanfix_trie::trie::NO_NODE;
use hanfix_trie::view::{Found, New, PlanView, Stage};

/// Entries that come before a plan's own.
pub trait Overlay {
    /// What the user wants at a place.
    fn find<T: CodeUnit>(&self, text: &[T], at: usize) -> Option<Found<'_>>;
    /// What a character of a match that is [`New::Charwise`] becomes.
    fn alone(&self, code_point: u32) -> u32;
}

/// No entries.
#[derive(Clone, Copy, Debug)]
pub struct NoOverlay;

impl Overlay for NoOverlay {
    #[inline(always)]
    fn find<T: CodeUnit>(&self, _text: &[T], _at: usize) -> Option<Found<'_>> {
        None
    }

    fn alone(&self, code_point: u32) -> u32 {
        code_point
    }
}

/// The text after a plan, or `None` if it stays as it is.
pub fn convert<T: CodeUnit>(plan: &PlanView, overlay: &impl Overlay, text: &[T]) -> Option<Written<T>> {
    let Some((first, others)) = passes(plan, text) else {
        return written(plan, overlay, text);
    };
    // Rare: a compatibility ideograph is in the text.
    let mut normal = written(first, &NoOverlay, text);
    for pass in others {
        normal = on_written(pass, &NoOverlay, normal, text);
    }
    on_written(plan, overlay, normal, text)
}

/// What a plan changes, in positions of the text.
pub fn edits<T: CodeUnit>(plan: &PlanView, overlay: &impl Overlay, text: &[T], kind: Kind) -> Vec<Edit> {
    let recorded = |plan: &PlanView, text: &[u32]| {
        let mut sink = EditSink::new(kind);
        run(plan, &NoOverlay, text, &mut sink);
        sink.edits
    };
    let Some((first, others)) = passes(plan, text) else {
        let mut sink = EditSink::new(kind);
        run(plan, overlay, text, &mut sink);
        return sink.edits;
    };
    let mut done = recorded(first, &crate::text::widen(text));
    let mut middle = edit::replay(text, &done).to_wide();
    for pass in others {
        let next = recorded(pass, &middle);
        done = edit::compose(text, &done, &middle, &next);
        middle = edit::replay(text, &done).to_wide();
    }
    let mut sink = EditSink::new(kind);
    run(plan, overlay, &middle, &mut sink);
    edit::compose(text, &done, &middle, &sink.edits)
}

fn written<T: CodeUnit>(plan: &PlanView, overlay: &impl Overlay, text: &[T]) -> Option<Written<T>> {
    let mut sink = TextSink::new(text.len());
    run(plan, overlay, text, &mut sink);
    sink.finish()
}

/// A pass on what an earlier pass has written, or on the text if it changed nothing.
fn on_written<T: CodeUnit>(
    plan: &PlanView,
    overlay: &impl Overlay,
    before: Option<Written<T>>,
    text: &[T],
) -> Option<Written<T>> {
    match before {
        None => written(plan, overlay, text),
        Some(Written::Narrow(units)) => {
            Some(written(plan, overlay, &units).unwrap_or(Written::Narrow(units)))
        }
        Some(Written::Wide(units)) => Some(match written(plan, overlay, &units) {
            Some(after) => Written::Wide(after.to_wide()),
            None => Written::Wide(units),
        }),
    }
}

/// The passes that come before, if one of them has anything to do.
fn passes<'a, 'p, T: CodeUnit>(
    plan: &'a PlanView<'p>,
    text: &[T],
) -> Option<(&'a PlanView<'p>, &'a [PlanView<'p>])> {
    let (first, others) = plan.normalization.split_first()?;
    let needed = plan.normalization.iter().any(|pass| touches(pass, text));
    needed.then_some((first, others))
}

/// Whether any key of a plan's front may begin in the text.
fn touches<T: CodeUnit>(plan: &PlanView, text: &[T]) -> bool {
    let near = plan.least..=plan.greatest_near;
    let may = |unit: &T| {
        let code_point = unit.wide();
        near.contains(&code_point) || code_point > 0xFFFF
    };
    // In pieces, so that the test for a whole piece is without a branch for every character.
    text.chunks(64).any(|piece| {
        piece.iter().fold(false, |any, unit| any | may(unit))
            && piece.iter().any(|unit| plan.front.trie.label(unit.wide()) != 0)
    })
}

/// One pass.
pub fn run<T: CodeUnit, O: Overlay>(plan: &PlanView, overlay: &O, text: &[T], sink: &mut impl Sink<T>) {
    let trie = &plan.front.trie;
    let entry_of = |label: u32| plan.entries.get(label as usize).copied().unwrap_or(plan.entries[0]);
    let label_at = |at: usize| text.get(at).map_or(0, |unit| trie.label(unit.wide()));
    if plan.entries.is_empty() {
        return sink.keep(text, 0, text.len());
    }
    let mut cascade = Cascade::default();
    let mut at = 0;
    let mut label = label_at(0);
    while at < text.len() {
        if let Some(found) = overlay.find(text, at) {
            match found.new {
                New::Written(new) => sink.replace(text, at, at + found.length, new),
                New::Charwise => {
                    for at in at..at + found.length {
                        sink.map(text, at, overlay.alone(text[at].wide()));
                    }
                }
            }
            at += found.length;
            label = label_at(at);
            continue;
        }
        if label == 0 {
            sink.keep(text, at, at + 1);
            at += 1;
            label = label_at(at);
            continue;
        }
        let entry = entry_of(label);
        if entry.is_direct() {
            sink.map(text, at, entry.new_code_point());
            at += 1;
            label = label_at(at);
            continue;
        }
        let next_label = label_at(at + 1);
        if entry.walks() {
            let word = trie.child(entry.node, next_label);
            if word != NO_NODE {
                if let Some(found) = longer(&plan.front, text, at, word) {
                    if found.mask & plan.mask != 0 {
                        at = cascade.island(plan, overlay, text, at, sink);
                    } else {
                        write(plan, text, at, &found, sink);
                        at += found.length;
                    }
                    label = label_at(at);
                    continue;
                }
            }
        }
        if entry.cascades() {
            at = cascade.island(plan, overlay, text, at, sink);
            label = label_at(at);
        } else {
            sink.map(text, at, entry.new_code_point());
            at += 1;
            label = next_label;
        }
    }
}

/// The match of two or more code points at `at`; `word` is the node of the first two.
#[inline(always)]
fn longer<'p, T: CodeUnit>(stage: &Stage<'p>, text: &[T], at: usize, word: u32) -> Option<Found<'p>> {
    let (mut word, mut depth) = (word, 2);
    let mut best = None;
    loop {
        if let Some(value) = stage.trie.value(word) {
            best = Some((value, depth));
        }
        let Some(unit) = text.get(at + depth) else {
            break;
        };
        word = stage.trie.child(word, stage.trie.label(unit.wide()));
        if word == NO_NODE {
            break;
        }
        depth += 1;
    }
    best.and_then(|(value, depth)| stage.found(value, depth))
}

/// A match that later steps do not touch.
#[inline(always)]
fn write<T: CodeUnit>(plan: &PlanView, text: &[T], at: usize, found: &Found, sink: &mut impl Sink<T>) {
    match found.new {
        New::Written(new) => sink.replace(text, at, at + found.length, new),
        New::Charwise => {
            for at in at..at + found.length {
                let label = plan.front.trie.label(text[at].wide());
                let entry = plan.entries.get(label as usize);
                sink.map(text, at, entry.map_or(text[at].wide(), |entry| entry.new_code_point()));
            }
        }
    }
}
