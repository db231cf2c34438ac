//! The pass over a text: what OpenCC does with a plan, in one go.
//!
//! Comes in: a text and a plan. Goes out: to a sink, every code point once and in order. Never: time
//! that grows faster than the text; a character looked at again because a phrase did not match.
//!
//! A character costs one look-up if nothing around it matters, which the tables know beforehand
//! ([`hanfix_trie::view::Entry`]); a second one if longer keys begin with it. Where a later step may
//! join what the first one wrote, [`Cascade`] takes over for as long as that lasts.

use super::cascade::Cascade;
use super::sink::{Sink, TextSink};
use crate::text::{CodeUnit, Written};
use hanfix_trie::trie::NO_NODE;
use hanfix_trie::view::{Found, New, PlanView};

/// Entries that come before a plan's own.
pub trait Overlay {
    /// Whether there is nothing to find.
    const IS_EMPTY: bool = false;
    /// What the user wants at a place.
    fn find<T: CodeUnit>(&self, text: &[T], at: usize) -> Option<Found<'_>>;
    /// What a character of a match that is [`New::Charwise`] becomes.
    fn alone(&self, code_point: u32) -> u32;
}

/// No entries.
#[derive(Clone, Copy, Debug)]
pub struct NoOverlay;

impl Overlay for NoOverlay {
    const IS_EMPTY: bool = true;

    #[inline(always)]
    fn find<T: CodeUnit>(&self, _text: &[T], _at: usize) -> Option<Found<'_>> {
        None
    }

    fn alone(&self, code_point: u32) -> u32 {
        code_point
    }
}

/// A plan, and two tables drawn from it: by code point, up to U+FFFF.
///
/// They are made when a plan is first used, in about 0.2 ms; embedding them would take 256 KB a plan.
#[derive(Clone, Debug)]
pub struct Engine {
    /// What becomes of a code point on its own; 0 where something around it may matter.
    direct: Box<[u16; 0x1_0000]>,
    /// The front trie's labels.
    labels: Box<[u16; 0x1_0000]>,
}

impl Engine {
    /// The tables of a plan.
    pub fn new(plan: &PlanView) -> Engine {
        let mut engine = Engine {
            direct: Box::new([0; 0x1_0000]),
            labels: Box::new([0; 0x1_0000]),
        };
        for code_point in 0..=0xFFFF_u16 {
            let label = plan.front.trie.label(u32::from(code_point));
            let entry = plan.entries.get(label as usize);
            let alone = match entry {
                Some(entry) if label != 0 => {
                    let new = entry
                        .is_direct()
                        .then(|| u16::try_from(entry.new_code_point()).ok());
                    new.flatten().unwrap_or(0)
                }
                _ => code_point,
            };
            engine.direct[usize::from(code_point)] = alone;
            engine.labels[usize::from(code_point)] = label as u16;
        }
        engine
    }

    #[inline(always)]
    fn label<T: CodeUnit>(&self, plan: &PlanView, text: &[T], at: usize) -> u32 {
        let Some(unit) = text.get(at) else {
            return 0;
        };
        match self.labels.get(unit.wide() as usize) {
            Some(&label) => u32::from(label),
            None => plan.front.trie.label(unit.wide()),
        }
    }
}

/// The text after a plan, or `None` if it stays as it is.
pub fn convert<T: CodeUnit>(
    plan: &PlanView,
    engine: &Engine,
    overlay: &impl Overlay,
    text: &[T],
) -> Option<Written<T>> {
    let Some(passes) = passes(plan, text) else {
        return written(plan, engine, overlay, text);
    };
    // Rare: a compatibility ideograph is in the text.
    let mut normal = None;
    for pass in passes {
        normal = on_written(pass, &Engine::new(pass), &NoOverlay, normal, text);
    }
    on_written(plan, engine, overlay, normal, text)
}

fn written<T: CodeUnit>(
    plan: &PlanView,
    engine: &Engine,
    overlay: &impl Overlay,
    text: &[T],
) -> Option<Written<T>> {
    let mut sink = TextSink::new(text.len());
    run(plan, engine, overlay, text, &mut sink);
    sink.finish()
}

/// A pass on what an earlier pass has written, or on the text if it changed nothing.
fn on_written<T: CodeUnit>(
    plan: &PlanView,
    engine: &Engine,
    overlay: &impl Overlay,
    before: Option<Written<T>>,
    text: &[T],
) -> Option<Written<T>> {
    match before {
        None => written(plan, engine, overlay, text),
        Some(Written::Narrow(units)) => {
            Some(written(plan, engine, overlay, &units).unwrap_or(Written::Narrow(units)))
        }
        Some(Written::Wide(units)) => Some(match written(plan, engine, overlay, &units) {
            Some(after) => Written::Wide(after.to_wide()),
            None => Written::Wide(units),
        }),
    }
}

