//! What was decided of the same text before: for text that is open nearly everywhere, and says the same again.
//!
//! Comes in: a text, a place, and what was decided there. Goes out: that again, where all that it hung on is as
//! it was, character by character. Never: an answer for another passage's script or region; a look before many
//! places in a row have asked, as few do in running text.
//!
//! 公裏公裏公裏… took 500 ns a character when every island was weighed, and takes 30
//! (`benchmarks/open_text.py`); Simplified prose 11.

use super::island::MOST;
use super::{Passage, Region};
use crate::tables::readings::{EMPTY, spread};
use crate::text::CodeUnit;
use std::ops::Range;

/// Places in a row that ask, each close behind the last, before anything is kept.
const ROW: u32 = 8;
/// Characters from the end of one to the next that is close.
const CLOSE: usize = 3;
/// What a decision hangs on reaches so far: the longest word, and the context of what stands at its end.
pub(super) const REACH: usize = 12;
/// The longest stretch that a decision may hang on: an island of 64, and on both sides [`REACH`] and the
/// characters that tell a script.
const LONGEST: usize = 128;
const SLOTS: usize = 64;

/// What was decided from a place on.
#[derive(Clone, Copy)]
struct Slot {
    /// How many characters of the stretch stand before the place; of the place on, how many were decided.
    before: u8,
    decided: u8,
    /// How far behind the end of the last island, if that is in the stretch.
    behind_floor: u8,
    is_island: bool,
    length: u8,
    stretch: [u32; LONGEST],
    answers: [u32; MOST],
}

const UNUSED: Slot = Slot {
    before: 0,
    decided: 0,
    behind_floor: 0,
    is_island: false,
    length: 0,
    stretch: [0; LONGEST],
    answers: [0; MOST],
};

/// The memory of a passage.
pub(super) struct Memo {
    slots: Vec<Slot>,
    passage: Option<(Region, Passage)>,
}

/// Whether a text is open so densely that it is worth asking.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Row {
    end: usize,
    length: u32,
}

impl Row {
    /// Whether the place that asks is one more of a long row.
    #[inline(always)]
    pub(super) fn goes_on(&self, at: usize) -> bool {
        self.length >= ROW && at <= self.end + CLOSE
    }

    /// A place has asked, and all up to the end is decided.
    #[inline(always)]
    pub(super) fn add(&mut self, at: usize, end: usize) {
        self.length = if at <= self.end + CLOSE {
            self.length.saturating_add(1)
        } else {
            0
        };
        self.end = end;
    }
}

/// What is known of a place: where what was decided ends, and whether that was an island.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recalled {
    slot: usize,
    pub(super) end: usize,
    pub(super) is_island: bool,
}

impl Memo {
    pub(super) const fn new() -> Memo {
        Memo {
            slots: Vec::new(),
            passage: None,
        }
    }

    /// Forget what another kind of passage was decided to be. Where it goes on says nothing: a decision that
    /// hangs on the edge of its text is not kept.
    pub(super) fn renew(&mut self, region: Region, passage: Passage) {
        let kind = Some((
            region,
            Passage {
                goes_on: [false; 2],
                ..passage
            },
        ));
        if self.passage != kind {
            (self.passage, self.slots) = (kind, Vec::new());
        }
    }

    fn slot<T: CodeUnit>(text: &[T], at: usize) -> Option<usize> {
        let near = text.get(at.checked_sub(1)?..at + 3)?;
        let hash = near
            .iter()
            .fold(EMPTY, |hash, unit| spread(hash, unit.wide()));
        Some(hash as usize % SLOTS)
    }

    /// What was decided where the text was the same.
    pub(super) fn recall<T: CodeUnit>(
        &self,
        text: &[T],
        at: usize,
        floor: usize,
    ) -> Option<Recalled> {
        let number = Memo::slot(text, at)?;
        let slot = self.slots.get(number)?;
        let before = usize::from(slot.before);
        let start = at.checked_sub(before)?;
        let stretch = text.get(start..start + usize::from(slot.length))?;
        let is_same = slot.length > 0
            && usize::from(slot.behind_floor) == (at - floor).min(before)
            && stretch
                .iter()
                .zip(&slot.stretch)
                .fold(true, |same, (unit, old)| same & (unit.wide() == *old));
        is_same.then_some(Recalled {
            slot: number,
            end: at + usize::from(slot.decided),
            is_island: slot.is_island,
        })
    }

    /// One of the answers.
    pub(super) fn answer(&self, recalled: Recalled, offset: usize) -> u32 {
        self.slots[recalled.slot].answers[offset]
    }

    /// Keep what was decided at some places, that hangs on a stretch of the text.
    pub(super) fn keep<T: CodeUnit>(
        &mut self,
        text: &[T],
        stretch: Range<usize>,
        decided: Range<usize>,
        floor: usize,
        is_island: bool,
        answers: &[u32],
    ) {
        let at = decided.start;
        let (Some(number), Some(part)) = (Memo::slot(text, at), text.get(stretch.clone())) else {
            return;
        };
        if part.len() > LONGEST || decided.len() > MOST {
            return;
        }
        if self.slots.is_empty() {
            self.slots = vec![UNUSED; SLOTS];
        }
        let slot = &mut self.slots[number];
        let before = at - stretch.start;
        slot.before = before as u8;
        slot.decided = decided.len() as u8;
        slot.behind_floor = (at - floor).min(before) as u8;
        slot.is_island = is_island;
        slot.length = part.len() as u8;
        for (kept, unit) in slot.stretch.iter_mut().zip(part) {
            *kept = unit.wide();
        }
        for (kept, answer) in slot.answers.iter_mut().zip(answers) {
            *kept = *answer;
        }
    }
}
