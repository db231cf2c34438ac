//! One pass that says which steps could have anything to do.
//!
//! In: any text. Out: the classes of characters that occur, and in which runs of characters. Never a
//! decision: a step that is called for may still find nothing; one that is not would have found nothing.

use crate::edit::{Edit, Kind};
use crate::protect;
use crate::text::{CodeUnit, RUN, places_in};
use hanfix_trie::ids;

/// Classes of characters that occur in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen(u8);

const ESCAPE: u8 = 1; // & \ %, and what else than ( : marks protected text
const INVISIBLE: u8 = 2;
const IDEOGRAPH: u8 = 4; // radicals, compatibility, vertical and small forms, private use, description
const CLOSING: u8 = 8; // ), which ends a gloss
const NARROW_MARK: u8 = 16; // , . : ; ! ? ( )
const WIDE_ALNUM: u8 = 32; // full-width letters and digits
const SPACE: u8 = 64;
const HAN: u8 = 128;

/// The class of every code point of the first plane. Ideographs, most of Chinese text, are one.
static CLASS: [u8; 0x10000] = {
    let mut table = [0; 0x10000];
    let mut code_point = 0;
    while code_point < 0x10000 {
        table[code_point as usize] = class(code_point);
        code_point += 1;
    }
    table
};

const fn class(code_point: u32) -> u8 {
    match code_point {
        0x26 | 0x5C | 0x25 => ESCAPE,
        0x3C | 0x40 | 0x60 | 0x77 => ESCAPE,
        0x29 => CLOSING | NARROW_MARK,
        0x28 | 0x2C | 0x2E | 0x3A | 0x3B | 0x21 | 0x3F => NARROW_MARK,
        0x20 => SPACE,
        0x09 | 0x0A | 0x0D => 0,
        0x00..=0x1F | 0x7F..=0x9F | 0xAD | 0x200B..=0x200F | 0x202A..=0x202E => INVISIBLE,
        0x2060..=0x2064 | 0x2066..=0x206F | 0xFEFF | 0xFFF9..=0xFFFB => INVISIBLE,
        0x2E80..=0x2FD5 | 0xF900..=0xFAFF => IDEOGRAPH | HAN,
        0x2FF0..=0x2FFF => IDEOGRAPH,
        0xE000..=0xF8FF | 0xFE10..=0xFE19 | 0xFE30..=0xFE6B => IDEOGRAPH,
        0xFF10..=0xFF19 | 0xFF21..=0xFF3A | 0xFF41..=0xFF5A => WIDE_ALNUM,
        0x4E00..=0x9FFF | 0x3400..=0x4DBF | 0x3007 => HAN,
        _ => 0,
    }
}

/// Look at every character once.
pub fn scan<T: CodeUnit>(text: &[T]) -> Runs {
    Runs(text.chunks(RUN).map(of_run).collect())
}

/// The classes of the characters of a run.
fn of_run<T: CodeUnit>(run: &[T]) -> u8 {
    run.iter()
        .fold(0, |seen, unit| seen | class_of(unit.wide()))
}

/// The classes of each run of a text: steps pass over a run that has nothing for them.
pub struct Runs(Vec<u8>);

impl Runs {
    /// What [`scan`] would answer for the text after these edits: only what they changed or moved is looked at.
    pub fn after<T: CodeUnit>(mut self, edits: &[Edit], text: &[T]) -> Runs {
        let moves = |edit: &&Edit| edit.new.len() != edit.end - edit.start;
        let moved = edits
            .iter()
            .find(moves)
            .map_or(text.len(), |edit| edit.start)
            / RUN;
        self.0.truncate(moved);
        let rest = text[moved * RUN..].chunks(RUN);
        self.0.extend(rest.map(of_run));
        for edit in edits.iter().take_while(|edit| edit.start / RUN < moved) {
            let changed = edit.start / RUN..=edit.end.max(edit.start + 1).div_ceil(RUN) - 1;
            for run in changed.take_while(|run| *run < moved) {
                self.0[run] = of_run(&text[run * RUN..text.len().min((run + 1) * RUN)]);
            }
        }
        self
    }

    /// The classes that occur anywhere.
    pub fn seen(&self) -> Seen {
        Seen(self.0.iter().fold(0, |seen, run| seen | run))
    }

