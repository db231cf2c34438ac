//! `Pool`: what the glosses of a corpus show, counted text by text.

use crate::plan::{Plan, raise, together};
use crate::text::{PyUnit, Units, on_units, units};
use crate::threads;
use hanfix_core::clean::{Pool as Counts, Pooled};
use hanfix_core::pipeline;
use hanfix_core::text::Written;
use pyo3::prelude::*;
use pyo3::types::PyString;
use rayon::prelude::*;
use std::sync::{Mutex, PoisonError};

/// Counts for one corpus.
#[pyclass(frozen, module = "hanfix._core")]
pub struct Pool {
    counts: Mutex<Counts>,
}

#[pymethods]
impl Pool {
    #[new]
    fn new() -> Pool {
        Pool {
            counts: Mutex::default(),
        }
    }

    /// Count texts, repaired and tidied as a plan does before it looks at glosses; nothing if it does not.
    fn add(
        &self,
        py: Python<'_>,
        plan: &Bound<'_, Plan>,
        texts: Vec<Option<Bound<'_, PyString>>>,
    ) -> PyResult<()> {
        let plan = plan.get();
        let Some(before) = plan.stages().before_glosses() else {
            return Ok(());
        };
        let all: Vec<Units<'_>> = texts.iter().flatten().map(|text| units(text)).collect();
        let failed = Mutex::new(None);
        let counts = py.detach(|| {
            let count = |mut counts: Counts, texts: &[Units<'_>]| {
                for text in texts {
                    on_units!(*text, slice => add(&mut counts, plan, &before, slice, &failed));
                }
                counts
            };
            let join = |mut one: Counts, other: Counts| {
                one.join(&other);
                one
            };
            if !threads::are_here() {
                return count(Counts::default(), &all);
            }
            let groups = together(&all);
            groups
                .into_par_iter()
                .fold(Counts::default, count)
                .reduce(Counts::default, join)
        });
        raise(failed)?;
        let mut all = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        all.join(&counts);
        Ok(())
    }

    /// `(characters that are glossed wherever they stand, whether readings are doubled)`.
    fn pooled(&self) -> (String, bool) {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let Pooled { glossed, doubled } = counts.pooled();
        let glossed = glossed.into_iter().filter_map(char::from_u32).collect();
        (glossed, doubled)
    }
}

fn add<T: PyUnit>(
    counts: &mut Counts,
    plan: &Plan,
    before: &pipeline::Plan,
    text: &[T],
    failed: &Mutex<Option<PyErr>>,
) {
    let made = plan.with_other(failed, |other| pipeline::normalize(text, before, other));
    match made {
        None => counts.add(text),
        Some(Written::Narrow(units)) => counts.add(&units),
        Some(Written::Wide(units)) => counts.add(&units),
    }
}

/// What a corpus has shown, as the core has it.
pub fn pooled_of(glossed: &str, doubled: bool) -> Pooled {
    let mut glossed: Vec<u32> = glossed.chars().map(u32::from).collect();
    glossed.sort_unstable();
    Pooled { glossed, doubled }
}
