//! The words all stages share: what was changed, where, and why.
//!
//! An [`Edit`] replaces a range of a text; a list of them, in order and disjoint, is the whole
//! account of a stage: [`replay`] makes the output from it. [`compose`] joins the accounts of two
//! stages that ran one after the other, so that a pipeline still answers for its *first* input.
//! Positions are code points of the text that the edits apply to.

use crate::text::{CodeUnit, Writer, Written};
use std::ops::Range;

/// Why a range was replaced. The names are public: they stand in reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Kind {
    /// repair: mojibake undone.
    Mojibake,
    /// clean: character references, `\uXXXX` and percent runs read.
    Escapes,
    /// clean: characters without ink, where none belong.
    Invisible,
    /// clean: radicals, compatibility forms and private use, written as ordinary characters.
    Ideographs,
    /// clean: pinyin that a mirror put behind characters.
    Gloss,
    /// clean: spaces between characters of one word.
    Spaces,
    /// clean: half-width punctuation in Chinese, full-width letters elsewhere.
    Width,
    /// clean: line breaks inside sentences.
    Lines,
    /// clean: doubled punctuation.
    Punctuation,
    /// clean: quotation marks of another region.
    Quotes,
    /// clean: characters that only look like the right ones.
    Lookalikes,
    /// clean: variation selectors.
    Variation,
    /// convert: a character or word of the other script.
    Script,
    /// convert: the form of a character that a region writes.
    Form,
    /// convert: the word that a region uses.
    Words,
}

impl Kind {
    /// All of them, in the order of the stages.
    pub const ALL: [Kind; 15] = [
        Kind::Mojibake,
        Kind::Escapes,
        Kind::Invisible,
        Kind::Ideographs,
        Kind::Gloss,
        Kind::Spaces,
        Kind::Width,
        Kind::Lines,
        Kind::Punctuation,
        Kind::Quotes,
        Kind::Lookalikes,
        Kind::Variation,
        Kind::Script,
        Kind::Form,
        Kind::Words,
    ];

    /// The name in reports; for clean, also the name of the step.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Mojibake => "mojibake",
            Kind::Escapes => "escapes",
            Kind::Invisible => "invisible",
            Kind::Ideographs => "ideographs",
            Kind::Gloss => "gloss",
            Kind::Spaces => "spaces",
            Kind::Width => "width",
            Kind::Lines => "lines",
            Kind::Punctuation => "punctuation",
            Kind::Quotes => "quotes",
            Kind::Lookalikes => "lookalikes",
            Kind::Variation => "variation",
            Kind::Script => "script",
            Kind::Form => "form",
            Kind::Words => "words",
        }
    }

    /// The stage that makes edits of this kind.
    pub fn stage(self) -> &'static str {
        match self {
            Kind::Mojibake => "repair",
            Kind::Script | Kind::Form | Kind::Words => "convert",
            _ => "clean",
        }
    }
}

/// The kinds of one edit: one, or several where stages changed the same place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Hash)]
pub struct Kinds(u32);

impl Kinds {
    /// Each kind, in the order of the stages.
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        Kind::ALL
            .into_iter()
            .filter(move |kind| self.0 & (1 << *kind as u8) != 0)
    }

    /// The kind, if it is one.
    pub fn only(self) -> Option<Kind> {
        let first = Kind::ALL.get(self.0.trailing_zeros() as usize)?;
        (self.0.count_ones() == 1).then_some(*first)
    }

    /// Both sets.
    pub fn union(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    /// Whether the kind is among them.
    pub fn contains(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u8) != 0
    }
}

impl From<Kind> for Kinds {
    fn from(kind: Kind) -> Kinds {
        Kinds(1 << kind as u8)
    }
}

/// A range of a text, and what stands there afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// First code point that is replaced.
    pub start: usize,
    /// One past the last; equal to `start` where something is put in.
    pub end: usize,
    /// What stands there afterwards, as code points.
    pub new: Box<[u32]>,
    /// Why.
    pub kinds: Kinds,
    /// Against what it was weighed, where it was.
    pub weighed: Option<Box<Weighed>>,
}

