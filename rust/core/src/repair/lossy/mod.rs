//! The same lattice where bytes are missing: what the text could have been, weighed.
//!
//! In: a text, what stands before it, one chain, and the places where characters may have
//! been stripped without a mark. Out: the runs that cost less when read the other way, with the places where
//! nothing can be told. Never invents: a character of which no byte is left is lost, and so is one
//! that the surviving bytes and its neighbours leave in doubt.
//!
//! A mark (U+FFFD or `?`) stands for one byte or two that the wrong encoding did not have; `slots`
//! says which those are. A reading is followed byte by byte as a handful of hypotheses, each with
//! the bytes of an unfinished character; an unknown byte is a set. When a character is whole,
//! `guess` lists what the known bytes leave possible, each is weighed behind the character before
//! it, and the next known character settles which of them it was. Hypotheses that end alike are one,
//! and only [`BEAM`] are kept, so time is linear.

mod context;
mod costs;
mod guess;
mod slots;
mod trace;
#[cfg(test)]
mod twin;

use super::chains::{Chain, Wrong};
use super::lattice::{ENTRY, Encoded, Run, UTF8_PROOF};
use crate::codec::{Step, StepEncoding, expand};
use crate::tables::scripts;
use costs::{behind, beside, guessed, stands};
use guess::Guesses;
use slots::{Slot, Slots};
use std::ops::Range;

/// Hypotheses kept at a boundary. One continuation byte of UTF-8 leaves at most 64 characters.
const BEAM: usize = 48;
/// Of these, how many a guess is weighed behind.
const PARENTS: usize = 8;
/// Of more guesses than so many, each is weighed behind the cheapest way only.
const MANY: usize = 160;
/// Tenths of a nat behind the best at which a hypothesis is dropped.
const HOPELESS: u32 = 180;
/// The same for one that a guess is weighed behind.
const NEAR: u32 = 70;
/// Tenths of a nat that U+FFFD costs, read as a mark of this chain.
const REPLACED: u32 = 10;
/// The same for a question mark, which is mostly a question mark.
const QUESTIONED: u32 = 30;
/// A character that stays lost: the last resort on a way, whose end decides what is told of it.
const LAST_RESORT: u32 = 200;
/// Tenths of a nat that a guess must gain besides its likelihood, with a mark and without one.
const GUESSED: i64 = 15;
const GUESSED_UNMARKED: i64 = 40;

const NONE: u32 = u32::MAX;
pub(super) const MARK: u32 = 0xFFFD;
const QUESTION: u32 = 0x3F;
const SPACE: u32 = 0x20;
/// The byte of a space that does not break, which became one that does.
const NO_BREAK: Slot = 0xA0;
/// Tenths of a nat for that.
const SPACED: u32 = 15;

/// One way that the bytes so far may have been.
#[derive(Clone, Copy)]
struct Hypothesis {
    cost: u32,
    /// The character this way ends with, and its node.
    last: u32,
    node: u32,
    /// Where the run began.
    entry: u32,
    /// Bytes of an unfinished character, and where they began.
    pending: [Slot; 4],
    held: u8,
    /// How many bytes the character takes, and whether one of them is not known.
    needed: u8,
    is_open: bool,
    begun: u32,
    /// A character has just been made that has no node yet.
    is_fresh: bool,
}

impl Hypothesis {
    /// Whether what follows costs both the same. An empty run is no rival of one that has begun:
    /// only the latter may end.
    fn ends_as(&self, other: &Hypothesis) -> bool {
        let state = |way: &Hypothesis| match way.is_fresh {
            true => (way.last, 0, [0; 4], true),
            false => (way.last, way.held, way.pending, way.node != NONE),
        };
        state(self) == state(other)
    }
}

/// A character on a way, with the bytes it was made of.
struct Node {
    before: u32,
    character: u32,
    pattern: [Slot; 4],
    length: u8,
    /// Tokens it was made of.
    begun: u32,
    ended: u32,
}

