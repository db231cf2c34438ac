//! The cheapest reading of a text in which some runs may be misread bytes.
//!
//! In: a text, what stands before it, one chain. Out: the runs that cost less when read the other
//! way, with their text. Never longer than linear: every position of every byte has one best way.
//!
//! Two rows run side by side: the text as it stands, character by character, and the bytes it was
//! misread from, read as the right encoding. At the boundary of a character one may pass from a
//! row to the other. Both rows say what the same bytes mean, so their costs compare directly.

use super::chains::{Chain, Wrong};
use crate::codec::{Step, StepEncoding, expand};
use crate::tables::likelihood;
use std::ops::Range;

/// Tenths of a nat for passing into the misread row: what a run must gain before it is seen at all.
pub(super) const ENTRY: u32 = 50;
/// The same for beginning or ending next to a character that is no ASCII. Damage strikes fields,
/// lines and texts; where a run seems to stop short of its neighbours, one of its characters only
/// happens to be a usual one (嘉 read as 古).
pub(super) const AMIDST: u32 = 50;
/// What a character of several bytes is worth that UTF-8 reads: one in seventy by chance.
pub(super) const UTF8_PROOF: u32 = 20;

/// No way leads here.
const NEVER: u32 = u32::MAX;

/// A run of the text, and what it was meant to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) text: Vec<u32>,
    /// Tenths of a nat that the new text costs less than the old.
    pub(super) gain: i64,
    /// Places of the text whose characters stay lost; U+FFFD stands for them in `text`.
    pub(super) lost: Vec<Range<usize>>,
    /// Characters of which some bytes are not known, lost ones among them.
    pub(super) guessed: usize,
    /// How sure the least sure guess is, in hundredths; 100 where there is none.
    pub(super) sure: u8,
}

/// A text as the bytes it was misread from, for one wrong encoding.
pub(super) struct Encoded {
    bytes: Vec<u8>,
    /// Where each character's bytes begin, and one more for the end. Characters that the wrong
    /// encoding has not take one byte that no reading passes.
    starts: Vec<u32>,
    /// For every byte, where its run of bytes without such a gap ends.
    ends: Vec<u32>,
}

impl Encoded {
    pub(super) fn new(text: &[u32], wrong: Wrong) -> Encoded {
        let mut encoded = Encoded {
            bytes: Vec::with_capacity(text.len() * 2),
            starts: Vec::with_capacity(text.len() + 1),
            ends: Vec::new(),
        };
        let mut gaps = Vec::new();
        for &character in text {
            encoded.starts.push(encoded.bytes.len() as u32);
            match wrong.bytes(character) {
                Some(bytes) => encoded.bytes.extend_from_slice(&bytes),
                None => {
                    gaps.push(encoded.bytes.len() as u32);
                    encoded.bytes.push(0);
                }
            }
        }
        let length = encoded.bytes.len() as u32;
        encoded.starts.push(length);
        encoded.ends.reserve(length as usize);
        for gap in gaps.into_iter().chain([length]) {
            encoded.ends.resize(gap as usize, gap);
            if gap < length {
                // The gap itself: an end before its start, so nothing steps.
                encoded.ends.push(gap);
            }
        }
        encoded
    }

    /// Whether the wrong encoding lacks a character.
    pub(super) fn is_gap(&self, at: usize) -> bool {
        let start = self.starts[at];
        self.ends
            .get(start as usize)
            .is_some_and(|end| *end <= start)
    }

    /// The bytes of a character; `None` if the wrong encoding lacks it.
    pub(super) fn bytes_at(&self, at: usize) -> Option<&[u8]> {
        let place = self.starts[at] as usize..self.starts[at + 1] as usize;
        (!self.is_gap(at)).then(|| &self.bytes[place])
    }

    /// Bytes from 0x80 up, and the most bytes in a row that UTF-8 reads as characters of several:
    /// two or more of them, or one that begins and ends where ASCII or a gap does.
    pub(super) fn evidence(&self) -> (usize, usize) {
        let (mut high, mut longest, mut at) = (0, 0, 0);
        while at < self.bytes.len() {
            let start = at;
            let end = self.ends[at] as usize;
            if self.bytes[at] < 0x80 || end <= at {
                at += 1;
                continue;
            }
            let mut characters = 0;
            while at < end && self.bytes[at] >= 0x80 {
                match StepEncoding::Utf8.step(&self.bytes[at..end]) {
                    Step::Character(_, length) => at += length,
                    Step::Bad(_) => break,
                }
                characters += 1;
            }
            let stops = |at: usize| at >= end || self.bytes[at] < 0x80;
            let is_alone = stops(at)
                && (start == 0 || stops(start - 1) || self.ends[start - 1] as usize <= start);
            if characters > 1 || (characters == 1 && is_alone) {
                longest = longest.max(at - start);
            }
            high += at - start;
            if characters == 0 {
                high += 1;
                at += 1;
            }
        }
        (high, longest)
    }
}

#[derive(Clone, Copy)]
struct Node {
    cost: u32,
    /// The character this way ends with.
    last: u32,
    /// Bytes back to the node before; 0 where the row was entered.
    back: u8,
}

const NOWHERE: Node = Node {
    cost: NEVER,
    last: 0,
    back: 0,
};

