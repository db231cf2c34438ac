//! Compiled tables, read where they lie.
//!
//! Comes in: words as [`compile`](crate::compile) wrote them, embedded or made at run time. Goes out:
//! views. Never: a copy, a panic or an index out of bounds, whatever the words say; sections are cut
//! to size once, when a plan is looked up, and every probe is checked.
//!
//! `data/FORMAT.md` has the layout, word by word.

use crate::Error;
use crate::trie::{Cell, NO_NODE, Trie};
use bytemuck::{Pod, Zeroable};

/// "HFDT", little-endian: words of another byte order, or another file, are refused.
pub const MAGIC: u32 = u32::from_le_bytes(*b"HFDT");
/// Layouts that this code reads.
pub const VERSION: u32 = 1;

pub(crate) const HEADER_WORDS: usize = 4;
pub(crate) const STAGE_HEADER_WORDS: usize = 8;
pub(crate) const PLAN_HEADER_WORDS: usize = 9;

/// In a trie's number: each code point is replaced by itself alone; flags are in the number.
pub(crate) const CHARWISE: u32 = 1 << 29;
pub(crate) const CHARWISE_CLOSED: u32 = 1 << 8;
pub(crate) const LENGTH_BITS: u32 = 12;
pub(crate) const OUTCOME_CLOSED: u32 = 1 << 31;
/// Plans with later steps that may share a stage: bits for them in an outcome.
pub(crate) const MASK_BITS: u32 = 7;

/// In a plan's mask: what is closed is a segment.
pub(crate) const PLAN_BOUNDED: u32 = 1 << 31;

/// A match that is written out in full.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct Outcome {
    pub(crate) offset: u32,
    /// Length written (12 bits), length matched (12), mask (7), closed (1).
    pub(crate) packed: u32,
}

/// What a plan does with a character that no longer key begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Entry {
    packed: u32,
    /// The character's node, if longer keys begin with it; else [`NO_NODE`].
    pub node: u32,
}

impl Entry {
    const CASCADE: u32 = 1 << 30;
    const WALK: u32 = 1 << 29;
    const SEVERAL: u32 = 1 << 28;

    /// `new` is `None` if the character becomes none or several, or begins a description sequence.
    pub(crate) fn new(old: u32, new: Option<u32>, depends: bool, node: Option<u32>) -> Entry {
        let several = if new.is_none() { Entry::SEVERAL } else { 0 };
        let cascade = if depends || new.is_none() {
            Entry::CASCADE
        } else {
            0
        };
        let new = new.unwrap_or(old);
        let walk = if node.is_some() { Entry::WALK } else { 0 };
        Entry {
            packed: new | cascade | walk | several,
            node: node.unwrap_or(NO_NODE),
        }
    }

    /// What becomes of the character at the end of the whole chain if nothing else is there; itself
    /// where that is not one character.
    #[inline(always)]
    pub fn new_code_point(self) -> u32 {
        self.packed & 0x1F_FFFF
    }

    /// What becomes of the character is not one character, or it begins a description sequence.
    #[inline(always)]
    pub fn is_several(self) -> bool {
        self.packed & Entry::SEVERAL != 0
    }

    /// Longer keys begin with the character.
    #[inline(always)]
    pub fn walks(self) -> bool {
        self.packed & Entry::WALK != 0
    }

    /// What becomes of the character depends on what follows it in a later step, or it begins a
    /// description sequence, or becomes none or several.
    #[inline(always)]
    pub fn cascades(self) -> bool {
        self.packed & Entry::CASCADE != 0
    }
}

/// What a match is replaced by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum New<'a> {
    /// Every code point by what it is replaced by alone.
    Charwise,
    /// These code points.
    Written(&'a [u32]),
}

/// A match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found<'a> {
    /// Code points matched.
    pub length: usize,
    /// It is a segment of its own: no later match reaches across its ends.
    pub closed: bool,
    /// Bits of the plans whose later steps make something else of it.
    pub mask: u32,
    /// What it is replaced by.
    pub new: New<'a>,
}

/// One step's dictionaries, merged: what wins is decided beforehand.
#[derive(Clone, Copy, Debug)]
pub struct Stage<'a> {
    /// Keys.
    pub trie: Trie<'a>,
    outcomes: &'a [Outcome],
    pool: &'a [u32],
}

impl<'a> Stage<'a> {
    /// What a trie's number stands for, when `depth` code points were matched.
    #[inline(always)]
    pub fn found(&self, value: u32, depth: usize) -> Option<Found<'a>> {
        if value & CHARWISE != 0 {
            return Some(Found {
                length: depth,
                closed: value & CHARWISE_CLOSED != 0,
                mask: value & ((1 << MASK_BITS) - 1),
                new: New::Charwise,
            });
        }
        let outcome = self.outcomes.get(value as usize)?;
        let length_of = |shift: u32| (outcome.packed >> shift & ((1 << LENGTH_BITS) - 1)) as usize;
        let start = outcome.offset as usize;
        let new = self.pool.get(start..start.checked_add(length_of(0))?)?;
        Some(Found {
            length: length_of(LENGTH_BITS).clamp(1, depth.max(1)),
            closed: outcome.packed & OUTCOME_CLOSED != 0,
            mask: outcome.packed >> (2 * LENGTH_BITS) & ((1 << MASK_BITS) - 1),
            new: New::Written(new),
        })
    }

    /// The match at the beginning of the code points, if there is one.
    pub fn find(&self, code_points: impl IntoIterator<Item = u32>) -> Option<Found<'a>> {
        let (depth, value) = self.trie.longest(code_points)?;
        self.found(value, depth)
    }

    /// What this step makes of a character alone, where that is one character.
    pub fn alone(&self, code_point: u32) -> u32 {
        match self.find([code_point]) {
            Some(Found {
                new: New::Written(&[new]),
                ..
            }) => new,
            _ => code_point,
        }
    }
}

