//! The pass over a text: what OpenCC does with a plan, in one go.
//!
//! Comes in: a text and a plan. Goes out: to a sink, every code point once and in order. Never: time
//! that grows faster than the text; a character looked at again because a phrase did not match.
//!
//! A character costs a look-up, and a bit that says whether a key may begin with it and the next one
//! ([`Starts`]); only where the bit is set is a dictionary asked. The looking goes by blocks without a
//! branch, because branches that cannot be foretold took most of the time when every character went
//! by itself. Where a later step may join what the first one wrote, [`Cascade`] takes over for as
//! long as that lasts.

use super::cascade::Cascade;
use super::sink::{Sink, TextSink};
use super::starts::{Ask, Starts};
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

/// What is drawn from a plan, by code points up to U+FFFF.
///
/// It is made when the plan is first used, in 1 to 10 ms; embedding it would take 300 KB a plan.
#[derive(Clone, Debug)]
pub struct Engine {
    /// What becomes of a code point that no longer key begins at; 0 where what follows decides, or
    /// where it is beyond U+FFFF.
    alone: Box<[u16; 0x1_0000]>,
    /// The front trie's labels.
    labels: Box<[u16; 0x1_0000]>,
    /// Where longer keys may begin.
    starts: Starts,
}

/// Code points looked at together: as many as a word has bits.
const BLOCK: usize = 64;

impl Engine {
    /// The tables of a plan.
    pub fn new(plan: &PlanView) -> Engine {
        let (starts, has_all) = Starts::new(plan);
        let mut engine = Engine {
            alone: Box::new([0; 0x1_0000]),
            labels: Box::new([0; 0x1_0000]),
            starts,
        };
        for code_point in 0..=0xFFFF_u16 {
            let label = plan.front.trie.label(u32::from(code_point));
            let alone = match plan.entries.get(label as usize) {
                Some(entry) if label != 0 && entry.is_several() => 0,
                // Where a later key begins is in `starts`.
                Some(entry) if label != 0 && entry.cascades() && !has_all => 0,
                Some(entry) if label != 0 => u16::try_from(entry.new_code_point()).unwrap_or(0),
                _ => code_point,
            };
            engine.alone[usize::from(code_point)] = alone;
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

    /// What becomes of the code points of a block one by one, and a bit for each, the first lowest,
    /// that is set where this may not be all. A block has two more than are looked at.
    #[inline(always)]
    fn look<T: CodeUnit>(&self, block: &[T; BLOCK + 2], new: &mut [u16; BLOCK]) -> u64 {
        match &self.starts {
            Starts::Few(starts) => look(&self.alone, &**starts, block, new),
            Starts::Some(starts, _) => look(&self.alone, &**starts, block, new),
            Starts::Many(starts) => look(&self.alone, &**starts, block, new),
        }
    }

    #[inline(always)]
    fn still_may_begin<T: CodeUnit>(&self, text: &[T], at: usize) -> bool {
        let one = |at: usize| text.get(at).map_or(0, |unit| unit.wide());
        self.starts.still_may(one(at), one(at + 1), one(at + 2))
    }

    /// What stands at a place.
    #[inline(always)]
    fn find<'p, T: CodeUnit>(&self, plan: &PlanView<'p>, text: &[T], at: usize) -> Place<'p> {
        let label = self.label(plan, text, at);
        let entry = match plan.entries.get(label as usize) {
            Some(entry) if label != 0 => *entry,
            _ => return Place::Character(text[at].wide()),
        };
        if entry.walks() {
            let trie = &plan.front.trie;
            let word = trie.child(entry.node, self.label(plan, text, at + 1));
            if word != NO_NODE
                && let Some(found) = longer(plan, self, text, at, word)
            {
                return if found.mask & plan.mask != 0 {
                    Place::Island
                } else {
                    Place::Match(found)
                };
            }
        }
        if entry.cascades() {
            return Place::Island;
        }
        Place::Character(entry.new_code_point())
    }
}