#[derive(Clone, Copy)]
struct Clean {
    cost: u32,
    last: u32,
    /// The run that ends here, if the best way comes from one: its last node and its beginning.
    node: u32,
    entry: u32,
}

/// Whether a text has marks of lost bytes.
pub(super) fn has_marks(text: &[u32]) -> bool {
    text.iter().enumerate().any(|(at, &character)| {
        let is_high = |at: usize| text.get(at).is_some_and(|&next| next >= 0x80);
        // A question mark among ASCII is one.
        character == MARK
            || (character == QUESTION && at > 0 && (is_high(at - 1) || is_high(at + 1)))
    })
}

/// Whether some character was read from either of two pairs of bytes.
pub(super) fn is_ambiguous(text: &[u32], wrong: Wrong) -> bool {
    matches!(wrong, Wrong::Big5 | Wrong::ShiftJis)
        && text
            .iter()
            .any(|&character| wrong.other_bytes(character).is_some())
}

/// The runs of `text` that read better.
pub(super) fn best_runs(
    text: &[u32],
    before: u32,
    encoded: &Encoded,
    chain: Chain,
    holes: &[Range<usize>],
    told: &scripts::Counts,
) -> Vec<Run> {
    let mut lattice = Lattice::new(text, chain, holes, told);
    let clean = lattice.walk(text, before, encoded, holes);
    lattice.trace(text, before, &clean, !holes.is_empty())
}

struct Lattice {
    chain: Chain,
    slots: Slots,
    guesses: Guesses,
    nodes: Vec<Node>,
    is_stripped: bool,
    /// Room for the ways between two bytes of one character.
    spare: Vec<Hypothesis>,
    /// The same for guesses: costs, characters, and the ways they are behind.
    weighed: Vec<(u32, u32, u32)>,
}

impl Lattice {
    fn new(text: &[u32], chain: Chain, holes: &[Range<usize>], told: &scripts::Counts) -> Lattice {
        Lattice {
            chain,
            slots: Slots::new(text, chain.wrong),
            guesses: Guesses::beside(told),
            nodes: Vec::new(),
            is_stripped: !holes.is_empty(),
            spare: Vec::new(),
            weighed: Vec::new(),
        }
    }

