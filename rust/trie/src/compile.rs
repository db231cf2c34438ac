//! Plans and dictionaries made into words.
//!
//! Comes in: plans and the dictionaries they name. Goes out: words for a [`Bundle`](crate::view::Bundle).
//! Never: other words for the same input.
//!
//! What is decided here once is not asked again for every text: which dictionary of a group wins,
//! what the first step makes of a segment, whether later steps change it, and what becomes of a
//! character that nothing around it can matter to.

use crate::plan::{Group, Plan};
use crate::reference::{Library, Matcher};
use crate::trie::{self, NO_NODE};
use crate::view::{self, Entry, Outcome, STAGE_HEADER_WORDS};
use crate::{Error, ids};
use std::collections::{BTreeMap, BTreeSet};

/// What a key stands for: how much of it is matched, what that becomes, whether it is a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Resolved {
    length: usize,
    new: Vec<u32>,
    closed: bool,
}

/// A step as a map: the longest key that the text begins with says everything.
type Step = BTreeMap<Vec<u32>, Resolved>;

/// Longest chain; OpenCC's have at most three steps.
const MAX_STEPS: usize = 32;

/// Compile plans; the words hold every dictionary once.
pub fn compile(plans: &[Plan], library: &Library) -> Result<Vec<u32>, Error> {
    let mut bundle = Bundle::default();
    for plan in plans {
        if plan.chain.len() > MAX_STEPS || plan.normalization.len() > MAX_STEPS {
            return Err(Error::new(format!(
                "{}: more than {MAX_STEPS} steps",
                plan.name
            )));
        }
        bundle.add(plan, library)?;
    }
    bundle.pack()
}

#[derive(Default)]
struct Bundle {
    stages: Vec<Step>,
    plans: Vec<Compiled>,
}

struct Compiled {
    name: [u32; 2],
    normalization: Vec<usize>,
    front: usize,
    rest: Vec<usize>,
    /// Whether segmentation came first, so that what is closed stays so.
    bounded: bool,
    /// Bit in the front's masks, once it is given out.
    bit: Option<u32>,
}

impl Bundle {
    fn add(&mut self, plan: &Plan, library: &Library) -> Result<(), Error> {
        let name = view::name_words(&plan.name).ok_or_else(|| {
            Error::new(format!(
                "{}: not a name of at most 8 ASCII characters",
                plan.name
            ))
        })?;
        let mut normalization = Vec::new();
        for group in &plan.normalization {
            let front = self.stage(resolve(group, library)?);
            normalization.push(self.plan(Compiled {
                name: [0; 2],
                normalization: Vec::new(),
                front,
                rest: Vec::new(),
                bounded: false,
                bit: None,
            }));
        }
        let (front, rest) = front(plan, library)?;
        let front = self.stage(front);
        let rest = rest
            .iter()
            .map(|group| Ok(self.stage(resolve(group, library)?)));
        let rest = rest.collect::<Result<Vec<_>, Error>>()?;
        let bounded = plan.segmentation.is_some();
        self.plans.push(Compiled {
            name,
            normalization,
            front,
            rest,
            bounded,
            bit: None,
        });
        Ok(())
    }

    fn stage(&mut self, step: Step) -> usize {
        if let Some(at) = self.stages.iter().position(|other| *other == step) {
            return at;
        }
        self.stages.push(step);
        self.stages.len() - 1
    }

    /// A nameless plan, once.
    fn plan(&mut self, plan: Compiled) -> usize {
        let same = |other: &Compiled| other.name == [0; 2] && other.front == plan.front;
        if let Some(at) = self.plans.iter().position(same) {
            return at;
        }
        self.plans.push(plan);
        self.plans.len() - 1
    }

    fn pack(mut self) -> Result<Vec<u32>, Error> {
        let mut given: BTreeMap<usize, u32> = BTreeMap::new();
        for plan in self.plans.iter_mut().filter(|plan| !plan.rest.is_empty()) {
            let next = given.entry(plan.front).or_default();
            if *next >= view::MASK_BITS {
                return Err(Error::new("too many plans begin with the same step"));
            }
            plan.bit = Some(*next);
            *next += 1;
        }
        let mut sections = Vec::new();
        let mut built = Vec::new();
        for number in 0..self.stages.len() {
            let (section, trie) = self.pack_stage(number)?;
            sections.push(section);
            built.push(trie);
        }
        for plan in &self.plans {
            sections.push(self.pack_plan(plan, &built[plan.front]));
        }
        let mut words = vec![
            view::MAGIC,
            view::VERSION,
            self.stages.len() as u32,
            self.plans.len() as u32,
        ];
        let mut start = words.len() + 2 * sections.len();
        for section in &sections {
            words.extend([start as u32, section.len() as u32]);
            start += section.len();
        }
        if u32::try_from(start).is_err() {
            return Err(Error::new("the dictionaries are too large"));
        }
        words.extend(sections.into_iter().flatten());
        Ok(words)
    }

