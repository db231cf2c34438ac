//! The way of the package opencc-python-reimplemented: the longest match anywhere comes first.
//!
//! Comes in: a text, and for every step a list of dictionaries. Goes out: the text. Never: a match
//! across a separator, of which that package has a fixed list.
//!
//! Where OpenCC goes from left to right, that package takes the longest match of the whole piece (of
//! equals, the first), and goes on with what is left of it on both sides; a later dictionary of a
//! step sees only what the earlier ones left. A step begins again with the joined result of the one
//! before. Its segmentation is never used.

use crate::text::CodeUnit;
use hanfix_trie::Error;
use hanfix_trie::compile::compile;
use hanfix_trie::plan::{Group, Plan};
use hanfix_trie::reference::Library;
use hanfix_trie::trie::NO_NODE;
use hanfix_trie::view::{Bundle, New, Stage};
use std::collections::BTreeMap;

/// Compiled dictionaries, and the order of their use.
#[derive(Clone, Debug)]
pub struct Longest {
    words: Vec<u32>,
    /// The names of the dictionaries of every step.
    steps: Vec<Vec<String>>,
}

impl Longest {
    /// Compile the dictionaries of a plan.
    pub fn new(plan: &Plan, library: &Library) -> Result<Longest, Error> {
        let steps: Vec<Vec<&str>> = plan.chain.iter().map(Group::names).collect();
        let names: BTreeMap<&str, String> = steps
            .iter()
            .flatten()
            .zip(0..)
            .map(|(name, number)| (*name, format!("{number}")))
            .collect();
        let one = |(name, short): (&&str, &String)| Plan {
            name: short.clone(),
            normalization: Vec::new(),
            segmentation: None,
            chain: vec![Group::One((*name).to_owned())],
        };
        let plans: Vec<Plan> = names.iter().map(one).collect();
        let words = compile(&plans, library)?;
        let steps = steps
            .iter()
            .map(|step| step.iter().map(|name| names[name].clone()).collect())
            .collect();
        Ok(Longest { words, steps })
    }

    /// The text after all steps, if it is another.
    pub fn convert<T: CodeUnit>(&self, text: &[T]) -> Option<Vec<u32>> {
        let bundle = Bundle::new(&self.words).ok()?;
        let stage = |name: &String| bundle.plan(name).map(|plan| plan.front);
        let steps: Vec<Vec<Stage>> = self
            .steps
            .iter()
            .map(|names| names.iter().filter_map(stage).collect())
            .collect();
        let mut output = Vec::with_capacity(text.len());
        let mut at = 0;
        while at < text.len() {
            let apart = is_separator(text[at].wide());
            let same = |unit: &&T| is_separator(unit.wide()) == apart;
            let length = text[at..].iter().take_while(same).count();
            let piece: Vec<u32> = text[at..at + length]
                .iter()
                .map(|unit| unit.wide())
                .collect();
            if apart {
                output.extend(piece);
            } else {
                output.extend(steps.iter().fold(piece, |piece, step| step_on(step, piece)));
            }
            at += length;
        }
        let same =
            output.len() == text.len() && text.iter().zip(&output).all(|(a, b)| a.wide() == *b);
        (!same).then_some(output)
    }
}

/// A match that may be taken.
struct Candidate<'a> {
    start: usize,
    length: usize,
    new: New<'a>,
}

fn step_on(step: &[Stage], piece: Vec<u32>) -> Vec<u32> {
    // At the start of every match taken: what it becomes. All of its places are taken.
    let mut taken = vec![false; piece.len()];
    let mut becomes: BTreeMap<usize, (usize, Vec<u32>)> = BTreeMap::new();
    for stage in step {
        let mut found = candidates(stage, &piece, &taken);
        found.sort_by_key(|candidate| (std::cmp::Reverse(candidate.length), candidate.start));
        for Candidate { start, length, new } in found {
            let range = start..start + length;
            if taken[range.clone()].contains(&true) {
                continue;
            }
            taken[range.clone()].fill(true);
            let new = match new {
                New::Written(new) => new.to_vec(),
                New::Charwise => piece[range].iter().map(|&old| stage.alone(old)).collect(),
            };
            becomes.insert(start, (length, new));
        }
    }
    let mut output = Vec::with_capacity(piece.len());
    let mut done = 0;
    for (start, (length, new)) in becomes {
        output.extend_from_slice(&piece[done..start]);
        output.extend(new);
        done = start + length;
    }
    output.extend_from_slice(&piece[done..]);
    output
}

/// Every key at every place that is not taken.
fn candidates<'a>(stage: &Stage<'a>, piece: &[u32], taken: &[bool]) -> Vec<Candidate<'a>> {
    let mut found = Vec::new();
    for start in 0..piece.len() {
        let mut word = stage.trie.root();
        for at in start..piece.len() {
            word = stage.trie.child(word, stage.trie.label(piece[at]));
            if word == NO_NODE || taken[at] {
                break;
            }
            let depth = at + 1 - start;
            let value = stage
                .trie
                .value(word)
                .and_then(|value| stage.found(value, depth));
            found.extend(value.map(|match_| Candidate {
                start,
                length: depth,
                new: match_.new,
            }));
        }
    }
    found
}

/// What that package splits a text at: white space as Python's `\s` has it, and its list of marks.
fn is_separator(code_point: u32) -> bool {
    let Some(character) = char::from_u32(code_point) else {
        return false;
    };
    matches!(character,
        '\t'..='\r' | '\x1C'..='\x20' | '\u{85}' | '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}'
        | '\u{2028}' | '\u{2029}' | '\u{202F}' | '\u{205F}' | '\u{3000}')
        || "-,.?!*，。、；：？！…“”‘’『』「」﹁﹂—－（）《》〈〉～．／＼︒︑︔︓︿﹀︹︺︙︐［﹇］﹈︕︖︰︳︴︽︾︵︶｛︷｝︸﹃﹄【︻】︼"
            .contains(character)
}