    /// Where characters stand that a step looks at.
    pub fn places<'a, T: CodeUnit>(
        &'a self,
        text: &'a [T],
        step: Kind,
    ) -> impl Iterator<Item = usize> + 'a {
        let class = looked_at_by(step);
        self.places_of(text, step, move |one| class_of(one) & class != 0)
    }

    /// The same for a step that looks at a few characters: compared, and not looked up, they are found several at a
    /// time.
    pub fn places_of<'a, T: CodeUnit>(
        &'a self,
        text: &'a [T],
        step: Kind,
        is_one: impl Fn(u32) -> bool + 'a,
    ) -> impl Iterator<Item = usize> + 'a {
        places_in(text, self.with(looked_at_by(step)), is_one)
    }

    /// Where characters stand that markup and addresses are known by.
    pub fn marks<'a, T: CodeUnit>(&'a self, text: &'a [T]) -> impl Iterator<Item = usize> + 'a {
        places_in(text, self.with(ESCAPE | NARROW_MARK), protect::is_mark)
    }

    /// Where characters are described by their parts.
    pub fn operators<'a, T: CodeUnit>(&'a self, text: &'a [T]) -> impl Iterator<Item = usize> + 'a {
        places_in(text, self.with(IDEOGRAPH), ids::is_operator)
    }

    /// The runs that have a character of one of these classes.
    fn with(&self, classes: u8) -> impl Iterator<Item = usize> {
        let runs = self.0.iter().enumerate();
        let runs = runs.filter(move |(_, seen)| **seen & classes != 0);
        runs.map(|(number, _)| number)
    }
}

/// The characters that a step begins with.
fn looked_at_by(step: Kind) -> u8 {
    match step {
        Kind::Escapes => ESCAPE,
        Kind::Ideographs => IDEOGRAPH,
        Kind::Gloss => CLOSING,
        Kind::Spaces => SPACE,
        Kind::Width => NARROW_MARK | WIDE_ALNUM,
        _ => u8::MAX,
    }
}

#[inline(always)]
fn class_of(code_point: u32) -> u8 {
    match CLASS.get(code_point as usize) {
        Some(class) => *class,
        None if (0x2F800..0x2FA20).contains(&code_point) => IDEOGRAPH | HAN,
        None => HAN,
    }
}

impl Seen {
    /// Whether the step could find anything.
    pub fn calls_for(self, step: Kind) -> bool {
        let has = |class| self.0 & class != 0;
        match step {
            Kind::Escapes => has(ESCAPE),
            Kind::Invisible => has(INVISIBLE) && has(HAN),
            Kind::Ideographs => has(IDEOGRAPH),
            Kind::Gloss => has(CLOSING) && has(HAN),
            Kind::Spaces => has(SPACE) && has(HAN),
            Kind::Width => (has(NARROW_MARK) && has(HAN)) || has(WIDE_ALNUM),
            // Asked for by name, and rare enough to look each time.
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::replay;
    use crate::text::from_str;
    use proptest::prelude::*;

    proptest! {
        /// What is kept of the runs before edits is what a look at the text after them finds.
        #[test]
        fn runs_follow_the_edits(
            text in "[一-丅 a,（）\n\u{200B}]{0,200}",
            places in prop::collection::btree_set(0_usize..200, 0..6),
            new in "[丁,，&]{0,3}",
        ) {
            let text = from_str(&text);
            let new = from_str(&new);
            let places = places.into_iter().filter(|at| *at < text.len());
            let edits: Vec<Edit> = places
                .map(|at| Edit::new(at, at + at % 2, &new[..new.len().min(1 + at % 3)], Kind::Width))
                .collect();
            let after = replay(&text, &edits).to_wide();
            prop_assert_eq!(scan(&text).after(&edits, &after).0, scan(&after).0);
        }
    }

    #[test]
    fn clean_chinese_calls_for_nothing() {
        let runs = scan(&from_str("这是一段干净的话，没有什么可做的。“是的”"));
        let seen = runs.seen();
        for step in [
            Kind::Escapes,
            Kind::Invisible,
            Kind::Gloss,
            Kind::Spaces,
            Kind::Width,
        ] {
            assert!(!seen.calls_for(step), "{step:?}");
        }
    }
}
