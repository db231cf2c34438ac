//! Letters of one byte that were encoded as UTF-8 and read as pairs: 莽聨聥 is ç\u{8e}\u{8b}, and that is 王.
//!
//! In: a text, and the encoding that it was read in. Out: runs of it that are letters and signs of one-byte encodings
//! in UTF-8, and nothing else.
//! Never says that they were meant: they cost as much as the ideographs do, so no lattice finds them, and what lies
//! beneath has to tell.

use super::chains::Wrong;
use super::lattice::{Run, cost_behind};
use super::layers::is_narrow;
use crate::codec::{Step, StepEncoding};

/// Letters of a run at the least: two characters of Chinese in UTF-8, or in pairs of which one is a mark. Four ideographs
/// are UTF-8 of such letters by chance once in a billion.
const ENOUGH: usize = 4;

/// Runs that pairs of bytes hide, in order.
pub(super) fn runs(text: &[u32], before: u32, wrong: Wrong) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        // The first bytes in UTF-8 of letters and signs: most of other text ends here.
        let is_lead = |byte: &u8| matches!(byte, 0xC2..=0xD4 | 0xE2);
        let bytes = wrong.bytes(text[at]);
        if !bytes.is_some_and(|bytes| bytes.first().is_some_and(is_lead)) {
            at += 1;
            continue;
        }
        let (end, letters) = letters(text, at, wrong);
        if letters.len() >= ENOUGH {
            let last = at.checked_sub(1).map_or(before, |last| text[last]);
            let old = cost_behind(last, &text[at..end]) as i64;
            runs.push(Run {
                start: at,
                end,
                gain: old - cost_behind(last, &letters) as i64,
                text: letters,
                lost: Vec::new(),
                guessed: 0,
                sure: 100,
            });
        }
        at = end.max(at + 1);
    }
    runs
}

/// The letters that characters from a place on are, and where the last of these ends.
fn letters(text: &[u32], start: usize, wrong: Wrong) -> (usize, Vec<u32>) {
    let (mut pending, mut read): (Vec<u8>, Vec<u32>) = (Vec::new(), Vec::new());
    let (mut end, mut whole) = (start, 0);
    for (at, &character) in text.iter().enumerate().skip(start) {
        match wrong.bytes(character) {
            Some(bytes) if character >= 0x80 => pending.extend_from_slice(&bytes),
            _ => break,
        }
        let mut done = 0;
        while done < pending.len()
            && let Step::Character(character, length) = StepEncoding::Utf8.step(&pending[done..])
            && is_narrow(character)
        {
            read.push(character);
            done += length;
        }
        pending.drain(..done);
        match pending.len() {
            0 => (end, whole) = (at + 1, read.len()),
            // The rest of one that the next character has more of.
            1 | 2 if pending[0] >= 0xC2 => {}
            _ => break,
        }
    }
    read.truncate(whole);
    (end, read)
}
