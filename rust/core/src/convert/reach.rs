//! What the keys of all steps of a plan look like in the text that the plan begins with.
//!
//! Comes in: a plan. Goes out: two or three characters for every way in which a key may begin, in
//! characters of the text. Never: a key left out, unless it is said that the later steps' keys are.
//!
//! A key of a later step stands in what the step before has written, so its characters are carried
//! back, each to all characters that become it. What an earlier step writes for a key of its own is
//! not of such characters; where a later key can begin before that and reach into it, the place is
//! found by the characters of both. Where segmentation comes first, no key reaches into or out of a
//! match of the front. What stands behind an operator of description sequences is not converted where the
//! sequence is whole, and is where a key takes the operator; so nothing is told of plans that write or match
//! operators after the front's segments, which none of OpenCC's does.

use hanfix_trie::ids::is_operator;
use hanfix_trie::view::{self, New, PlanView, Stage};
use std::collections::BTreeMap;

/// More than any dictionary of OpenCC's comes to (s2twp: 49,298), and little memory.
const MOST: usize = 1 << 20;

/// What a key begins with, in characters of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Begin {
    /// The first character.
    pub first: u32,
    /// The second.
    pub second: u32,
    /// The third; `None` if any will do.
    pub third: Option<u32>,
}

/// All beginnings, and true; or those of the front alone, and false.
pub fn begins(plan: &PlanView) -> (Vec<Begin>, bool) {
    let front = front(plan);
    let all = later(plan).map(|later| [&front[..], &later].concat());
    let has_all = all.is_some();
    (all.unwrap_or(front), has_all)
}

/// Those of the front's keys; of each only the first three characters are walked.
fn front(plan: &PlanView) -> Vec<Begin> {
    let trie = &plan.front.trie;
    let alphabet = trie.alphabet();
    let walks = |&(code_point, label): &(u32, u32)| {
        let entry = plan.entries.get(label as usize)?;
        entry.walks().then_some((entry.node, code_point))
    };
    let firsts: Vec<(u32, u32)> = alphabet.iter().filter_map(walks).collect();
    let pairs = trie.children(&firsts, &alphabet);
    let triples = trie.children(&pairs, &alphabet);
    let ends = pairs.iter().filter(|(node, _)| trie.value(*node).is_some());
    let begin = |(first, second), third| Begin {
        first,
        second,
        third,
    };
    let of_pairs = ends.map(|&(_, pair)| begin(pair, None));
    let of_triples = triples
        .iter()
        .map(|&(_, (pair, third))| begin(pair, Some(third)));
    of_pairs.chain(of_triples).collect()
}

/// Those of the later steps' keys, if they can be told.
fn later(plan: &PlanView) -> Option<Vec<Begin>> {
    if plan.rest.is_empty() {
        return Some(Vec::new());
    }
    if plan.rest.iter().any(has_operators) {
        return None;
    }
    // Without segments, what the front writes for a key of its own goes on into what follows.
    let back = Back::new(plan).filter(|_| plan.bounded)?;
    let mut found = Found::default();
    match plan.rest[..] {
        [second] => {
            for (key, _) in rules(&second) {
                found.key(&key, &back.of_front)?;
            }
        }
        [second, third] => {
            let (earlier, later) = (rules(&second), rules(&third));
            for (key, new) in &earlier {
                found.key(key, &back.of_front)?;
                if new.is_empty() {
                    return None;
                }
            }
            for (key, _) in &later {
                found.key(key, &back.of_second)?;
                for (reached, new) in &earlier {
                    found.reaching(key, reached, new, &back)?;
                }
            }
        }
        _ => return None,
    }
    Some(found.begins)
}

/// Whether a stage matches or writes an operator of description sequences.
fn has_operators(stage: &Stage) -> bool {
    let mut keys = stage.trie.keys().into_iter();
    keys.any(|(key, value)| {
        let writes = |found: view::Found<'_>| match found.new {
            New::Written(new) => new.iter().copied().any(is_operator),
            New::Charwise => false,
        };
        key.iter().copied().any(is_operator) || stage.found(value, key.len()).is_some_and(writes)
    })
}