/// A plan with its parts at hand.
#[derive(Clone, Debug)]
pub struct PlanView<'a> {
    /// Passes over the whole text before all else.
    pub normalization: Vec<PlanView<'a>>,
    /// Segmentation and first step, in one.
    pub front: Stage<'a>,
    /// By the front trie's label; the first is for what has none.
    pub entries: &'a [Entry],
    /// Later steps.
    pub rest: Vec<Stage<'a>>,
    /// This plan's bit in the front's masks; 0 without later steps.
    pub mask: u32,
    /// A closed match is a segment of its own; otherwise later steps see the text as a whole.
    pub bounded: bool,
    /// The least code point that any key begins with: text below it stays as it is.
    pub least: u32,
    /// The greatest code point up to U+FFFF that a key of the front begins with.
    pub greatest_near: u32,
}

/// All plans of one run of words.
#[derive(Clone, Copy, Debug)]
pub struct Bundle<'a> {
    words: &'a [u32],
    stages: u32,
    plans: u32,
}

impl<'a> Bundle<'a> {
    /// Read the header.
    pub fn new(words: &'a [u32]) -> Result<Bundle<'a>, Error> {
        match words {
            [MAGIC, VERSION, stages, plans, ..] => Ok(Bundle {
                words,
                stages: *stages,
                plans: *plans,
            }),
            _ => Err(Error::new("not a table of this version")),
        }
    }

    /// Look a plan up by name.
    pub fn plan(&self, name: &str) -> Option<PlanView<'a>> {
        let name = name_words(name)?;
        (0..self.plans).find_map(|number| {
            let section = self.section(self.stages.checked_add(number)?)?;
            (section.get(..2)? == name).then(|| self.plan_at(number, 0))?
        })
    }

    /// The names of the plans, in order; those that only others refer to have none.
    pub fn names(&self) -> Vec<String> {
        let sections = (0..self.plans).filter_map(|number| self.section(self.stages + number));
        let names = sections.filter_map(|section| {
            let bytes: &[u8] = bytemuck::cast_slice(section.get(..2)?);
            Some(
                String::from_utf8_lossy(bytes)
                    .trim_end_matches('\0')
                    .to_owned(),
            )
        });
        names.filter(|name| !name.is_empty()).collect()
    }

    fn section(&self, number: u32) -> Option<&'a [u32]> {
        let at = HEADER_WORDS + 2 * number as usize;
        let &[start, length] = self.words.get(at..at + 2)? else {
            return None;
        };
        let start = start as usize;
        self.words.get(start..start.checked_add(length as usize)?)
    }

    fn plan_at(&self, number: u32, depth: usize) -> Option<PlanView<'a>> {
        if number >= self.plans || depth > 1 {
            return None;
        }
        let section = self.section(self.stages + number)?;
        let &[_, _, least, near, mask, front, normalization, rest, entries] =
            section.get(..PLAN_HEADER_WORDS)?
        else {
            return None;
        };
        let mut parts = Parts(&section[PLAN_HEADER_WORDS..]);
        let normalization = parts.take(normalization as usize)?;
        let rest = parts.take(rest as usize)?;
        let entries = bytemuck::cast_slice(parts.take((entries as usize).checked_mul(2)?)?);
        Some(PlanView {
            normalization: normalization
                .iter()
                .map(|&number| self.plan_at(number, depth + 1))
                .collect::<Option<_>>()?,
            front: self.stage(front)?,
            entries,
            rest: rest
                .iter()
                .map(|&number| self.stage(number))
                .collect::<Option<_>>()?,
            mask: mask & !PLAN_BOUNDED,
            bounded: mask & PLAN_BOUNDED != 0,
            least,
            greatest_near: near,
        })
    }

    fn stage(&self, number: u32) -> Option<Stage<'a>> {
        if number >= self.stages {
            return None;
        }
        let section = self.section(number)?;
        let &[index, pages, cells, outcomes, pool, root, ..] = section.get(..STAGE_HEADER_WORDS)?
        else {
            return None;
        };
        let mut parts = Parts(&section[STAGE_HEADER_WORDS..]);
        let index = bytemuck::cast_slice(parts.take(index as usize)?);
        let pages = bytemuck::cast_slice(parts.take(pages as usize)?);
        let cells: &[Cell] = bytemuck::cast_slice(parts.take((cells as usize).checked_mul(2)?)?);
        let outcomes = bytemuck::cast_slice(parts.take((outcomes as usize).checked_mul(2)?)?);
        let pool = parts.take(pool as usize)?;
        Some(Stage {
            trie: Trie::new(index, pages, cells, root),
            outcomes,
            pool,
        })
    }
}

/// What is left of a section.
struct Parts<'a>(&'a [u32]);

impl<'a> Parts<'a> {
    fn take(&mut self, words: usize) -> Option<&'a [u32]> {
        let (taken, rest) = self.0.split_at_checked(words)?;
        self.0 = rest;
        Some(taken)
    }
}

/// A plan's name as it stands in its section.
pub(crate) fn name_words(name: &str) -> Option<[u32; 2]> {
    let bytes = name.as_bytes();
    if bytes.len() > 8 || !name.is_ascii() {
        return None;
    }
    let mut padded = [0; 8];
    padded[..bytes.len()].copy_from_slice(bytes);
    let word = |at: usize| {
        u32::from_ne_bytes([padded[at], padded[at + 1], padded[at + 2], padded[at + 3]])
    };
    Some([word(0), word(4)])
}