/// The passes that come before, if one of them has anything to do.
fn passes<'a, 'p, T: CodeUnit>(plan: &'a PlanView<'p>, text: &[T]) -> Option<&'a [PlanView<'p>]> {
    let passes = &plan.normalization[..];
    passes
        .iter()
        .any(|pass| touches(pass, text))
        .then_some(passes)
}

/// Whether any key of a plan's front may begin in the text.
fn touches<T: CodeUnit>(plan: &PlanView, text: &[T]) -> bool {
    let (least, width) = (plan.least, plan.greatest_near.wrapping_sub(plan.least));
    let may = |unit: &T| {
        let code_point = unit.wide();
        (code_point.wrapping_sub(least) <= width) | (code_point > 0xFFFF)
    };
    // In pieces, so that the test for a whole piece is without a branch for every character.
    text.chunks(64).any(|piece| {
        piece.iter().fold(false, |any, unit| any | may(unit))
            && piece
                .iter()
                .any(|unit| plan.front.trie.label(unit.wide()) != 0)
    })
}

/// One pass.
pub fn run<T: CodeUnit, O: Overlay>(
    plan: &PlanView,
    engine: &Engine,
    overlay: &O,
    text: &[T],
    sink: &mut impl Sink<T>,
) {
    let trie = &plan.front.trie;
    let mut cascade = Cascade::default();
    let mut at = 0;
    while at < text.len() {
        if O::IS_EMPTY {
            at = sink.map_while(text, at, &engine.direct);
            if at == text.len() {
                break;
            }
        } else if let Some(found) = overlay.find(text, at) {
            match found.new {
                New::Written(new) => sink.replace(text, at, at + found.length, new),
                New::Charwise => {
                    for at in at..at + found.length {
                        sink.map(text, at, overlay.alone(text[at].wide()));
                    }
                }
            }
            at += found.length;
            continue;
        }
        let mut label = engine.label(plan, text, at);
        // Characters that begin longer keys, one after the other, until a phrase or something else.
        loop {
            let entry = match plan.entries.get(label as usize) {
                Some(entry) if label != 0 => *entry,
                _ => {
                    sink.keep(text, at, at + 1);
                    at += 1;
                    break;
                }
            };
            let next_label = engine.label(plan, text, at + 1);
            if entry.walks() {
                let word = trie.child(entry.node, next_label);
                if word != NO_NODE
                    && let Some(found) = longer(plan, engine, text, at, word)
                {
                    if found.mask & plan.mask != 0 {
                        at = cascade.island(plan, overlay, text, at, sink);
                    } else {
                        write(plan, engine, text, at, &found, sink);
                        at += found.length;
                    }
                    break;
                }
            }
            if entry.cascades() {
                at = cascade.island(plan, overlay, text, at, sink);
                break;
            }
            sink.map(text, at, entry.new_code_point());
            at += 1;
            if !O::IS_EMPTY || at == text.len() {
                break;
            }
            label = next_label;
        }
    }
}

/// The match of two or more code points at `at`; `word` is the node of the first two.
#[inline(always)]
fn longer<'p, T: CodeUnit>(
    plan: &PlanView<'p>,
    engine: &Engine,
    text: &[T],
    at: usize,
    word: u32,
) -> Option<Found<'p>> {
    let stage = &plan.front;
    let (mut word, mut depth) = (word, 2);
    let mut best = None;
    loop {
        if let Some(value) = stage.trie.value(word) {
            best = Some((value, depth));
        }
        word = stage.trie.child(word, engine.label(plan, text, at + depth));
        if word == NO_NODE {
            break;
        }
        depth += 1;
    }
    best.and_then(|(value, depth)| stage.found(value, depth))
}

/// A match that later steps do not touch.
#[inline(always)]
fn write<T: CodeUnit>(
    plan: &PlanView,
    engine: &Engine,
    text: &[T],
    at: usize,
    found: &Found,
    sink: &mut impl Sink<T>,
) {
    match found.new {
        New::Written(new) => sink.replace(text, at, at + found.length, new),
        New::Charwise => {
            for at in at..at + found.length {
                let label = engine.label(plan, text, at);
                let entry = plan.entries.get(label as usize);
                sink.map(
                    text,
                    at,
                    entry.map_or(text[at].wide(), |entry| entry.new_code_point()),
                );
            }
        }
    }
}
