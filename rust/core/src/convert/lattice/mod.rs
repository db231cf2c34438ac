//! Into Traditional by evidence: every reading of an open character is weighed, all else looked up.
//!
//! Comes in: a passage whose script is known (Simplified or none, or mixed), and a region. Goes out: to
//! a sink, every code point once and in order. Never: a look at a character that is not open, beyond
//! its line in a table; time that grows faster than the text; another answer for what was answered.
//!
//! An open character (后) is the same in both scripts, or has several Traditional forms. Around it lies
//! an island ([`island`]): the characters that words with open characters can reach. The cheapest way
//! through an island in words and single characters decides, where [`context`] adds to the cost of a
//! reading what its neighbours say. A character that is Traditional already is bound to itself, so
//! what was decided once is decided again.

mod alphabet;
mod channel;
mod context;
mod doubt;
mod island;
mod memo;
mod near;
mod quick;

#[cfg(test)]
mod twin;

use super::sink::Sink;
use crate::text::{CodeUnit, bits};
use alphabet::Alphabet;
pub use alphabet::Region;
pub use doubt::{Doubt, doubts};
use island::Scratch;
use memo::{Recalled, Row};
use smallvec::{SmallVec, smallvec};
use std::cell::Cell;
use std::ops::Range;

/// In which script a passage is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// Simplified, or in what both scripts share.
    Simplified,
    /// Traditional, or in what both scripts share.
    Traditional,
    /// It has characters of both.
    Mixed,
}

/// What a passage is known to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Its script.
    pub script: Script,
    /// It is Cantonese.
    pub cantonese: bool,
    /// What stands before it and behind it is no line's end, but something else that stays or is decided
    /// elsewhere: code, an address, a user's entry.
    pub goes_on: [bool; 2],
}

impl Passage {
    /// That of a part of a text.
    pub fn of<T: CodeUnit>(
        script: Script,
        cantonese: bool,
        whole: &[T],
        part: &Range<usize>,
    ) -> Passage {
        let is_inside = |unit: &T| unit.wide() != 0x0A;
        Passage {
            script,
            cantonese,
            goes_on: [
                whole[..part.start].last().is_some_and(is_inside),
                whole[part.end..].first().is_some_and(is_inside),
            ],
        }
    }
}

/// Write a passage in Traditional.
pub fn run<T: CodeUnit>(region: Region, passage: Passage, text: &[T], sink: &mut impl Sink<T>) {
    let mut reader = Reader::new(region, passage, text);
    let alphabet = reader.alphabet;
    let mut new = [0; BLOCK];
    let mut start = 0;
    while start < text.len() {
        let block = &text[start..text.len().min(start + BLOCK)];
        let mut asks = match passage.script {
            Script::Traditional => {
                let may_change = look_for_changes(&alphabet.may_change, block, &mut new);
                reader.suspects(start, may_change, &mut new)
            }
            _ => look(&alphabet.direct, block, &mut new),
        };
        // What is decided is written down in the block, and the block is written in one go.
        let mut end = start + block.len();
        while asks != 0 {
            let place = asks.trailing_zeros() as usize;
            let at = start + place;
            if let Some(known) = reader.decide(at) {
                asks &= asks - 1;
                if let Some(known) = near(known) {
                    new[place] = known;
                    continue;
                }
                sink.mapped(text, start, &new[..place]);
                sink.map(text, at, known);
                (start, end) = (at + 1, at + 1);
                break;
            }
            let island = reader.end;
            let mut done = at;
            while done < island.min(end) {
                let Some(known) = near(reader.decision(done)) else {
                    break;
                };
                new[done - start] = known;
                done += 1;
            }
            if done < island {
                sink.mapped(text, start, &new[..done - start]);
                for at in done..island {
                    sink.map(text, at, reader.decision(at));
                }
                (start, end) = (island, island);
                break;
            }
            asks &= u64::MAX.checked_shl((island - start) as u32).unwrap_or(0);
        }
        sink.mapped(text, start, &new[..end - start]);
        start = end;
    }
}

/// Decides what is written at the places of a passage that no table decides, asked for in order.
struct Reader<'a, T> {
    alphabet: &'static Alphabet,
    passage: Passage,
    text: &'a [T],
    scratch: Option<Box<Scratch>>,
    /// The end of the last island.
    floor: usize,
    /// The end of what was decided last.
    end: usize,
    row: Row,
    told: context::Told,
    /// What was decided last is what was decided before, at this place.
    recalled: Option<(usize, Recalled)>,
}

thread_local! {
    /// The memory of islands, from one passage to the next.
    static SCRATCH: Cell<Option<Box<Scratch>>> = const { Cell::new(None) };
}

