//! What was decided of the same text before: for text that is open nearly everywhere, and says the same again.
//!
//! Comes in: a text, a place, and what was decided there. Goes out: that again, where all that it hung on is as
//! it was, character by character. Never: an answer for another passage's script or region; a look before many
//! places in a row have asked, as few do in running text.
//!
//! 公裏公裏公裏… took 500 ns a character when every island was weighed, and takes 26
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
    /// What was kept before or after this in the same place is another.
    version: u32,
    next: Option<Next>,
    stretch: [u32; LONGEST],
    answers: [u32; MOST],
}

/// What was asked for next, when a slot was the answer: both have stood in one text, so where their stretches overlap
/// they are the same.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Next {
    slot: usize,
    version: u32,
    /// How many characters further on.
    step: usize,
}

/// What was asked for last, in this text.
#[derive(Clone, Copy)]
struct Last {
    slot: usize,
    at: usize,
}

const UNUSED: Slot = Slot {
    before: 0,
    decided: 0,
    behind_floor: 0,
    is_island: false,
    length: 0,
    version: 0,
    next: None,
    stretch: [0; LONGEST],
    answers: [0; MOST],
};

/// The memory of a passage.
pub(super) struct Memo {
    slots: Vec<Slot>,
    kept: u32,
    last: Option<Last>,
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
            kept: 0,
            last: None,
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
        self.last = None;
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
    #[inline(always)]
    pub(super) fn recall<T: CodeUnit>(
        &mut self,
        text: &[T],
        at: usize,
        floor: usize,
    ) -> Option<Recalled> {
        let expected = self.expected(at);
        let number = expected
            .filter(|&(number, same)| self.is_at(text, at, floor, number, same))
            .map(|(number, _)| number)
            .or_else(|| {
                Memo::slot(text, at).filter(|&number| self.is_at(text, at, floor, number, 0))
            })?;
        self.follows(number, at);
        let slot = &self.slots[number];
        Some(Recalled {
            slot: number,
            end: at + usize::from(slot.decided),
            is_island: slot.is_island,
        })
    }

    /// Whether the text of a slot, of which the beginning is known to be the same, stands around a place.
    #[inline(always)]
    fn is_at<T: CodeUnit>(
        &self,
        text: &[T],
        at: usize,
        floor: usize,
        number: usize,
        same: usize,
    ) -> bool {
        let Some(slot) = self.slots.get(number).filter(|slot| slot.length > 0) else {
            return false;
        };
        let before = usize::from(slot.before);
        let stretch = at
            .checked_sub(before)
            .and_then(|start| text.get(start + same..start + usize::from(slot.length)));
        usize::from(slot.behind_floor) == (at - floor).min(before)
            && stretch.is_some_and(|stretch| {
                let pairs = stretch.iter().zip(&slot.stretch[same..]);
                pairs.fold(true, |same, (unit, old)| same & (unit.wide() == *old))
            })
    }

    /// The slot that came behind the last one before, if it would stand here, and how much of its stretch is the same
    /// because the last one's was: 里里里… is compared a character at a time, not a stretch at a time.
    #[inline(always)]
    fn expected(&self, at: usize) -> Option<(usize, usize)> {
        let last = self.last?;
        let slot = &self.slots[last.slot];
        let next = slot.next.filter(|next| last.at + next.step == at)?;
        let then = &self.slots[next.slot];
        let begin = (at.checked_sub(then.before.into())?)
            .checked_sub(last.at - usize::from(slot.before))?;
        let same = usize::from(slot.length).checked_sub(begin)?;
        (then.version == next.version).then_some((next.slot, same.min(then.length.into())))
    }

    /// A slot is what stands at a place.
    #[inline(always)]
    fn follows(&mut self, number: usize, at: usize) {
        let version = self.slots[number].version;
        if let Some(last) = self.last {
            let next = at.checked_sub(last.at).map(|step| Next {
                slot: number,
                version,
                step,
            });
            let known = &mut self.slots[last.slot].next;
            // To write what stands there makes the next look wait for it.
            if *known != next {
                *known = next;
            }
        }
        self.last = Some(Last { slot: number, at });
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
        self.kept = self.kept.wrapping_add(1);
        let slot = &mut self.slots[number];
        (slot.version, slot.next) = (self.kept, None);
        self.last = self.last.filter(|last| last.slot != number);
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
        self.follows(number, at);
    }
}