/// The runs of `text` that read better, where some characters cost more if they stand as they are.
pub(super) fn best_runs(
    text: &[u32],
    before: u32,
    encoded: &Encoded,
    chain: Chain,
    standing: impl Fn(usize) -> u32,
) -> Vec<Run> {
    let count = text.len();
    // Rows of the text as it stands and of the bytes.
    let mut clean = vec![NOWHERE; count + 1];
    let mut came_from_bytes = vec![false; count + 1];
    let mut read = vec![NOWHERE; encoded.bytes.len() + 1];
    clean[0] = Node {
        cost: 0,
        last: before,
        back: 0,
    };

    for at in 0..=count {
        let start = encoded.starts[at] as usize;
        let arrived = read[start];
        let left = arrived.cost.saturating_add(amidst(text.get(at)));
        if left < clean[at].cost {
            clean[at] = Node {
                cost: left,
                back: 0,
                ..arrived
            };
            came_from_bytes[at] = true;
        }
        if at == count {
            break;
        }
        let here = clean[at];
        let outside = if at == 0 {
            Some(&before)
        } else {
            text.get(at - 1)
        };
        let entered = here.cost.saturating_add(ENTRY + amidst(outside));
        if entered < read[start].cost {
            read[start] = Node {
                cost: entered,
                last: here.last,
                back: 0,
            };
        }
        let cost = here.cost + likelihood::cost(here.last, text[at]) + standing(at);
        clean[at + 1] = Node {
            cost,
            last: text[at],
            back: 0,
        };
        for byte in start..encoded.starts[at + 1] as usize {
            let node = read[byte];
            let end = encoded.ends[byte] as usize;
            if node.cost == NEVER || end <= byte {
                continue;
            }
            if let Step::Character(character, length) = chain.right.step(&encoded.bytes[byte..end])
            {
                let (both, count) = expand(character);
                let (added, _) = likelihood::run_cost(node.last, &both[..count]);
                let mut cost = node.cost + added;
                if length > 1 && chain.is_utf8() {
                    cost = cost.saturating_sub(UTF8_PROOF).max(node.cost);
                }
                if cost < read[byte + length].cost {
                    read[byte + length] = Node {
                        cost,
                        last: character,
                        back: length as u8,
                    };
                }
            }
        }
    }
    trace(text, before, encoded, chain, &read, &came_from_bytes)
}

/// What it costs to begin or end next to a character: nothing beside ASCII and the marks that
/// enclose a field or end a clause.
pub(super) fn amidst(neighbour: Option<&u32>) -> u32 {
    match neighbour {
        None
        | Some(0..=0x7F | 0x2010..=0x2026 | 0x3000..=0x301F | 0xFF00..=0xFF0F | 0xFF1A..=0xFF20) => {
            0
        }
        Some(_) => AMIDST,
    }
}

/// The runs on the best way, from its end back.
fn trace(
    text: &[u32],
    before: u32,
    encoded: &Encoded,
    chain: Chain,
    read: &[Node],
    came_from_bytes: &[bool],
) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut at = text.len();
    loop {
        if !came_from_bytes[at] {
            if at == 0 {
                break;
            }
            at -= 1;
            continue;
        }
        let end = at;
        let mut byte = encoded.starts[at] as usize;
        while read[byte].back > 0 {
            byte -= read[byte].back as usize;
        }
        let start = encoded
            .starts
            .partition_point(|begin| (*begin as usize) < byte);
        let mut meant = Vec::new();
        let mut from = byte;
        let to = encoded.starts[end] as usize;
        while from < to {
            let Step::Character(character, length) = chain.right.step(&encoded.bytes[from..to])
            else {
                break;
            };
            let (both, count) = expand(character);
            meant.extend_from_slice(&both[..count]);
            from += length;
        }
        let last = start.checked_sub(1).map_or(before, |last| text[last]);
        let gain = cost_behind(last, &text[start..end]) as i64 - cost_behind(last, &meant) as i64;
        runs.push(Run {
            start,
            end,
            text: meant,
            gain,
            lost: Vec::new(),
            guessed: 0,
            sure: 100,
        });
        at = start;
        // An entry straight after an exit would have cost more than going on: the way to `start`
        // is the text's own, or the beginning.
        if at == 0 {
            break;
        }
        at -= 1;
    }
    runs.reverse();
    runs
}

impl Run {
    /// The same in a text of which this one begins at `offset`.
    pub(super) fn moved(mut self, offset: usize) -> Run {
        self.start += offset;
        self.end += offset;
        for lost in &mut self.lost {
            *lost = lost.start + offset..lost.end + offset;
        }
        self
    }

    /// Without the ends that are the same in both readings.
    pub(super) fn trimmed(mut self, text: &[u32]) -> Run {
        let same = |(a, b): &(&u32, &u32)| a == b;
        let old = &text[self.start..self.end];
        let tail = old
            .iter()
            .rev()
            .zip(self.text.iter().rev())
            .take_while(same)
            .count();
        self.text.truncate(self.text.len() - tail);
        self.end -= tail;
        let old = &text[self.start..self.end];
        let head = old.iter().zip(&self.text).take_while(same).count();
        self.text.drain(..head);
        self.start += head;
        self
    }
}

/// Tenths of a nat that a text costs behind a character.
pub(super) fn cost_behind(before: u32, text: &[u32]) -> u64 {
    let mut last = before;
    let mut cost = 0;
    for &character in text {
        cost += u64::from(likelihood::cost(last, character));
        last = character;
    }
    cost
}
