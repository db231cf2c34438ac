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
mod context;
mod island;

#[cfg(test)]
mod twin;

use super::sink::Sink;
use crate::text::CodeUnit;
use alphabet::Alphabet;
pub use alphabet::Region;
use island::Scratch;

/// What a passage is known to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passage {
    /// It has characters of both scripts: what is right in Traditional may be meant so.
    pub mixed: bool,
    /// It is Cantonese.
    pub cantonese: bool,
}

/// Write a passage in Traditional.
pub fn run<T: CodeUnit>(region: Region, passage: Passage, text: &[T], sink: &mut impl Sink<T>) {
    let alphabet = Alphabet::of(region);
    let mut scratch = Scratch::new(alphabet, passage);
    let (mut at, mut floor) = (0, 0);
    loop {
        at = sink.map_while(text, at, &alphabet.direct);
        let Some(unit) = text.get(at) else {
            break;
        };
        if alphabet.number(unit.wide()) == 0 {
            sink.map(text, at, alphabet.alone(unit.wide()));
            at += 1;
            continue;
        }
        let end = scratch.weigh(text, floor, at);
        for place in at..end {
            let new = match scratch.decision(place) {
                Some(new) => new,
                None => alphabet.alone(text[place].wide()),
            };
            sink.map(text, place, new);
        }
        (at, floor) = (end, end);
    }
}

/// Write the region's forms of a passage that is Traditional already; open characters stay.
pub fn forms<T: CodeUnit>(region: Region, text: &[T], sink: &mut impl Sink<T>) {
    let alphabet = Alphabet::of(region);
    let mut at = 0;
    loop {
        at = sink.map_while(text, at, &alphabet.direct);
        let Some(unit) = text.get(at) else {
            break;
        };
        sink.map(text, at, alphabet.alone(unit.wide()));
        at += 1;
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