    /// Steps after the first, of a plan.
    fn rest(&self, plan: &Compiled) -> Vec<&Step> {
        plan.rest
            .iter()
            .map(|&number| &self.stages[number])
            .collect()
    }

    fn pack_stage(&self, number: usize) -> Result<(Vec<u32>, trie::Built), Error> {
        let step = &self.stages[number];
        let users: Vec<(&Compiled, Vec<Later>)> = self
            .plans
            .iter()
            .filter(|plan| plan.front == number)
            .map(|plan| (plan, self.rest(plan).into_iter().map(Later::new).collect()))
            .collect();

        // What no key has, but a plan must look at: what later steps change, and operators.
        let mut more: BTreeSet<u32> = (0x2FF0..=0x2FFF).collect();
        for step in users.iter().flat_map(|(plan, _)| self.rest(plan)) {
            more.extend(step.keys().map(|key| key[0]));
        }

        let mut outcomes: Vec<Outcome> = Vec::new();
        let mut known: BTreeMap<(Vec<u32>, u32), u32> = BTreeMap::new();
        let mut offsets: BTreeMap<&[u32], u32> = BTreeMap::new();
        let mut pool: Vec<u32> = Vec::new();
        let mut numbers = BTreeMap::new();
        for (key, resolved) in step {
            let mut mask = 0;
            for (plan, later) in &users {
                if let Some(bit) = plan.bit {
                    mask |=
                        u32::from(changes_later(plan.bounded, step, later, key, resolved)) << bit;
                }
            }
            let number = if key.len() > 1 && is_charwise(step, key, resolved) {
                let closed = if resolved.closed {
                    view::CHARWISE_CLOSED
                } else {
                    0
                };
                view::CHARWISE | closed | mask
            } else {
                let closed = if resolved.closed {
                    view::OUTCOME_CLOSED
                } else {
                    0
                };
                let matched = (resolved.length as u32) << view::LENGTH_BITS;
                let packed =
                    resolved.new.len() as u32 | matched | mask << (2 * view::LENGTH_BITS) | closed;
                *known
                    .entry((resolved.new.clone(), packed))
                    .or_insert_with(|| {
                        let offset = *offsets.entry(&resolved.new).or_insert_with(|| {
                            pool.extend_from_slice(&resolved.new);
                            (pool.len() - resolved.new.len()) as u32
                        });
                        outcomes.push(Outcome { offset, packed });
                        outcomes.len() as u32 - 1
                    })
            };
            numbers.insert(key.clone(), number);
        }
        if outcomes.len() >= view::CHARWISE as usize {
            return Err(Error::new("too many entries in a dictionary"));
        }
        let more: Vec<u32> = more.into_iter().collect();
        let mut built = trie::build(&numbers, &more)?;
        if built.index.len() % 2 == 1 {
            built.index.push(0);
        }

        let index: &[u32] = &pairs(&built.index);
        let pages: &[u32] = &pairs(&built.pages);
        let cells: &[u32] = bytemuck::cast_slice(&built.cells);
        let lengths = [
            index.len(),
            pages.len(),
            built.cells.len(),
            outcomes.len(),
            pool.len(),
        ];
        let mut section: Vec<u32> = lengths.iter().map(|&length| length as u32).collect();
        section.push(built.root);
        section.resize(STAGE_HEADER_WORDS, 0);
        for part in [index, pages, cells, bytemuck::cast_slice(&outcomes), &pool] {
            section.extend_from_slice(part);
        }
        Ok((section, built))
    }

