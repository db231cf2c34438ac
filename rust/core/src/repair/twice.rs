//! Latin signs that were encoded as UTF-8 twice or more: Ã‚Â£ is £.
//!
//! In: a line and a run of it that pairs of bytes would repair. Out: whether UTF-8 explains the run already. Never
//! repairs: what is of another language, `repair` shows to ftfy.

use super::lattice::Run;
use crate::codec::{Single, Step, StepEncoding, single};
use std::sync::LazyLock;

/// What the web reads as latin-1 is cp1252, and controls pass: so it has a byte for all that either shows.
static LATIN: LazyLock<&Single> = LazyLock::new(|| single("cp1252"));

/// Characters of the longest stretch that is looked at. Signs over three layers have 9 to 15; longer ones are words, whose
/// own gain tells. Without a limit, every run of a long line would read all of it.
const MOST: usize = 80;

/// Whether every stretch of a line that a run has a part of, and that is no ASCII, is UTF-8 over UTF-8, or UTF-8 of
/// three bytes a character at least (a byte order mark, U+FFFD). Two Latin letters may be an ideograph's two bytes,
/// and are UTF-8 once in thirty; chance makes no UTF-8 of UTF-8.
pub(super) fn explains(text: &[u32], run: &Run) -> bool {
    let byte = |at: usize| (text[at] >= 0x80).then(|| LATIN.encode(text[at])).flatten();
    if run.end - run.start > MOST {
        return false;
    }
    let before = (0..run.start).rev().take(MOST);
    let mut at = run.start - before.take_while(|at| byte(*at).is_some()).count();
    let mut stretches = 0;
    while at < run.end {
        let bytes: Vec<u8> = (at..text.len()).take(MOST).map_while(byte).collect();
        if bytes.is_empty() {
            if text[at] >= 0x80 {
                return false;
            }
            at += 1;
            continue;
        }
        at += bytes.len();
        stretches += 1;
        let Some(meant) = decoded(&bytes) else {
            return false;
        };
        let beneath: Option<Vec<u8>> = meant.iter().map(|one| LATIN.encode(*one)).collect();
        let is_long = meant.iter().all(|one| *one >= 0x800);
        if !is_long && beneath.and_then(|bytes| decoded(&bytes)).is_none() {
            return false;
        }
    }
    stretches > 0
}

/// What bytes are in UTF-8, if all of them are characters of several.
fn decoded(mut bytes: &[u8]) -> Option<Vec<u32>> {
    let mut characters = Vec::new();
    while !bytes.is_empty() {
        match StepEncoding::Utf8.step(bytes) {
            Step::Character(character, length) if length > 1 => {
                characters.push(character);
                bytes = &bytes[length..];
            }
            _ => return None,
        }
    }
    Some(characters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::from_str;

    fn is_explained(text: &str) -> bool {
        let text = from_str(text);
        let run = Run {
            start: 0,
            end: text.len(),
            text: Vec::new(),
            gain: 0,
            lost: Vec::new(),
            guessed: 0,
            sure: 100,
        };
        explains(&text, &run)
    }

    #[test]
    fn utf_8_twice_is_told_from_pairs() {
        for text in [
            "Ã‚Â£5",
            "Ãƒâ€šÃ‚Â£",
            "Ã¯Â»Â¿<?xml",
            "ï¿½ï¿½",
            "Ã¢Â\u{84}Â¢ Ã‚Â©",
        ] {
            assert!(is_explained(text), "{text}");
        }
        // 中文, 联通, one layer of two bytes, nothing at all.
        for text in ["ÖÐÎÄ", "ÁªÍ¨", "Ã©", "Ã‚Â£ ÖÐÎÄ", "ASCII"] {
            assert!(!is_explained(text), "{text}");
        }
    }
}
