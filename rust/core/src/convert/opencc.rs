//! OpenCC's answer, exactly: its configurations, and configurations of a user's own.
//!
//! Comes in: a configuration's name, or a plan with its dictionaries; entries that come first. Goes
//! out: a converter. Never: a panic on any dictionary, nor one that takes memory out of proportion.

use super::engine::{self, Engine, NoOverlay, Overlay};
use super::longest::Longest;
use crate::tables::dictionaries;
use crate::text::{CodeUnit, Written};
use hanfix_trie::Error;
use hanfix_trie::compile::compile;
use hanfix_trie::plan::{Group, Plan};
use hanfix_trie::reference::Library;
use hanfix_trie::source::Dictionary;
use hanfix_trie::view::{Bundle, PlanView, Stage};
use std::sync::OnceLock;

/// Entries of a user's own, compiled.
#[derive(Clone, Debug)]
pub struct Entries {
    words: Vec<u32>,
}

const ENTRIES: &str = "entries";

impl Entries {
    /// Compile a dictionary.
    pub fn new(dictionary: Dictionary) -> Result<Entries, Error> {
        let plan = Plan {
            name: ENTRIES.to_owned(),
            normalization: Vec::new(),
            segmentation: None,
            chain: vec![Group::One(ENTRIES.to_owned())],
        };
        let library = Library::from([(ENTRIES.to_owned(), dictionary)]);
        Ok(Entries {
            words: compile(&[plan], &library)?,
        })
    }

    /// As the engine takes them.
    pub fn stage(&self) -> Option<Stage<'_>> {
        Some(Bundle::new(&self.words).ok()?.plan(ENTRIES)?.front)
    }
}

/// A converter.
#[derive(Clone, Debug)]
pub struct OpenCC {
    source: Source,
    entries: Option<Entries>,
}

#[derive(Clone, Debug)]
enum Source {
    Embedded(&'static PlanView<'static>, &'static Engine),
    Compiled {
        words: Vec<u32>,
        name: String,
        engine: Engine,
    },
    Longest(Longest),
}

impl OpenCC {
    /// One of OpenCC's configurations, by its name without `.json`.
    pub fn named(name: &str, entries: Option<Entries>) -> Option<OpenCC> {
        let (plan, engine) = embedded(name).filter(|_| !name.starts_with('@'))?;
        Some(OpenCC {
            source: Source::Embedded(plan, engine),
            entries,
        })
    }

    /// A plan with its dictionaries.
    pub fn compiled(
        plan: Plan,
        library: &Library,
        entries: Option<Entries>,
    ) -> Result<OpenCC, Error> {
        let words = compile(std::slice::from_ref(&plan), library)?;
        let view = Bundle::new(&words)?
            .plan(&plan.name)
            .ok_or_else(|| Error::new("no plan"))?;
        let engine = Engine::new(&view);
        Ok(OpenCC {
            source: Source::Compiled {
                words,
                name: plan.name,
                engine,
            },
            entries,
        })
    }

    /// A plan with its dictionaries, matched as opencc-python-reimplemented does.
    ///
    /// Entries of one's own are the first dictionary of its first step.
    pub fn longest(
        mut plan: Plan,
        mut library: Library,
        entries: Option<Dictionary>,
    ) -> Result<OpenCC, Error> {
        if let (Some(entries), Some(first)) = (entries, plan.chain.first_mut()) {
            library.insert(ENTRIES.to_owned(), entries);
            *first = Group::First(vec![Group::One(ENTRIES.to_owned()), first.clone()]);
        }
        Ok(OpenCC {
            source: Source::Longest(Longest::new(&plan, &library)?),
            entries: None,
        })
    }

    /// The text after the conversion, or `None` if it stays as it is.
    pub fn convert<T: CodeUnit>(&self, text: &[T]) -> Option<Written<T>> {
        match &self.source {
            Source::Embedded(plan, engine) => self.on(plan, engine, text),
            Source::Compiled {
                words,
                name,
                engine,
            } => self.on(&Bundle::new(words).ok()?.plan(name)?, engine, text),
            Source::Longest(longest) => longest.convert(text).map(Written::Wide),
        }
    }

    fn on<T: CodeUnit>(&self, plan: &PlanView, engine: &Engine, text: &[T]) -> Option<Written<T>> {
        match self.entries.as_ref().and_then(Entries::stage) {
            Some(stage) => engine::convert(plan, engine, &stage, text),
            None => engine::convert(plan, engine, &NoOverlay, text),
        }
    }
}

/// One of the plans that are built in, ready for use.
pub fn embedded(name: &str) -> Option<(&'static PlanView<'static>, &'static Engine)> {
    static ENGINES: [OnceLock<Engine>; 32] = [const { OnceLock::new() }; 32];
    let (at, plan) = dictionaries::plan(name)?;
    Some((plan, ENGINES.get(at)?.get_or_init(|| Engine::new(plan))))
}

/// The names of OpenCC's configurations.
pub fn names() -> Vec<&'static str> {
    dictionaries::names().collect()
}

/// A match of entries is written as it stands.
impl Overlay for Stage<'_> {
    fn find<T: CodeUnit>(&self, text: &[T], at: usize) -> Option<hanfix_trie::view::Found<'_>> {
        Stage::find(self, text[at..].iter().map(|unit| unit.wide()))
    }

    fn alone(&self, code_point: u32) -> u32 {
        Stage::alone(self, code_point)
    }
}
