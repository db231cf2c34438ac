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
    let mut scratch = Scratch::new(alphabet, passage);
    let (mut at, mut floor) = (0, 0);
    loop {
        at = sink.map_while(text, at, table);
        let Some(unit) = text.get(at) else {
            break;
        };
        let number = alphabet.number(alphabet.key(unit.wide()));
        let is_open = !is_settled && alphabet.number(unit.wide()) != 0;
        let is_weighed = is_open || channel::is_suspect(alphabet, text, at, number);
        if !is_weighed {
            sink.map(text, at, alone(unit));
            at += 1;
            continue;
        }
        let end = scratch.weigh(text, floor, at);
        for place in at..end {
            let new = match scratch.decision(place) {
                Some(new) => new,
                None => alone(&text[place]),
            };
            sink.map(text, place, new);
        }
        (at, floor) = (end, end);
    }
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