/// What an edit was weighed against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weighed {
    /// How likely what was written is, of all that may stand there, in thousandths.
    pub confidence: u16,
    /// What else may stand there, in place of all of the edit, the likeliest first.
    pub alternatives: Vec<Box<[u32]>>,
}

impl Edit {
    /// Replace `start..end` by `new`.
    pub fn new(start: usize, end: usize, new: impl Into<Box<[u32]>>, kind: Kind) -> Edit {
        Edit {
            start,
            end,
            new: new.into(),
            kinds: kind.into(),
            weighed: None,
        }
    }
}

/// A range that is damaged beyond repair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// First code point of it.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// What happened, as a sentence part: "GBK read as UTF-8".
    pub cause: &'static str,
}

/// The text after the edits.
///
/// # Panics
///
/// If the edits are out of order, overlap, or reach past the end: they belong to another text.
pub fn replay<T: CodeUnit>(text: &[T], edits: &[Edit]) -> Written<T> {
    let mut writer = Writer::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        writer.keep(&text[done..edit.start]);
        writer.extend(edit.new.iter().copied());
        done = edit.end;
    }
    writer.keep(&text[done..]);
    writer.finish()
}

/// The same, of a text that nobody else needs: in place, if all edits are as long as what they replace.
///
/// # Panics
///
/// As [`replay`] does.
pub fn rewrite<T: CodeUnit>(mut text: Vec<T>, edits: &[Edit]) -> Written<T> {
    let fits = |edit: &Edit| {
        let is_narrow = |code_point: &u32| T::narrow(*code_point).is_some();
        edit.new.len() == edit.end - edit.start && edit.new.iter().all(is_narrow)
    };
    if !edits.iter().all(fits) {
        return replay(&text, edits);
    }
    for edit in edits {
        for (old, new) in text[edit.start..edit.end].iter_mut().zip(&edit.new) {
            *old = T::cut(*new);
        }
    }
    Written::Narrow(text)
}

/// One account for two stages: `first` made `middle` of `input`, `second` goes on from `middle`.
///
/// Positions of the answer are those of `input`. Edits of the two stages that touch the same place
/// become one, with the kinds of both and as sure as the least sure; what ends as it began is left out.
pub fn compose<T: CodeUnit, M: CodeUnit>(
    input: &[T],
    first: &[Edit],
    middle: &[M],
    second: &[Edit],
) -> Vec<Edit> {
    let mut composed = Vec::with_capacity(first.len() + second.len());
    let mut images = images(first).peekable();
    let mut later = second.iter().peekable();
    // Position in the middle text minus position in the input, behind the clusters so far.
    let mut shift = 0_isize;
    while let Some(start) = earlier(
        images.peek().map(|image| image.start),
        later.peek().map(|edit| edit.start),
    ) {
        let mut cluster = Cluster::at(start);
        let input_start = start.wrapping_add_signed(-shift);
        loop {
            if let Some(image) = images.next_if(|image| cluster.meets(image.start, image.end)) {
                cluster.take(image.end, image.kinds, image.weighed);
                shift += image.grown;
            } else if let Some(edit) = later.next_if(|edit| cluster.meets(edit.start, edit.end)) {
                let unchanged = &middle[cluster.done..edit.start];
                cluster.new.extend(unchanged.iter().map(|unit| unit.wide()));
                cluster.new.extend_from_slice(&edit.new);
                cluster.done = edit.end;
                cluster.take(edit.end, edit.kinds, edit.weighed.as_deref());
            } else {
                break;
            }
        }
        let unchanged = &middle[cluster.done..cluster.end];
        cluster.new.extend(unchanged.iter().map(|unit| unit.wide()));
        let input_end = cluster.end.wrapping_add_signed(-shift);
        let old = input[input_start..input_end].iter().map(|unit| unit.wide());
        if !old.eq(cluster.new.iter().copied()) {
            composed.push(Edit {
                start: input_start,
                end: input_end,
                new: cluster.new.into(),
                kinds: cluster.kinds,
                weighed: cluster.weighed,
            });
        }
    }
    composed
}

