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
mod island;
mod near;

#[cfg(test)]
mod twin;

use super::sink::Sink;
use crate::text::CodeUnit;
use alphabet::Alphabet;
pub use alphabet::Region;
use island::Scratch;

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
}

/// Write a passage in Traditional.
pub fn run<T: CodeUnit>(region: Region, passage: Passage, text: &[T], sink: &mut impl Sink<T>) {
    let alphabet = Alphabet::of(region);
    let is_settled = passage.script == Script::Traditional;
    let table = match is_settled {
        true => &alphabet.settled,
        false => &alphabet.direct,
    };
    // What is Traditional has its region's forms at most, and without a region not even these.
    let alone = |unit: &T| match (is_settled, region) {
        (true, Region::Any) => unit.wide(),
        _ => alphabet.alone(unit.wide()),
    };
    let mut scratch = None;
    let mut new = [0; BLOCK];
    let (mut start, mut floor) = (0, 0);
    while start < text.len() {
        let block = &text[start..text.len().min(start + BLOCK)];
        let mut asks = look(table, block, &mut new);
        // What is decided is written down in the block, and the block is written in one go.
        let mut end = start + block.len();
        while asks != 0 {
            let place = asks.trailing_zeros() as usize;
            let (at, unit) = (start + place, &block[place]);
            let number = alphabet.number(alphabet.key(unit.wide()));
            let is_open = !is_settled && alphabet.number(unit.wide()) != 0;
            let is_weighed = is_open || channel::is_suspect(alphabet, text, at, number);
            if !is_weighed {
                asks &= asks - 1;
                match near(alone(unit)) {
                    Some(known) => new[place] = known,
                    None => {
                        sink.mapped(text, start, &new[..place]);
                        sink.map(text, at, alone(unit));
                        (start, end) = (at + 1, at + 1);
                        break;
                    }
                }
                continue;
            }
            let scratch = scratch.get_or_insert_with(|| Scratch::new(alphabet, passage));
            let island = scratch.weigh(text, floor, at);
            floor = island;
            let decide = |at: usize| scratch.decision(at).unwrap_or_else(|| alone(&text[at]));
            let mut done = at;
            while done < island.min(end) {
                let Some(known) = near(decide(done)) else {
                    break;
                };
                new[done - start] = known;
                done += 1;
            }
            if done < island {
                sink.mapped(text, start, &new[..done - start]);
                for at in done..island {
                    sink.map(text, at, decide(at));
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

/// Characters looked at together: as many as a word has bits.
const BLOCK: usize = 64;

/// What a table has for the characters of a block, and a bit for each, the first lowest, that is set
/// where it has nothing.
#[inline(always)]
fn look<T: CodeUnit>(table: &[u16; 0x1_0000], block: &[T], new: &mut [u16; BLOCK]) -> u64 {
    let mut asks = 0;
    for (at, (new, unit)) in new.iter_mut().zip(block).enumerate() {
        *new = table.get(unit.wide() as usize).copied().unwrap_or(0);
        asks |= u64::from(*new == 0) << at;
    }
    asks
}

/// A code point that a block has room for.
#[inline(always)]
fn near(code_point: u32) -> Option<u16> {
    u16::try_from(code_point).ok()
}

/// Whether a text is Cantonese.
pub fn is_cantonese<T: CodeUnit>(text: &[T]) -> bool {
    let marks = crate::tables::readings::readings().cantonese;
    text.iter()
        .any(|unit| unit.wide() > 0x5000 && marks.binary_search(&unit.wide()).is_ok())
}

/// Whether one character is a regional form of another.
pub fn is_form(old: u32, new: u32) -> bool {
    let alphabet = |region| Alphabet::of(region).alone(old);
    old != new
        && crate::tables::scripts::flags(old) & crate::tables::scripts::SIMPLIFIED == 0
        && (alphabet(Region::Taiwan) == new || alphabet(Region::HongKong) == new)
}