/// See [`Engine::look`].
///
/// Not inlined, so that the loop has the registers for itself. No way out of it, and no branch.
#[inline(never)]
fn look<T: CodeUnit>(
    alone: &[u16; 0x1_0000],
    starts: impl Ask,
    block: &[T; BLOCK + 2],
    new: &mut [u16; BLOCK],
) -> u64 {
    let mut asks = 0_u64;
    let (mut first, mut second) = (block[0].wide(), block[1].wide());
    for at in 0..BLOCK {
        let third = block[at + 2].wide();
        let new_one = alone.get(first as usize).copied().unwrap_or(0);
        new[at] = new_one;
        let asked = (new_one == 0) | starts.may_begin(first, second, third);
        // Turned, not shifted: of two registers one instruction was made, which takes as long as five.
        asks = (asks | u64::from(asked)).rotate_right(1);
        (first, second) = (second, third);
    }
    asks
}

/// What stands at a place.
enum Place<'p> {
    /// A match of the user's entries.
    Own(Found<'p>),
    /// A character on its own, and what it becomes.
    Character(u32),
    /// A match that later steps do not touch.
    Match(Found<'p>),
    /// Something that later steps decide.
    Island,
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
    let mut cascade = Cascade::default();
    let mut new = [0; BLOCK];
    let mut start = 0;
    while start < text.len() {
        let length = BLOCK.min(text.len() - start);
        let mut asks = match text[start..].first_chunk() {
            Some(block) => engine.look(block, &mut new),
            None => {
                let mut block = [T::cut(0); BLOCK + 2];
                let rest = &text[start..];
                block[..rest.len()].copy_from_slice(rest);
                engine.look(&block, &mut new)
            }
        };
        if !O::IS_EMPTY {
            // An entry may begin anywhere.
            asks = u64::MAX;
        }
        asks &= u64::MAX >> (BLOCK - length);
        // How much of the block, and then of the text behind it, is written.
        let mut done = 0;
        while asks != 0 {
            let place = asks.trailing_zeros() as usize;
            if O::IS_EMPTY && new[place] != 0 && !engine.still_may_begin(text, start + place) {
                asks &= asks - 1;
                continue;
            }
            let end = match overlay.find(text, start + place) {
                Some(found) => Err(Place::Own(found)),
                None => match engine.find(plan, text, start + place) {
                    Place::Character(_) if new[place] != 0 => Ok(place + 1),
                    Place::Match(found) if is_known(&found, &new[place..length]) => {
                        Ok(place + found.length)
                    }
                    other => Err(other),
                },
            };
            let end = end.unwrap_or_else(|other| {
                sink.mapped(text, start + done, &new[done..place]);
                let at = start + place;
                done = match other {
                    Place::Island => cascade.island(plan, overlay, text, at, sink),
                    other => write(plan, engine, overlay, text, at, &other, sink),
                } - start;
                done
            });
            asks &= u64::MAX.checked_shl(end as u32).unwrap_or(0);
        }
        if done < length {
            sink.mapped(text, start + done, &new[done..length]);
            done = length;
        }
        start += done;
    }
}

/// Whether a match is no more than what is known of its characters.
#[inline(always)]
fn is_known(found: &Found, new: &[u16]) -> bool {
    found.new == New::Charwise && new.get(..found.length).is_some_and(|new| !new.contains(&0))
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

/// What later steps do not touch; answers where it ends.
#[inline(always)]
fn write<T: CodeUnit>(
    plan: &PlanView,
    engine: &Engine,
    overlay: &impl Overlay,
    text: &[T],
    at: usize,
    place: &Place,
    sink: &mut impl Sink<T>,
) -> usize {
    let (found, is_own) = match place {
        Place::Own(found) => (found, true),
        Place::Match(found) => (found, false),
        Place::Character(new) => {
            sink.map(text, at, *new);
            return at + 1;
        }
        // Not for here.
        Place::Island => return at,
    };
    let end = at + found.length;
    match found.new {
        New::Written(new) => sink.replace(text, at, end, new),
        New::Charwise => {
            for at in at..end {
                let old = text[at].wide();
                let new = if is_own {
                    overlay.alone(old)
                } else {
                    let entry = plan.entries.get(engine.label(plan, text, at) as usize);
                    entry.map_or(old, |entry| entry.new_code_point())
                };
                sink.map(text, at, new);
            }
        }
    }
    end
}