/// Where an edit's new text lies in the text it made.
struct Image<'a> {
    start: usize,
    end: usize,
    /// Code points gained, or lost.
    grown: isize,
    kinds: Kinds,
    weighed: Option<&'a Weighed>,
}

fn images(edits: &[Edit]) -> impl Iterator<Item = Image<'_>> {
    edits.iter().scan(0_isize, |shift, edit| {
        let start = edit.start.wrapping_add_signed(*shift);
        let grown = edit.new.len() as isize - (edit.end - edit.start) as isize;
        *shift += grown;
        Some(Image {
            start,
            end: start + edit.new.len(),
            grown,
            kinds: edit.kinds,
            weighed: edit.weighed.as_deref(),
        })
    })
}

/// The way back from an edited text: for many ranges, each in the time of a binary search.
#[derive(Debug)]
pub struct Before<'a> {
    edits: &'a [Edit],
    /// Where each edit's new text lies, and how much longer the text is behind it.
    images: Vec<(Range<usize>, isize)>,
}

impl<'a> Before<'a> {
    /// The way back over edits, in order and disjoint.
    pub fn new(edits: &'a [Edit]) -> Self {
        let mut shift = 0;
        let images = images(edits).map(|image| {
            shift += image.grown;
            (image.start..image.end, shift)
        });
        Before {
            edits,
            images: images.collect(),
        }
    }

    /// The range of the input that a range of the edited text came from; an edit it cuts into is
    /// taken whole.
    pub fn range(&self, range: Range<usize>) -> Range<usize> {
        let reached = self
            .images
            .partition_point(|(image, _)| image.start < range.end);
        let passed = self
            .images
            .partition_point(|(image, _)| image.end <= range.start)
            .min(reached);
        let shift = |count: usize| count.checked_sub(1).map_or(0, |last| self.images[last].1);
        let start = match self.images.get(passed) {
            Some((image, _)) if image.start < range.start => self.edits[passed].start,
            _ => range.start.wrapping_add_signed(-shift(passed)),
        };
        let end = match reached
            .checked_sub(1)
            .map(|last| (last, &self.images[last].0))
        {
            Some((last, image)) if image.end > range.end => self.edits[last].end,
            _ => range.end.wrapping_add_signed(-shift(reached)),
        };
        start..end.max(start)
    }
}

/// [`Before::range`], for one.
pub fn range_before(edits: &[Edit], range: Range<usize>) -> Range<usize> {
    Before::new(edits).range(range)
}

fn earlier(a: Option<usize>, b: Option<usize>) -> Option<usize> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, other) => one.or(other),
    }
}

/// Edits of two stages that share a place in the text between them.
struct Cluster {
    start: usize,
    end: usize,
    /// How far the middle text has been copied to `new`.
    done: usize,
    new: Vec<u32>,
    kinds: Kinds,
    weighed: Option<Box<Weighed>>,
    empty: bool,
}

impl Cluster {
    fn at(start: usize) -> Cluster {
        Cluster {
            start,
            end: start,
            done: start,
            new: Vec::new(),
            kinds: Kinds::default(),
            weighed: None,
            empty: true,
        }
    }

    /// Whether `from..to` overlaps, or touches where one of the two has no width: kept apart, the
    /// order of such a pair would be lost.
    fn meets(&self, from: usize, to: usize) -> bool {
        if self.empty {
            return from == self.start;
        }
        from < self.end || (from == self.end && (from == to || self.start == self.end))
    }