    fn walk(
        &mut self,
        text: &[u32],
        before: u32,
        encoded: &Encoded,
        holes: &[Range<usize>],
    ) -> Vec<Clean> {
        let count = text.len();
        let start = Clean {
            cost: 0,
            last: before,
            node: NONE,
            entry: NONE,
        };
        let nowhere = Clean {
            cost: u32::MAX,
            ..start
        };
        let mut clean = vec![nowhere; count + 1];
        clean[0] = start;
        let mut now: Vec<Hypothesis> = Vec::new();
        let mut next: Vec<Hypothesis> = Vec::new();
        let mut hole = 0;
        for at in 0..=count {
            let outside = if at == 0 {
                Some(&before)
            } else {
                text.get(at - 1)
            };
            if at < count {
                let entered = clean[at].cost.saturating_add(ENTRY + beside(outside));
                if at == 0 || clean[at].node == NONE {
                    now.push(Hypothesis {
                        cost: entered,
                        last: clean[at].last,
                        node: NONE,
                        entry: at as u32,
                        pending: [0; 4],
                        held: 0,
                        needed: 0,
                        is_open: false,
                        begun: at as u32,
                        is_fresh: false,
                    });
                }
            }
            while holes.get(hole).is_some_and(|hole| hole.end <= at) {
                hole += 1;
            }
            if holes.get(hole).is_some_and(|hole| hole.contains(&at)) {
                let behind = (at < count)
                    .then(|| encoded.bytes_at(at)?.first().copied())
                    .flatten();
                self.insert(&mut now, at, behind);
            }
            for way in &now {
                let left = way.cost.saturating_add(beside(text.get(at)));
                if way.held == 0 && way.node != NONE && left < clean[at].cost {
                    clean[at] = Clean {
                        cost: left,
                        last: way.last,
                        node: way.node,
                        entry: way.entry,
                    };
                }
            }
            if at == count {
                break;
            }
            let here = clean[at];
            let cost = stands(here.last, text[at]);
            clean[at + 1] = Clean {
                cost: here.cost.saturating_add(cost),
                last: text[at],
                node: NONE,
                entry: NONE,
            };
            next.clear();
            if let Some(bytes) = encoded.bytes_at(at) {
                self.follow(&now, &known(bytes)[..bytes.len()], at, 0, &mut next);
            }
            if let Some(bytes) = self.chain.wrong.other_bytes(text[at]) {
                let bytes: &[u8] = &bytes;
                self.follow(&now, &known(bytes)[..bytes.len()], at, 0, &mut next);
            }
            if text[at] == SPACE && matches!(self.chain.wrong, Wrong::Single(_)) {
                let begun: Vec<Hypothesis> =
                    now.iter().filter(|way| way.held > 0).copied().collect();
                self.follow(&begun, &[NO_BREAK], at, SPACED, &mut next);
            }
            if matches!(text[at], MARK | QUESTION) {
                let price = if text[at] == MARK {
                    REPLACED
                } else {
                    QUESTIONED
                };
                // GB 18030 has four bytes for U+FFFD itself, which stood nowhere.
                let behind = (at + 1 < count).then(|| match text[at + 1] {
                    MARK => None,
                    _ => encoded.bytes_at(at + 1)?.first().copied(),
                });
                for reading in self.slots.marked(behind, text[at] == QUESTION) {
                    let slots = &reading.slots[..reading.length];
                    self.follow(&now, slots, at, price + reading.cost, &mut next);
                }
            }
            self.prune(&mut next, at);
            std::mem::swap(&mut now, &mut next);
        }
        clean
    }

    /// Hypotheses in which characters were stripped before this place.
    fn insert(&mut self, now: &mut Vec<Hypothesis>, at: usize, behind: Option<u8>) {
        let mut more = Vec::new();
        // No lead byte of Chinese in UTF-8 is stripped: only what has begun can miss something.
        let begun = now.iter().filter(|way| way.held > 0);
        let mut from: Vec<Hypothesis> = begun.take(PARENTS).copied().collect();
        for _ in 0..self.slots.stripped_in_a_row() {
            if from.is_empty() {
                break;
            }
            let mut found = Vec::new();
            for reading in self.slots.stripped(behind) {
                let slots = &reading.slots[..reading.length];
                self.follow(&from, slots, at, reading.cost, &mut found);
            }
            self.prune(&mut found, at);
            more.extend_from_slice(&found);
            found.retain(|way| way.held > 0);
            found.truncate(PARENTS);
            from = found;
        }
        now.append(&mut more);
        self.prune(now, at);
    }

    /// Every hypothesis with some bytes behind it.
    fn follow(
        &mut self,
        from: &[Hypothesis],
        slots: &[Slot],
        at: usize,
        price: u32,
        into: &mut Vec<Hypothesis>,
    ) {
        let Some((&last, before)) = slots.split_last() else {
            return;
        };
        let Some((&first, rest)) = before.split_first() else {
            return self.feed(from, last, at, price, into);
        };
        let mut ways = std::mem::take(&mut self.spare);
        ways.clear();
        self.feed(from, first, at, price, &mut ways);
        self.prune(&mut ways, at);
        for &slot in rest {
            let mut found = Vec::new();
            self.feed(&ways, slot, at, 0, &mut found);
            self.prune(&mut found, at);
            ways = found;
        }
        self.feed(&ways, last, at, 0, into);
        self.spare = ways;
    }

