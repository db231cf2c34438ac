//! Words of Simplified text that have a character left in Traditional: 特徵, 乾净.
//!
//! Comes in: text that is Simplified. Goes out: edits that write them as Simplified has them. Never: a
//! dictionary asked about a line that has no such character; another answer for what was answered, since the
//! dictionary has every word with any of its characters written already (`closed` in `data/dictionaries.py`).

use super::sink::{EditSink, Sink};
use super::{Place, Ready, opencc, run_apart};
use crate::edit::{Edit, Kind};
use crate::text::{CodeUnit, RUN};
use hanfix_trie::view::New;
use std::ops::Range;
use std::sync::OnceLock;

/// The words, and the characters of them that are not as Simplified text has them.
#[derive(Debug)]
pub(super) struct Left {
    words: Ready,
    /// One for each code point of the basic plane.
    marks: Box<[bool; 0x1_0000]>,
}

impl Left {
    /// What is embedded.
    pub(super) fn get() -> Option<&'static Left> {
        static LEFT: OnceLock<Option<Left>> = OnceLock::new();
        let left = LEFT.get_or_init(|| opencc::embedded("@left").map(Left::new));
        left.as_ref()
    }

    fn new(words: Ready) -> Left {
        let mut marks = Box::new([false; 0x1_0000]);
        let front = &words.0.front;
        for (key, value) in front.trie.keys() {
            let Some(New::Written(new)) = front.found(value, key.len()).map(|found| found.new)
            else {
                continue;
            };
            for (old, _) in key.iter().zip(new).filter(|(old, new)| old != new) {
                if let Some(mark) = marks.get_mut(*old as usize) {
                    *mark = true;
                }
            }
        }
        Left { words, marks }
    }

    #[inline(always)]
    fn is_marked(&self, code_point: u32) -> bool {
        self.marks
            .get(code_point as usize)
            .is_some_and(|mark| *mark)
    }

    /// The first line at or behind a place that has such a character.
    fn next_line<T: CodeUnit>(&self, text: &[T], from: usize) -> Option<Range<usize>> {
        let is_one = |unit: &T| self.is_marked(unit.wide());
        // No early way out of a run: a branch for each character took longer.
        let run = text[from..]
            .chunks(RUN)
            .position(|run| run.iter().fold(false, |any, unit| any | is_one(unit)))?;
        let near = from + run * RUN;
        let at = near + text[near..].iter().position(is_one)?;
        let ends = |unit: &T| unit.wide() == 0x0A;
        let start = text[from..at].iter().rposition(ends);
        let end = text[at..].iter().position(ends);
        Some(start.map_or(from, |end| from + end + 1)..end.map_or(text.len(), |end| at + end))
    }

    /// What is to be written in some places of a text, in order: most texts have little or nothing.
    pub(super) fn edits<T: CodeUnit>(&self, text: &[T], places: &[Place]) -> Vec<Edit> {
        let mut sink = EditSink::new(Kind::Script, Kind::Script);
        for Place { range, .. } in places {
            let (mut done, part) = (0, &text[range.clone()]);
            while let Some(line) = self.next_line(part, done) {
                let base = range.start + line.start;
                Sink::<T>::begin(&mut sink, base);
                run_apart(self.words, &part[line.clone()], base, &mut sink);
                done = line.end;
            }
        }
        sink.edits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::engine::{NoOverlay, run};
    use crate::convert::sink::TextSink;
    use crate::edit::replay;
    use crate::text::{from_str, to_string};
    use proptest::prelude::*;

    fn left(text: &str) -> String {
        let text = from_str(text);
        let whole = Place {
            range: 0..text.len(),
            was_converted: false,
        };
        let edits = Left::get().unwrap().edits(&text, &[whole]);
        to_string(&replay(&text, &edits).to_wide())
    }

    /// Stretches of the words, one after the other and over each other.
    fn words() -> impl Strategy<Value = String> {
        let keys = Left::get().unwrap().words.0.front.trie.keys();
        let keys: Vec<String> = keys.iter().map(|(key, _)| to_string(key)).collect();
        let part =
            (prop::sample::select(keys), 0..3_usize, 0..3_usize).prop_map(|(key, skip, drop)| {
                let length = key.chars().count();
                let length = length.saturating_sub(drop);
                key.chars()
                    .take(length)
                    .skip(skip.min(length))
                    .collect::<String>()
            });
        prop::collection::vec(prop_oneof![9 => part, 1 => Just("\n".to_owned())], 0..9)
            .prop_map(|parts| parts.concat())
    }

    proptest! {
        /// A second time nothing is left to do.
        #[test]
        fn what_was_written_stays(text in words()) {
            let once = left(&text);
            prop_assert_eq!(left(&once), once);
        }

        /// Lines that are passed over have nothing in them that the dictionary would change.
        #[test]
        fn no_line_is_passed_over_that_has_a_word(text in words()) {
            let units = from_str(&text);
            let (plan, engine) = Left::get().unwrap().words;
            let mut sink = TextSink::new(units.len());
            run(plan, engine, &NoOverlay, &units, &mut sink);
            let all = sink.finish().map_or_else(|| text.clone(), |new| to_string(&new.to_wide()));
            prop_assert_eq!(left(&text), all);
        }
    }
}
