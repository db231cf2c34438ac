//! How a conversion uses its dictionaries, as a line of text.
//!
//! ```text
//! s2tw norm=CJK seg=(u A B) chain=(s (u A B) C);(s D E)
//! ```
//!
//! `(s …)` is a group in which the first member with any match wins (OpenCC's `short_circuit`),
//! `(u …)` one in which the longest match over all members wins (`union`; of equals, the first).
//! A name is a dictionary. `norm=` and `seg=` may be left out; `;` stands between steps.

use crate::Error;

/// A dictionary, or several that are asked together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// A dictionary by its name.
    One(String),
    /// The first member that has any match wins, with its longest.
    First(Vec<Group>),
    /// The longest match of any member wins; of equals, the first member's.
    Longest(Vec<Group>),
}

/// A conversion: what OpenCC calls a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What it is called: at most eight ASCII characters where it is packed.
    pub name: String,
    /// Steps over the whole text, before anything else.
    pub normalization: Vec<Group>,
    /// What splits the text into segments that no later match may cross.
    pub segmentation: Option<Group>,
    /// Steps over each segment, each on the result of the one before.
    pub chain: Vec<Group>,
}

impl Plan {
    /// Read a plan's line.
    pub fn parse(line: &str) -> Result<Plan, Error> {
        let wrong = |what: &str| Error::new(format!("plan {line:?}: {what}"));
        let (name, rest) = line
            .trim()
            .split_once(' ')
            .ok_or_else(|| wrong("no name"))?;
        let mut plan = Plan {
            name: name.to_owned(),
            normalization: Vec::new(),
            segmentation: None,
            chain: Vec::new(),
        };
        for part in fields(rest) {
            let (key, value) = part
                .split_once('=')
                .ok_or_else(|| wrong("a part without ="))?;
            match key {
                "norm" => plan.normalization = steps(value)?,
                "seg" => plan.segmentation = steps(value)?.into_iter().next(),
                "chain" => plan.chain = steps(value)?,
                _ => return Err(wrong("an unknown part")),
            }
        }
        Ok(plan)
    }

    /// Every group, in the order of use.
    pub fn groups(&self) -> impl Iterator<Item = &Group> {
        self.normalization
            .iter()
            .chain(&self.segmentation)
            .chain(&self.chain)
    }
}

impl Group {
    /// The names of its dictionaries, in order; one that is used twice is there twice.
    pub fn names(&self) -> Vec<&str> {
        match self {
            Group::One(name) => vec![name],
            Group::First(members) | Group::Longest(members) => {
                members.iter().flat_map(Group::names).collect()
            }
        }
    }
}

/// `key=value` parts; a value's spaces are inside its parentheses.
fn fields(text: &str) -> Vec<&str> {
    let (mut found, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ' ' if depth == 0 => {
                found.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(&text[start..]);
    found.retain(|part| !part.is_empty());
    found
}

fn steps(text: &str) -> Result<Vec<Group>, Error> {
    let steps = text.split(';').filter(|step| !step.is_empty());
    steps.map(group).collect()
}

fn group(text: &str) -> Result<Group, Error> {
    let wrong = || Error::new(format!("group {text:?} is not well formed"));
    // A stack of open groups: (is it a union, its members so far).
    let mut open: Vec<(bool, Vec<Group>)> = Vec::new();
    let spaced = text.replace('(', " ( ").replace(')', " ) ");
    let mut tokens = spaced.split_ascii_whitespace();
    while let Some(token) = tokens.next() {
        let done = match token {
            "(" => {
                open.push(match tokens.next() {
                    Some("s") => (false, Vec::new()),
                    Some("u") => (true, Vec::new()),
                    _ => return Err(wrong()),
                });
                continue;
            }
            ")" => match open.pop().ok_or_else(wrong)? {
                (true, members) => Group::Longest(members),
                (false, members) => Group::First(members),
            },
            name => Group::One(name.to_owned()),
        };
        match open.last_mut() {
            Some((_, members)) => members.push(done),
            None if tokens.next().is_none() => return Ok(done),
            None => break,
        }
    }
    Err(wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read() {
        let plan = Plan::parse("s2tw norm=N seg=(u A B) chain=(s (u A B) C);D").unwrap();
        let one = |name: &str| Group::One(name.to_owned());
        let union = Group::Longest(vec![one("A"), one("B")]);
        assert_eq!(plan.normalization, [one("N")]);
        assert_eq!(plan.segmentation, Some(union.clone()));
        assert_eq!(plan.chain, [Group::First(vec![union, one("C")]), one("D")]);
        for bad in [
            "",
            "x",
            "x chain=(s A",
            "x chain=(q A)",
            "x chain=A)",
            "x other=A",
        ] {
            assert!(Plan::parse(bad).is_err(), "{bad}");
        }
    }
}