/// What a stage does that is not of one character for one.
fn rules(stage: &Stage) -> Vec<(Vec<u32>, Vec<u32>)> {
    let rule = |(key, value): (Vec<u32>, u32)| {
        let new = match stage.found(value, key.len())?.new {
            New::Written(new) => new.to_vec(),
            New::Charwise => key.iter().map(|&old| stage.alone(old)).collect(),
        };
        (key.len() > 1 || new.len() != 1).then_some((key, new))
    };
    stage.trie.keys().into_iter().filter_map(rule).collect()
}

/// Which characters of the text become a character.
struct Back {
    of_front: BTreeMap<u32, Vec<u32>>,
    of_second: BTreeMap<u32, Vec<u32>>,
}

impl Back {
    /// `None` if the front makes several of one: they go on into what follows; or if it makes an operator, or
    /// something of one.
    fn new(plan: &PlanView) -> Option<Back> {
        let mut back = Back {
            of_front: BTreeMap::new(),
            of_second: BTreeMap::new(),
        };
        let stages = [&plan.front].into_iter().chain(&plan.rest);
        let mut olds: Vec<u32> = stages
            .flat_map(|stage| stage.trie.alphabet())
            .map(|(code_point, _)| code_point)
            .collect();
        olds.sort_unstable();
        olds.dedup();
        for old in olds {
            let front = one(&plan.front, old)?;
            if front != old && (is_operator(front) || is_operator(old)) {
                return None;
            }
            back.of_front.entry(front).or_default().push(old);
            let second = plan
                .rest
                .first()
                .map_or(Some(front), |second| one(second, front));
            // One that becomes several is a rule.
            if let Some(second) = second {
                back.of_second.entry(second).or_default().push(old);
            }
        }
        Some(back)
    }
}

/// What a stage makes of one character, if that is one.
fn one(stage: &Stage, old: u32) -> Option<u32> {
    match stage.find([old]).map(|found| found.new) {
        Some(New::Written(&[new])) => Some(new),
        Some(New::Written(_)) => None,
        Some(New::Charwise) | None => Some(old),
    }
}

#[derive(Default)]
struct Found {
    begins: Vec<Begin>,
}

impl Found {
    /// A key where its characters come from single ones.
    fn key(&mut self, key: &[u32], back: &BTreeMap<u32, Vec<u32>>) -> Option<()> {
        let of = |code_point| olds(back, code_point);
        match *key {
            [first, second] => self.all(of(first), of(second), None),
            [first, second, third, ..] => self.all(of(first), of(second), Some(of(third))),
            // One character has its own line in the entries.
            _ => Some(()),
        }
    }

    /// A key of the third step whose end is in what the second writes for another.
    fn reaching(&mut self, key: &[u32], reached: &[u32], new: &[u32], back: &Back) -> Option<()> {
        let before = |code_point| olds(&back.of_second, code_point);
        let inside = |code_point| olds(&back.of_front, code_point);
        let agree = |rest: &[u32]| rest.iter().zip(new).all(|(a, b)| a == b);
        if let [first, rest @ ..] = key
            && !rest.is_empty()
            && agree(rest)
        {
            let third = reached.get(1).map(|&second| inside(second));
            self.all(before(*first), inside(reached[0]), third)?;
        }
        if let [first, second, rest @ ..] = key
            && !rest.is_empty()
            && agree(rest)
        {
            self.all(before(*first), before(*second), Some(inside(reached[0])))?;
        }
        Some(())
    }

    fn all(&mut self, firsts: &[u32], seconds: &[u32], thirds: Option<&[u32]>) -> Option<()> {
        for &first in firsts {
            for &second in seconds {
                let of = |third| Begin {
                    first,
                    second,
                    third,
                };
                match thirds {
                    None => self.begins.push(of(None)),
                    Some(thirds) => {
                        self.begins
                            .extend(thirds.iter().map(|&third| of(Some(third))));
                    }
                }
                if self.begins.len() > MOST {
                    return None;
                }
            }
        }
        Some(())
    }
}

fn olds(back: &BTreeMap<u32, Vec<u32>>, code_point: u32) -> &[u32] {
    back.get(&code_point).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::dictionaries;

    /// Where it cannot be told, the engine stops wherever a later step may begin a key.
    #[test]
    fn it_is_told_of_every_plan_of_opencc() {
        let untold: Vec<&str> = dictionaries::names()
            .filter(|name| {
                let (_, plan) = dictionaries::plan(name).unwrap();
                !begins(plan).1
            })
            .collect();
        assert_eq!(untold, Vec::<&str>::new());
    }
}