impl<T> Drop for Reader<'_, T> {
    fn drop(&mut self) {
        if self.scratch.is_some() {
            SCRATCH.set(self.scratch.take());
        }
    }
}

impl<'a, T: CodeUnit> Reader<'a, T> {
    fn new(region: Region, passage: Passage, text: &'a [T]) -> Self {
        Reader {
            alphabet: Alphabet::of(region),
            passage,
            text,
            scratch: None,
            floor: 0,
            end: 0,
            row: Row::default(),
            told: context::Told::default(),
            recalled: None,
        }
    }

    fn scratch(&mut self) -> &mut Scratch {
        let (alphabet, passage) = (self.alphabet, self.passage);
        self.scratch.get_or_insert_with(|| {
            let mut scratch = SCRATCH
                .take()
                .unwrap_or_else(|| Box::new(Scratch::new(alphabet, passage)));
            scratch.renew(alphabet, passage);
            scratch
        })
    }

    /// What becomes of a character without regard to its neighbours.
    #[inline(always)]
    fn alone(&self, at: usize) -> u32 {
        // What is Traditional has its region's forms at most, and without a region not even these.
        match (self.passage.script, self.alphabet.region) {
            (Script::Traditional, Region::Any) => self.text[at].wide(),
            _ => self.alphabet.alone(self.text[at].wide()),
        }
    }

    /// Whether it is open, and not settled by all of the text being Traditional.
    #[inline(always)]
    fn is_open(&self, at: usize) -> bool {
        self.passage.script != Script::Traditional
            && self.alphabet.number(self.text[at].wide()) != 0
    }

    /// Of the places of a block of Traditional text that may change those that are suspect; what the others become is
    /// written down.
    #[inline(always)]
    fn suspects(&self, start: usize, may_change: u64, new: &mut [u16; BLOCK]) -> u64 {
        let (mut suspects, mut left) = (0, may_change);
        while left != 0 {
            let place = left.trailing_zeros() as usize;
            left &= left - 1;
            let alone = near(self.alone(start + place)).unwrap_or(0);
            let is_suspect = channel::is_suspect(self.alphabet, self.text, start + place);
            new[place] = alone;
            suspects |= u64::from(is_suspect | (alone == 0)) << place;
        }
        suspects
    }

    /// What is written at a place, if nothing was weighed for that; else what is written up to `end` is told by
    /// [`Reader::decision`].
    #[inline(always)]
    fn decide(&mut self, at: usize) -> Option<u32> {
        self.recalled = None;
        let is_row = self.row.goes_on(at);
        let known = match is_row {
            false => self.certain_or_weighed(at).0,
            true => self.recall_or_decide(at),
        };
        self.row.add(at, self.end);
        known
    }

    /// The same without a look at what was decided before; and where the text was weighed.
    #[inline(always)]
    fn certain_or_weighed(&mut self, at: usize) -> (Option<u32>, Range<usize>) {
        if let Some(known) = self.certain(at) {
            self.end = at + 1;
            return (Some(known), at..at + 1);
        }
        let weighed = self.weigh(at);
        self.end = self.floor;
        (None, weighed)
    }

    /// How far beyond what was weighed the text may have a say.
    fn reach(&self) -> usize {
        match self.passage.script {
            Script::Mixed => memo::REACH + channel::FAR,
            _ => memo::REACH,
        }
    }

    /// In text that is open nearly everywhere.
    #[cold]
    fn recall_or_decide(&mut self, at: usize) -> Option<u32> {
        let (text, floor) = (self.text, self.floor);
        let Some(scratch) = self.scratch.as_mut() else {
            return self.decide_and_keep(at);
        };
        let Some(recalled) = scratch.memo.recall(text, at, floor) else {
            return self.decide_and_keep(at);
        };
        self.end = recalled.end;
        if !recalled.is_island {
            return Some(scratch.memo.answer(recalled, 0));
        }
        (self.floor, self.recalled) = (recalled.end, Some((at, recalled)));
        None
    }

    #[cold]
    #[inline(never)]
    fn decide_and_keep(&mut self, at: usize) -> Option<u32> {
        let (text, floor) = (self.text, self.floor);
        let (known, weighed) = self.certain_or_weighed(at);
        let reach = self.reach();
        if let Some(start) = weighed.start.checked_sub(reach) {
            let stretch = start..weighed.end + reach;
            let answers: SmallVec<[u32; island::MOST]> = match known {
                Some(known) => smallvec![known],
                None => (at..self.end).map(|at| self.decision(at)).collect(),
            };
            let decided = at..self.end;
            let memo = &mut self.scratch().memo;
            memo.keep(text, stretch, decided, floor, known.is_none(), &answers);
        }
        known
    }

