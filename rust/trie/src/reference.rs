//! The specification of a conversion, as slow code: a literal reading of a plan.
//!
//! Comes in: code points. Goes out: code points. Used while tables are compiled, to find what a step
//! makes of the result of the step before, and in tests, as the twin of the fast engine.

use crate::plan::{Group, Plan};
use crate::source::Dictionary;
use crate::{Error, ids};
use std::collections::BTreeMap;

/// The dictionaries by name.
pub type Library = BTreeMap<String, Dictionary>;

/// A group with its dictionaries at hand.
#[derive(Clone, Debug)]
pub enum Matcher<'a> {
    /// The longest key that the text begins with.
    One(&'a Dictionary, usize),
    /// The first member that has a match.
    First(Vec<Matcher<'a>>),
    /// The longest match of any member.
    Longest(Vec<Matcher<'a>>),
}

impl<'a> Matcher<'a> {
    /// Look the dictionaries of a group up.
    pub fn new(group: &Group, library: &'a Library) -> Result<Matcher<'a>, Error> {
        let all = |members: &[Group]| {
            let members = members.iter().map(|member| Matcher::new(member, library));
            members.collect::<Result<Vec<_>, _>>()
        };
        Ok(match group {
            Group::One(name) => {
                let dictionary = library
                    .get(name)
                    .ok_or_else(|| Error::new(format!("no dictionary named {name}")))?;
                let longest = dictionary.entries.keys().map(Vec::len).max();
                Matcher::One(dictionary, longest.unwrap_or(0))
            }
            Group::First(members) => Matcher::First(all(members)?),
            Group::Longest(members) => Matcher::Longest(all(members)?),
        })
    }

    /// How much of the beginning of `text` is a key, and what it becomes.
    pub fn find(&self, text: &[u32]) -> Option<(usize, &'a [u32])> {
        match self {
            Matcher::One(dictionary, longest) => {
                (1..=text.len().min(*longest)).rev().find_map(|length| {
                    Some((length, dictionary.entries.get(&text[..length])?.as_slice()))
                })
            }
            Matcher::First(members) => members.iter().find_map(|member| member.find(text)),
            Matcher::Longest(members) => {
                let found = members.iter().filter_map(|member| member.find(text));
                found.reduce(|best, next| if next.0 > best.0 { next } else { best })
            }
        }
    }

    /// One step: at every place the match, or else the character, or the description sequence.
    pub fn convert(&self, text: &[u32]) -> Vec<u32> {
        let mut output = Vec::with_capacity(text.len());
        let mut at = 0;
        while at < text.len() {
            if let Some((length, value)) = self.find(&text[at..]) {
                output.extend_from_slice(value);
                at += length;
            } else {
                let length = ids::length(|offset| text.get(at + offset).copied()).max(1);
                output.extend_from_slice(&text[at..at + length]);
                at += length;
            }
        }
        output
    }

    /// Where the text is cut: around every match; what lies between two matches is one segment.
    pub fn segments<'t>(&self, text: &'t [u32]) -> Vec<&'t [u32]> {
        let mut cuts = vec![];
        let (mut at, mut start) = (0, 0);
        while at < text.len() {
            if let Some((length, _)) = self.find(&text[at..]) {
                cuts.extend([&text[start..at], &text[at..at + length]]);
                at += length;
                start = at;
            } else {
                at += ids::length(|offset| text.get(at + offset).copied()).max(1);
            }
        }
        cuts.push(&text[start..]);
        cuts.retain(|segment| !segment.is_empty());
        cuts
    }
}

/// A whole plan.
#[derive(Clone, Debug)]
pub struct Reference<'a> {
    normalization: Vec<Matcher<'a>>,
    segmentation: Option<Matcher<'a>>,
    chain: Vec<Matcher<'a>>,
}

impl<'a> Reference<'a> {
    /// Look the dictionaries of a plan up.
    pub fn new(plan: &Plan, library: &'a Library) -> Result<Reference<'a>, Error> {
        let all = |groups: &[Group]| {
            let groups = groups.iter().map(|group| Matcher::new(group, library));
            groups.collect::<Result<Vec<_>, _>>()
        };
        Ok(Reference {
            normalization: all(&plan.normalization)?,
            segmentation: all(plan.segmentation.as_slice())?.pop(),
            chain: all(&plan.chain)?,
        })
    }

    /// The whole conversion.
    pub fn convert(&self, text: &[u32]) -> Vec<u32> {
        let normal = self
            .normalization
            .iter()
            .fold(text.to_vec(), |text, step| step.convert(&text));
        let segments = match &self.segmentation {
            Some(segmentation) => segmentation.segments(&normal),
            None => vec![&normal[..]],
        };
        let mut output = Vec::with_capacity(text.len());
        for segment in segments {
            let last = self
                .chain
                .iter()
                .fold(segment.to_vec(), |text, step| step.convert(&text));
            output.extend(last);
        }
        output
    }
}
