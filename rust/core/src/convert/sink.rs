//! Where a conversion writes: the text alone, or the account of it.
//!
//! Comes in: runs kept, characters mapped, ranges replaced, in the order of the text, every code
//! point once. Goes out: the text, or edits. Never: two code paths in the engine for the two.

use super::lattice::Doubt;
use crate::edit::{Edit, Kind};
use crate::text::{CodeUnit, Writer, Written};

/// What an engine writes to.
pub trait Sink<T: CodeUnit> {
    /// Positions of what follows count from here.
    fn begin(&mut self, _base: usize) {}
    /// How many code points the output has so far.
    fn position(&self) -> usize;
    /// A run of the text stays.
    fn keep(&mut self, text: &[T], from: usize, to: usize);
    /// A character becomes another, or itself.
    fn map(&mut self, text: &[T], at: usize, new: u32);
    /// Characters from `at` on become what a table has for them; answers the first for which it has 0.
    #[inline]
    fn map_while(&mut self, text: &[T], mut at: usize, table: &[u16; 0x1_0000]) -> usize {
        while let Some(unit) = text.get(at) {
            let new = table.get(unit.wide() as usize).copied().unwrap_or(0);
            if new == 0 {
                break;
            }
            self.map(text, at, u32::from(new));
            at += 1;
        }
        at
    }
    /// Characters from `from` on become these, one for one.
    #[inline]
    fn mapped(&mut self, text: &[T], from: usize, new: &[u16]) {
        for (at, new) in (from..).zip(new) {
            self.map(text, at, u32::from(*new));
        }
    }
    /// A range becomes something else, or itself.
    fn replace(&mut self, text: &[T], from: usize, to: usize, new: &[u32]);
    /// Whether [`Sink::doubts`] is asked for: to weigh what else may be meant takes longer than to decide.
    fn asks_for_doubts(&self) -> bool {
        false
    }
    /// The places that were weighed, in order, of a text that begins at `base`.
    fn doubts(&mut self, _base: usize, _found: Vec<Doubt>) {}
}

/// Writes the text, and knows whether it is another.
#[derive(Debug)]
pub struct TextSink<T> {
    writer: Writer<T>,
    changed: bool,
}

impl<T: CodeUnit> TextSink<T> {
    /// For a text of the given length.
    pub fn new(length: usize) -> Self {
        TextSink {
            writer: Writer::with_capacity(length),
            changed: false,
        }
    }

    /// The text, if it is not the one that came in.
    pub fn finish(self) -> Option<Written<T>> {
        self.changed.then(|| self.writer.finish())
    }
}

impl<T: CodeUnit> Sink<T> for TextSink<T> {
    fn position(&self) -> usize {
        self.writer.len()
    }

    #[inline(always)]
    fn keep(&mut self, text: &[T], from: usize, to: usize) {
        self.writer.keep(&text[from..to]);
    }

    #[inline(always)]
    fn map(&mut self, text: &[T], at: usize, new: u32) {
        self.changed |= text[at].wide() != new;
        self.writer.push(new);
    }

    #[inline]
    fn map_while(&mut self, text: &[T], at: usize, table: &[u16; 0x1_0000]) -> usize {
        // By blocks: looked up without a branch, then written in one go.
        let mut done = at;
        for block in text[at..].chunks(32) {
            let mut new = [0; 32];
            for (new, unit) in new.iter_mut().zip(block) {
                *new = table.get(unit.wide() as usize).copied().unwrap_or(0);
            }
            let known = new.iter().position(|new| *new == 0);
            let known = known.unwrap_or(new.len()).min(block.len());
            self.mapped(text, done, &new[..known]);
            done += known;
            if known < block.len() {
                break;
            }
        }
        done
    }

    #[inline]
    fn mapped(&mut self, text: &[T], from: usize, new: &[u16]) {
        let old = &text[from..from + new.len()];
        self.changed = self.changed
            || old.iter().zip(new).fold(false, |any, (old, new)| {
                any | (old.wide() != u32::from(*new))
            });
        self.writer.extend_near(new);
    }

    #[inline]
    fn replace(&mut self, text: &[T], from: usize, to: usize, new: &[u32]) {
        self.changed = self.changed || !is_same(&text[from..to], new);
        self.writer.extend(new.iter().copied());
    }
}

/// Records what changes; what only looks like a change (a part that stays) is cut off.
#[derive(Debug)]
pub struct EditSink {
    /// In order, disjoint.
    pub edits: Vec<Edit>,
    /// The places that were weighed, if they are asked for.
    pub doubts: Option<Vec<Doubt>>,
    alone: Kind,
    together: Kind,
    base: usize,
    position: usize,
}

impl EditSink {
    /// Kinds of edits: of a character on its own, and of several that were matched together.
    pub fn new(alone: Kind, together: Kind) -> Self {
        EditSink {
            edits: Vec::new(),
            doubts: None,
            alone,
            together,
            base: 0,
            position: 0,
        }
    }
}

impl<T: CodeUnit> Sink<T> for EditSink {
    fn asks_for_doubts(&self) -> bool {
        self.doubts.is_some()
    }

    fn doubts(&mut self, base: usize, found: Vec<Doubt>) {
        if let Some(doubts) = &mut self.doubts {
            doubts.extend(found.into_iter().map(|doubt| Doubt {
                at: doubt.at + base,
                ..doubt
            }));
        }
    }

    fn begin(&mut self, base: usize) {
        self.base = base;
    }

    fn position(&self) -> usize {
        self.position
    }

    fn keep(&mut self, _text: &[T], from: usize, to: usize) {
        self.position += to - from;
    }

    fn map(&mut self, text: &[T], at: usize, new: u32) {
        self.position += 1;
        if text[at].wide() != new {
            let at = self.base + at;
            self.edits.push(Edit::new(at, at + 1, [new], self.alone));
        }
    }

    fn replace(&mut self, text: &[T], from: usize, to: usize, new: &[u32]) {
        self.position += new.len();
        let old = &text[from..to];
        let before = old
            .iter()
            .zip(new)
            .take_while(|(old, new)| old.wide() == **new)
            .count();
        let most = old.len().min(new.len()) - before;
        let ends = old.iter().rev().zip(new.iter().rev());
        let after = ends
            .take(most)
            .take_while(|(old, new)| old.wide() == **new)
            .count();
        if before + after < old.len().max(new.len()) {
            let kind = if to - from > 1 {
                self.together
            } else {
                self.alone
            };
            let (from, to) = (self.base + from + before, self.base + to - after);
            self.edits
                .push(Edit::new(from, to, &new[before..new.len() - after], kind));
        }
    }
}

fn is_same<T: CodeUnit>(old: &[T], new: &[u32]) -> bool {
    old.len() == new.len() && old.iter().zip(new).all(|(old, new)| old.wide() == *new)
}
