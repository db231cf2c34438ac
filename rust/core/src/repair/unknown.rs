//! Text misread in an encoding of one byte a character that is none of those that are tried.
//!
//! In: a line, and runs of it that one of them would repair. Out: whether a letter beside a run says that it was another
//! one. Never repairs: where one byte in ten is read as another, the Chinese that comes of it is as likely, and wrong.

use super::lattice::Run;
use crate::codec::Single;

/// Whether what a run is a part of has letters that the encoding lacks: `ı` of `ÕıÊ±` (正时 in cp1254) is none of cp1252's.
pub(super) fn leaves_letters(text: &[u32], runs: &[Run], single: &Single) -> bool {
    // The second byte of a pair may be ASCII from @ on.
    let is_part = |at: usize| (0x40..0x7F).contains(&text[at]) || is_of_one_byte(text[at]);
    let is_lacking = |at: usize| {
        let character = text[at];
        character >= 0x80 && !is_mark(character) && single.encode(character).is_none()
    };
    let mut done = 0;
    for run in runs {
        let before = (done..run.start).rev().take_while(|at| is_part(*at));
        let behind = (run.end..text.len()).take_while(|at| is_part(*at));
        if before.chain(behind.clone()).any(is_lacking) {
            return true;
        }
        done = run.end + behind.count();
    }
    false
}

/// Whether some encoding of one byte a character has this one: letters of Latin, Greek, Cyrillic, Hebrew, Arabic, Thai,
/// marks, and lines of boxes.
fn is_of_one_byte(character: u32) -> bool {
    matches!(character, 0x80..=0x6FF | 0xE00..=0xE7F | 0x1E00..=0x1EFF | 0x2000..=0x22FF | 0x2500..=0x25FF)
}

/// Marks stand beside words of any language.
fn is_mark(character: u32) -> bool {
    matches!(character, 0x2000..=0x22FF)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::single;
    use crate::text::from_str;

    fn leaves(text: &str, end: usize) -> bool {
        let text = from_str(text);
        let run = Run {
            start: 0,
            end,
            text: Vec::new(),
            gain: 0,
            lost: Vec::new(),
            guessed: 0,
            sure: 100,
        };
        leaves_letters(&text, &[run], single("cp1252"))
    }

    #[test]
    fn a_letter_that_joins_a_run_tells_and_one_elsewhere_does_not() {
        // 发动机的正时 in cp1254.
        assert!(leaves("·¢¶¯»úµÄÕıÊ±", 8));
        assert!(!leaves("·¢¶¯»úµÄ Łódź", 8));
        assert!(!leaves("·¢¶¯»úµÄ—正时", 8));
    }
}
