//! Which lines of a text are Cantonese.
//!
//! Comes in: a text. Goes out: stretches of whole lines, in order and to the end of the text, and whether each is
//! Cantonese. Never: a line that a word in another line decides, unless half of the text is Cantonese by itself.
//!
//! A line is known by characters that only Cantonese writes (嘅, 咗, 唔). Of the lines of the Hong Kong Cantonese Corpus
//! 28 in 100 have none, so what is mostly Cantonese is Cantonese throughout: subtitles have many a 係呀. In a newspaper
//! one quotation decides its own line alone: read as Cantonese, 每年只 was 每年隻.

use super::passages::Few;
use crate::tables::readings::readings;
use crate::text::{CodeUnit, is_han};
use smallvec::smallvec;
use std::ops::Range;

/// A line has one such character among so many ideographs at least: in written Chinese a long line may quote some, and
/// of the lines of the corpus and of Common Voice that have any, none has fewer (benchmarks/cantonese.py).
const AMONG: usize = 64;

/// Lines one after the other that are Cantonese, or that are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    /// Where it ends.
    pub(super) end: usize,
    pub(super) is_cantonese: bool,
}

/// The stretches of a text; one, of which nobody has said that it is Cantonese, where that makes no difference.
pub(super) fn stretches<T: CodeUnit>(text: &[T], is_asked: bool) -> Few<Stretch> {
    let all = |is_cantonese| {
        let end = text.len();
        smallvec![Stretch { end, is_cantonese }]
    };
    let is_mark = |unit: &&T| readings().is_cantonese(unit.wide());
    if !is_asked || !text.iter().any(|unit| is_mark(&unit)) {
        return all(false);
    }
    let mut found: Few<Stretch> = Few::new();
    let (mut end, mut cantonese, mut ideographs) = (0, 0, 0);
    for line in text.split_inclusive(|unit| unit.wide() == 0x0A) {
        end += line.len();
        let of_line = line.iter().filter(|unit| is_han(unit.wide())).count();
        let marks = line.iter().filter(is_mark).count();
        let is_cantonese = marks > 0 && marks * AMONG >= of_line;
        ideographs += of_line;
        cantonese += if is_cantonese { of_line } else { 0 };
        match found.last_mut() {
            Some(last) if last.is_cantonese == is_cantonese => last.end = end,
            _ => found.push(Stretch { end, is_cantonese }),
        }
    }
    match 2 * cantonese >= ideographs {
        true => all(true),
        false => found,
    }
}

/// The parts of a range that lie in different stretches, in order.
pub(super) fn parts(
    stretches: &[Stretch],
    range: Range<usize>,
) -> impl Iterator<Item = (Range<usize>, bool)> + '_ {
    let first = stretches.partition_point(|stretch| stretch.end <= range.start);
    let mut start = range.start;
    stretches[first..].iter().map_while(move |stretch| {
        let end = stretch.end.min(range.end);
        let part = start..end;
        start = end;
        (!part.is_empty()).then_some((part, stretch.is_cantonese))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::from_str;
    use proptest::prelude::*;

    fn told(text: &str) -> Vec<bool> {
        let text = from_str(text);
        let found = stretches(&text, true);
        let lines = text.split_inclusive(|&unit| unit == 0x0A);
        let mut at = 0;
        let flags = lines.map(|line| {
            let (_, flag) = parts(&found, at..at + line.len()).next().expect("a line");
            at += line.len();
            flag
        });
        flags.collect()
    }

    #[test]
    fn a_quotation_decides_its_own_line() {
        assert_eq!(
            told("佢話唔得\n每年只有一次\n還有很多別的事情"),
            [true, false, false]
        );
    }

    #[test]
    fn what_is_mostly_cantonese_is_cantonese() {
        assert_eq!(told("佢话唔得㗎\n系呀\n系咪呀"), [true, true, true]);
    }

    #[test]
    fn a_long_line_may_quote_one() {
        let line = format!("他說「唔該」。{}", "每年只有一次".repeat(20));
        assert_eq!(told(&line), [false]);
    }

    proptest! {
        #[test]
        fn parts_cover_a_range(text in "[唔人\\n]{0,30}", ends in any::<[prop::sample::Index; 2]>()) {
            let text = from_str(&text);
            let mut ends = ends.map(|end| end.index(text.len() + 1));
            ends.sort_unstable();
            let found = stretches(&text, true);
            let mut at = ends[0];
            for (part, _) in parts(&found, ends[0]..ends[1]) {
                prop_assert_eq!(part.start, at);
                at = part.end;
            }
            prop_assert_eq!(at, ends[1]);
        }
    }
}