    fn pack_plan(&self, plan: &Compiled, built: &trie::Built) -> Vec<u32> {
        let front = &self.stages[plan.front];
        let rest = self.rest(plan);
        let later: Vec<Later> = rest.iter().copied().map(Later::new).collect();
        let trie = built.view();

        let mut entries = vec![Entry::new(0, Some(0), false, None); built.labels];
        for code_point in alphabet(built) {
            let label = trie.label(code_point);
            let node = trie.child(trie.root(), label);
            let walks = node != NO_NODE && node >> 31 == 0;
            let new = by_itself(front, &later, code_point);
            let depends = alone(plan.bounded, front, &later, code_point).is_none();
            entries[label as usize] = Entry::new(code_point, new, depends, walks.then_some(node));
        }

        let normalization = plan
            .normalization
            .iter()
            .map(|&number| &self.stages[self.plans[number].front]);
        let steps = rest.iter().copied().chain([front]).chain(normalization);
        let least = steps
            .filter_map(|step| step.keys().next())
            .map(|key| key[0])
            .min();
        let bounded = if plan.bounded { view::PLAN_BOUNDED } else { 0 };
        let near = front
            .keys()
            .map(|key| key[0])
            .filter(|&first| first <= 0xFFFF)
            .max();
        let mask = plan.bit.map_or(0, |bit| 1 << bit) | bounded;
        let mut section = plan.name.to_vec();
        section.extend([
            least.unwrap_or(u32::MAX),
            near.unwrap_or(0),
            mask,
            plan.front as u32,
        ]);
        section
            .extend([plan.normalization.len(), plan.rest.len(), entries.len()].map(|n| n as u32));
        section.extend(plan.normalization.iter().map(|&number| number as u32));
        section.extend(plan.rest.iter().map(|&number| number as u32));
        section.extend_from_slice(bytemuck::cast_slice(&entries));
        section
    }
}

/// Segmentation and first step in one, and the steps that are left.
///
/// Where every key of the first step that is longer than a character is met by segmentation first,
/// what lies between segments is converted character by character, and a segment's conversion is
/// known now. Otherwise only segmentation comes first, and all steps are left.
fn front<'p>(plan: &'p Plan, library: &Library) -> Result<(Step, &'p [Group]), Error> {
    let Some((first, rest)) = plan.chain.split_first() else {
        return Ok((Step::new(), &[]));
    };
    let step = resolve(first, library)?;
    let Some(segmentation) = &plan.segmentation else {
        return Ok((step, rest));
    };
    let segments = resolve(segmentation, library)?;
    let is_met = |key: &Vec<u32>| {
        (key.len() == 1 && !ids::is_operator(key[0]))
            || (1..=key.len()).any(|length| segments.contains_key(&key[..length]))
    };
    let merges = step.keys().all(is_met);
    let matcher = Matcher::new(first, library)?;
    let mut front = Step::new();
    for (key, segment) in segments {
        let old = &key[..segment.length];
        let new = if merges {
            matcher.convert(old)
        } else {
            old.to_vec()
        };
        front.insert(
            key,
            Resolved {
                new,
                closed: true,
                ..segment
            },
        );
    }
    if !merges {
        return Ok((front, &plan.chain));
    }
    for (key, resolved) in step {
        if key.len() == 1 {
            front.entry(key).or_insert(Resolved {
                closed: false,
                ..resolved
            });
        }
    }
    Ok((front, rest))
}

/// Decide for every key of a group what wins where the text begins with it.
fn resolve(group: &Group, library: &Library) -> Result<Step, Error> {
    let matcher = Matcher::new(group, library)?;
    let keys: BTreeSet<&Vec<u32>> = group
        .names()
        .iter()
        .filter_map(|name| library.get(*name))
        .flat_map(|d| d.entries.keys())
        .collect();
    let mut step = Step::new();
    // The keys that the one at hand begins with, shortest first.
    let mut open: Vec<&Vec<u32>> = Vec::new();
    for key in keys {
        while open.last().is_some_and(|shorter| !key.starts_with(shorter)) {
            open.pop();
        }
        let Some((length, new)) = matcher.find(key) else {
            continue;
        };
        let resolved = Resolved {
            length,
            new: new.to_vec(),
            closed: key.len() > 1,
        };
        let shorter = open.last().and_then(|shorter| step.get(*shorter));
        let same =
            shorter.is_some_and(|r: &Resolved| (r.length, &r.new) == (length, &resolved.new));
        if !same {
            step.insert(key.clone(), resolved);
            open.push(key);
        }
    }
    Ok(step)
}

/// What a step makes of a character alone, where that is one character.
fn mapped(step: &Step, code_point: u32) -> Option<u32> {
    match step.get(&[code_point][..]) {
        None => Some(code_point),
        Some(Resolved { new, .. }) => match new[..] {
            [one] => Some(one),
            _ => None,
        },
    }
}