    fn feed(
        &mut self,
        from: &[Hypothesis],
        slot: Slot,
        at: usize,
        price: u32,
        into: &mut Vec<Hypothesis>,
    ) {
        let mut open = [0_usize; PARENTS];
        let mut parents = 0;
        for (number, way) in from.iter().enumerate() {
            let Some(way) = self.extended(way, slot, at, price) else {
                continue;
            };
            match (way.held < way.needed, way.is_open) {
                (true, _) => into.push(way),
                (false, false) => into.extend(self.read(way)),
                (false, true) if parents < PARENTS => {
                    open[parents] = number;
                    parents += 1;
                }
                (false, true) => {}
            }
        }
        // Ways with the same bytes end in the same characters: of each, the cheapest way is kept.
        let mut done = [false; PARENTS];
        for number in 0..parents {
            if done[number] {
                continue;
            }
            let way = |parent: usize| self.extended(&from[open[parent]], slot, at, price);
            let Some(one) = way(number) else { continue };
            let mut alike: Vec<Hypothesis> = Vec::with_capacity(parents);
            for (other, is_done) in done.iter_mut().enumerate().take(parents).skip(number) {
                if let Some(found) = way(other).filter(|found| found.pending == one.pending) {
                    *is_done = true;
                    alike.push(found);
                }
            }
            self.weigh(&alike, into);
        }
    }

    /// A way with one more byte, if that can be.
    #[inline]
    fn extended(&self, way: &Hypothesis, slot: Slot, at: usize, price: u32) -> Option<Hypothesis> {
        let mut way = *way;
        way.cost = way.cost.saturating_add(price);
        if way.held == 0 {
            way.begun = at as u32;
            way.pending = [0; 4];
            way.is_open = false;
            way.needed = self.slots.needed(slot, self.chain.right)?;
        } else {
            way.needed = self
                .slots
                .continued(way.held, way.needed, slot, self.chain.right)?;
        }
        way.is_open |= slot > 0xFF;
        way.pending[way.held as usize] = slot;
        way.held += 1;
        (way.needed < 4 || !way.is_open).then_some(way)
    }

    /// A character all of whose bytes are known.
    fn read(&self, way: Hypothesis) -> Option<Hypothesis> {
        let length = way.held as usize;
        let bytes = way.pending.map(|slot| slot as u8);
        let Step::Character(character, read) = self.chain.right.step(&bytes[..length]) else {
            return None;
        };
        if read != length {
            return None;
        }
        let (both, count) = expand(character);
        let mut cost = 0;
        let mut last = way.last;
        for &one in &both[..count] {
            cost += behind(last, one);
            last = one;
        }
        if length > 1 && self.chain.is_utf8() {
            cost = cost.saturating_sub(UTF8_PROOF);
        }
        Some(made(way, character, cost))
    }

    /// Every character that the known bytes leave possible, and that it stays lost, behind the
    /// cheapest of some ways that hold the same bytes.
    fn weigh(&mut self, ways: &[Hypothesis], into: &mut Vec<Hypothesis>) {
        let Some(&cheapest) = ways.iter().min_by_key(|way| way.cost) else {
            return;
        };
        into.push(made(cheapest, MARK, LAST_RESORT));
        let length = cheapest.held as usize;
        let pattern = cheapest.pending;
        // Of what is marked, one byte must be left, or both bytes of a pair be some that are lost
        // together; of what is not marked, which could be anything, most.
        let known = pattern[..length]
            .iter()
            .filter(|slot| **slot < 0x100)
            .count();
        let is_single = matches!(self.chain.wrong, Wrong::Single(_));
        let is_pair = length == 2 && !is_single && !self.is_stripped;
        if known == 0 && !is_pair {
            return;
        }
        let possible = self
            .guesses
            .of(pattern, length, self.chain.right, &self.slots);
        let rivals = into.iter().map(|way| way.cost).min().unwrap_or(u32::MAX);
        let limit = cheapest
            .cost
            .saturating_add(LAST_RESORT)
            .min(rivals.saturating_add(HOPELESS));
        // One that is far behind now is not ahead behind the same character.
        let near = cheapest.cost.saturating_add(NEAR);
        let mut ways: Vec<&Hypothesis> = ways.iter().filter(|way| way.cost <= near).collect();
        if possible.len() > MANY {
            ways.sort_by_key(|way| way.cost);
            ways.truncate(1);
        }
        self.weighed.clear();
        let mut least = limit;
        for &(character, price) in possible {
            let each = ways
                .iter()
                .enumerate()
                .map(|(way, from)| (from.cost + guessed(from.last, character) + price, way));
            if let Some((cost, way)) = each.min()
                && cost < limit.min(least.saturating_add(HOPELESS))
            {
                least = least.min(cost);
                self.weighed.push((cost, character, way as u32));
            }
        }
        // Each ends in another character, so no more of them than so many can be kept.
        if self.weighed.len() > BEAM {
            self.weighed.select_nth_unstable(BEAM);
            self.weighed.truncate(BEAM);
        }
        for &(cost, character, way) in &self.weighed {
            let way = ways[way as usize];
            into.push(made(*way, character, cost - way.cost));
        }
    }