    /// What is written at a place, if nothing need be weighed for that.
    #[inline(always)]
    fn certain(&mut self, at: usize) -> Option<u32> {
        let (alphabet, text) = (self.alphabet, self.text);
        let only = if self.is_open(at) {
            quick::of_simplified(alphabet, self.passage, text, at, &mut self.told)?
        } else {
            let alone = self.alone(at);
            if !channel::is_suspect(alphabet, text, at) {
                return Some(alone);
            }
            quick::of_traditional(alphabet, text, at, alone)?
        };
        let code = alphabet.key(text[at].wide());
        let is_certain = match only.is_rule {
            true => {
                quick::words_keep_the_rule(alphabet, text, at, code)
                    || self.passage.script == Script::Traditional
                        && self.scratch().words_agree(text, at, only.reading)
            }
            false => self.scratch().words_agree(text, at, only.reading),
        };
        is_certain.then_some(only.written)
    }

    /// Weigh the island that a place lies in, after those that come before it; answers from where to where the
    /// text was weighed. The island may end before that.
    fn weigh(&mut self, at: usize) -> Range<usize> {
        let text = self.text;
        let mut end = quick::gap(self.alphabet, text, self.floor, at);
        let mut weighed = end..at;
        let mut count = 0;
        while end <= at {
            let is_weighed =
                |&at: &usize| self.is_open(at) || channel::is_suspect(self.alphabet, text, at);
            let first = (end..at).find(is_weighed).unwrap_or(at);
            let (floor, reach, told) = (end, self.reach(), self.told);
            let scratch = self.scratch();
            count += 1;
            // Of those that only lie before, the end is all that is asked for.
            if count > 1
                && let Some(recalled) = scratch.before.recall(text, first, floor)
                && recalled.end <= at
            {
                end = recalled.end;
                continue;
            }
            end = scratch.weigh(text, floor, first, told);
            let (start, last) = (scratch.start(), scratch.last());
            weighed.start = weighed.start.min(start);
            weighed.end = last;
            if count > 1
                && let Some(start) = start.checked_sub(reach)
            {
                let stretch = start..last + reach;
                let island = first..end;
                scratch.before.keep(text, stretch, island, floor, true, &[]);
            }
        }
        self.floor = end;
        weighed
    }

    /// What is written at a place of the last island.
    fn decision(&self, at: usize) -> u32 {
        let scratch = self.scratch.as_ref();
        if let (Some((from, recalled)), Some(scratch)) = (self.recalled, scratch) {
            return scratch.memo.answer(recalled, at - from);
        }
        let open = scratch.and_then(|scratch| scratch.decision(at));
        open.unwrap_or_else(|| self.alone(at))
    }
}

/// Characters looked at together: as many as a word has bits.
const BLOCK: usize = 64;

/// What a table has for the characters of a block, and a bit for each, the first lowest, that is set
/// where it has nothing.
#[inline(always)]
fn look<T: CodeUnit>(table: &[u16; 0x1_0000], block: &[T], new: &mut [u16; BLOCK]) -> u64 {
    for (new, unit) in new.iter_mut().zip(block) {
        *new = table.get(unit.wide() as usize).copied().unwrap_or(0);
    }
    // A bit at a time took a sixth of the pass over text that stays as it is.
    let asks = bits(&new.map(|new| u8::from(new == 0)));
    let beyond = u64::MAX.checked_shl(block.len() as u32).unwrap_or(0);
    asks & !beyond
}

/// The characters of a block of Traditional text, and a bit for each that may become another or has no room there.
#[inline(always)]
fn look_for_changes<T: CodeUnit>(
    may_change: &[u8; 0x1_0000],
    block: &[T],
    new: &mut [u16; BLOCK],
) -> u64 {
    let mut flags = [0; BLOCK];
    for ((flag, new), unit) in flags.iter_mut().zip(new.iter_mut()).zip(block) {
        *flag = may_change.get(unit.wide() as usize).copied().unwrap_or(1);
        *new = unit.wide() as u16;
    }
    bits(&flags)
}

/// A code point that a block has room for.
#[inline(always)]
fn near(code_point: u32) -> Option<u16> {
    u16::try_from(code_point).ok()
}

/// Whether one character is a regional form of another.
pub fn is_form(old: u32, new: u32) -> bool {
    let alphabet = |region| Alphabet::of(region).alone(old);
    old != new
        && crate::tables::scripts::flags(old) & crate::tables::scripts::SIMPLIFIED == 0
        && (alphabet(Region::Taiwan) == new || alphabet(Region::HongKong) == new)
}