fn is_charwise(step: &Step, key: &[u32], resolved: &Resolved) -> bool {
    resolved.length == key.len()
        && resolved.new.len() == key.len()
        && key
            .iter()
            .zip(&resolved.new)
            .all(|(&old, &new)| mapped(step, old) == Some(new))
        && !key.iter().any(|&code_point| ids::is_operator(code_point))
}

/// A later step, with what it can begin a longer match with.
struct Later<'a> {
    step: &'a Step,
    begins: BTreeSet<u32>,
    longest: usize,
}

impl<'a> Later<'a> {
    fn new(step: &'a Step) -> Later<'a> {
        let begins = step
            .keys()
            .filter(|key| key.len() > 1)
            .map(|key| key[0])
            .collect();
        let longest = step.keys().map(Vec::len).max().unwrap_or(0);
        Later {
            step,
            begins,
            longest,
        }
    }

    /// The step on a whole text.
    fn convert(&self, text: &[u32]) -> Vec<u32> {
        let mut output = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let found = (1..=(text.len() - at).min(self.longest))
                .rev()
                .find_map(|length| self.step.get(&text[at..at + length]));
            if let Some(resolved) = found {
                output.extend_from_slice(&resolved.new);
                at += resolved.length;
            } else {
                let length = ids::length(|offset| text.get(at + offset).copied()).max(1);
                output.extend_from_slice(&text[at..at + length]);
                at += length;
            }
        }
        output
    }
}

/// What becomes of a character through all steps if nothing else is there, where that is one.
fn by_itself(front: &Step, later: &[Later], code_point: u32) -> Option<u32> {
    let first = mapped(front, code_point).filter(|_| !ids::is_operator(code_point));
    later.iter().fold(first, |at, later| {
        mapped(later.step, at?).filter(|&new| !ids::is_operator(new))
    })
}

/// What becomes of a character through all steps, if nothing after it can matter.
fn alone(bounded: bool, front: &Step, later: &[Later], code_point: u32) -> Option<u32> {
    if ids::is_operator(code_point) {
        return None;
    }
    if let Some(Resolved {
        new, closed: true, ..
    }) = front.get(&[code_point][..]).filter(|_| bounded)
    {
        let last = later
            .iter()
            .fold(new.clone(), |text, step| step.convert(&text));
        return <[u32; 1]>::try_from(last).ok().map(|[one]| one);
    }
    let first = mapped(front, code_point);
    later.iter().fold(first, |at, later| {
        let at = at.filter(|&at| !later.begins.contains(&at) && !ids::is_operator(at))?;
        mapped(later.step, at)
    })
}

/// Whether later steps make of a match something else than its characters alone become.
fn changes_later(
    bounded: bool,
    front: &Step,
    later: &[Later],
    key: &[u32],
    resolved: &Resolved,
) -> bool {
    let charwise = key.len() > 1 && is_charwise(front, key, resolved);
    let naive: Option<Vec<u32>> = if charwise {
        key.iter()
            .map(|&code_point| by_itself(front, later, code_point))
            .collect()
    } else {
        Some(resolved.new.clone())
    };
    if bounded && resolved.closed {
        let last = later
            .iter()
            .fold(resolved.new.clone(), |text, step| step.convert(&text));
        return naive != Some(last);
    }
    // It goes on into what follows, unless later steps have nothing for any of its characters.
    let untouched = |&code_point: &u32| {
        !ids::is_operator(code_point)
            && later.iter().all(|later| {
                !later.begins.contains(&code_point)
                    && mapped(later.step, code_point) == Some(code_point)
            })
    };
    naive.as_ref() != Some(&resolved.new) || !resolved.new.iter().all(untouched)
}

fn alphabet(built: &trie::Built) -> Vec<u32> {
    let mut found = Vec::new();
    for (high, &page) in built
        .index
        .iter()
        .enumerate()
        .filter(|&(_, &page)| page > 0)
    {
        let labels = &built.pages[usize::from(page) * 256..][..256];
        let used = labels.iter().enumerate().filter(|&(_, &label)| label > 0);
        found.extend(used.map(|(low, _)| (high << 8 | low) as u32));
    }
    found
}

/// Two to a word, in the byte order that they are read in.
fn pairs(halves: &[u16]) -> Vec<u32> {
    halves
        .chunks_exact(2)
        .map(|pair| bytemuck::cast([pair[0], pair[1]]))
        .collect()
}