    /// The best of what is there, one of each kind, with nodes for what they have made.
    fn prune(&mut self, ways: &mut Vec<Hypothesis>, at: usize) {
        if ways.len() > 1 {
            ways.sort_unstable_by_key(|way| (way.cost, way.last, way.entry));
            let limit = ways[0].cost.saturating_add(HOPELESS);
            let mut kept = 0;
            for number in 0..ways.len() {
                let way = ways[number];
                if kept == BEAM || way.cost > limit {
                    break;
                }
                if !ways[..kept].iter().any(|other| other.ends_as(&way)) {
                    ways[kept] = way;
                    kept += 1;
                }
            }
            ways.truncate(kept);
        }
        for way in ways.iter_mut().filter(|way| way.is_fresh) {
            let node = Node {
                before: way.node,
                character: way.last,
                pattern: way.pending,
                length: way.held,
                begun: way.begun,
                ended: at as u32,
            };
            way.node = self.nodes.len() as u32;
            self.nodes.push(node);
            way.is_fresh = false;
            way.held = 0;
            way.pending = [0; 4];
        }
    }
}

impl Node {
    /// Whether none of its bytes is known.
    fn is_gone(&self) -> bool {
        self.pattern[..self.length as usize]
            .iter()
            .all(|slot| *slot > 0xFF)
    }

    /// The pattern that shows the same bytes if the one that is not known stood on the other side: of three bytes,
    /// E7 and A6 with one stripped between them (瓦) or behind them (福).
    fn other_pattern(&self) -> Option<[Slot; 4]> {
        let [lead, second, third, _] = self.pattern;
        let is_open = |slot: Slot| slot > 0xFF;
        let is_either = self.length == 3 && !is_open(lead) && is_open(second) != is_open(third);
        is_either.then_some([lead, third, second, 0])
    }

    /// Whether more of its bytes are not known than are.
    fn is_mostly_gone(&self) -> bool {
        let bytes = &self.pattern[..self.length as usize];
        bytes.iter().filter(|slot| **slot > 0xFF).count() * 2 > bytes.len()
    }

    /// Whether some of its bytes are not known.
    fn is_guess(&self) -> bool {
        self.pattern[..self.length as usize]
            .iter()
            .any(|slot| *slot > 0xFF)
    }
}

/// Bytes as slots.
fn known(bytes: &[u8]) -> [Slot; 4] {
    let mut slots = [0; 4];
    for (slot, byte) in slots.iter_mut().zip(bytes) {
        *slot = Slot::from(*byte);
    }
    slots
}

fn made(way: Hypothesis, character: u32, cost: u32) -> Hypothesis {
    Hypothesis {
        cost: way.cost.saturating_add(cost),
        last: character,
        is_fresh: true,
        ..way
    }
}

/// Chains whose lost bytes can be told: the encodings of Chinese.
pub(super) fn can_restore(chain: Chain) -> bool {
    matches!(
        chain.right,
        StepEncoding::Utf8 | StepEncoding::Gb18030 | StepEncoding::Big5
    )
}