    fn take(&mut self, to: usize, kinds: Kinds, weighed: Option<&Weighed>) {
        self.end = self.end.max(to);
        self.kinds = self.kinds.union(kinds);
        // What else may stand in a part of what is written says nothing of the whole.
        self.weighed = match (self.weighed.take(), weighed) {
            (None, Some(one)) if self.empty => Some(Box::new(one.clone())),
            (None, None) => None,
            (one, other) => {
                let each = one.as_deref().into_iter().chain(other);
                let confidence = each.map(|weighed| weighed.confidence).min();
                confidence.map(|confidence| {
                    Box::new(Weighed {
                        confidence,
                        alternatives: Vec::new(),
                    })
                })
            }
        };
        self.empty = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::widen;
    use proptest::prelude::*;

    /// Edits of a text of the given length, in order and disjoint.
    fn edits(length: usize) -> impl Strategy<Value = Vec<Edit>> {
        let cuts = prop::collection::vec((0..=length, 0..4_usize, 0..4_usize), 0..6);
        cuts.prop_map(move |mut cuts| {
            cuts.sort_unstable();
            let mut done = 0;
            let mut edits: Vec<Edit> = Vec::new();
            for (start, old, new) in cuts {
                let end = (start + old).min(length);
                let touches = edits.last().is_some_and(|last| last.end == start);
                if start < done || (old == 0 && new == 0) || touches {
                    continue;
                }
                let new: Vec<u32> = (0..new as u32).map(|k| 0x100 + k).collect();
                edits.push(Edit::new(start, end, new, Kind::Width));
                done = end;
            }
            edits
        })
    }

    fn two_stages() -> impl Strategy<Value = (Vec<u32>, Vec<Edit>, Vec<u32>, Vec<Edit>)> {
        prop::collection::vec(0..5_u32, 0..24)
            .prop_flat_map(|input| (edits(input.len()), Just(input)))
            .prop_flat_map(|(first, input)| {
                let middle = replay(&input, &first).to_wide();
                (edits(middle.len()), Just((input, first, middle)))
            })
            .prop_map(|(second, (input, first, middle))| (input, first, middle, second))
    }

    #[test]
    fn ranges_are_traced_back() {
        // ab[cde→X]fg[h→YZ]i: a b X f g Y Z i
        let edits = [
            Edit::new(2, 5, [88], Kind::Gloss),
            Edit::new(7, 8, [89, 90], Kind::Gloss),
        ];
        assert_eq!(range_before(&edits, 0..2), 0..2);
        assert_eq!(range_before(&edits, 2..3), 2..5);
        assert_eq!(range_before(&edits, 3..5), 5..7);
        assert_eq!(range_before(&edits, 6..7), 7..8);
        assert_eq!(range_before(&edits, 7..8), 8..9);
        assert_eq!(range_before(&edits, 0..8), 0..9);
    }

    /// [`Before::range`], edit by edit.
    fn range_before_slowly(edits: &[Edit], range: Range<usize>) -> Range<usize> {
        let (mut start, mut end) = (range.start, range.end);
        let mut shift = 0_isize;
        for (image, edit) in images(edits).zip(edits) {
            if image.start >= range.end {
                break;
            }
            shift += image.grown;
            if range.start >= image.end {
                start = range.start.wrapping_add_signed(-shift);
            } else {
                start = start.min(edit.start);
            }
            end = match range.end >= image.end {
                true => range.end.wrapping_add_signed(-shift),
                false => edit.end,
            };
        }
        start..end.max(start)
    }

    proptest! {
        #[test]
        fn the_way_back_is_the_slow_one((input, first, _, _) in two_stages(), start in 0..40_usize, length in 0..9_usize) {
            let made = replay(&input, &first).len();
            let range = start.min(made)..(start + length).min(made);
            let slowly = range_before_slowly(&first, range.clone());
            prop_assert_eq!(range_before(&first, range), slowly);
        }

        #[test]
        fn composed_edits_replay_to_the_output_of_the_second_stage(
            (input, first, middle, second) in two_stages()
        ) {
            let want = replay(&middle, &second).to_wide();
            let composed = compose(&input, &first, &middle, &second);
            prop_assert_eq!(replay(&input, &composed).to_wide(), want);
            for edit in &composed {
                prop_assert_ne!(&widen(&input[edit.start..edit.end])[..], &edit.new[..]);
            }
            for pair in composed.windows(2) {
                prop_assert!(pair[0].end <= pair[1].start);
            }
        }
    }
}
