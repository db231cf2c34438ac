//! `clean` for Python.

use crate::edits::{edits_to_py, losses_to_py};
use crate::text::{PyUnit, on_units, units, written_to_py};
use hanfix_core::clean::{self, Options, Pooled, QuoteStyle, Steps};
use hanfix_core::edit::{Before, Kind, Loss};
use hanfix_core::protect::Terms;
use hanfix_core::text::{Written, widen};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use std::ops::Range;

/// Text, edits and losses.
type Answer<'py> = (
    Bound<'py, PyString>,
    Bound<'py, PyTuple>,
    Bound<'py, PyTuple>,
);

/// The text after the named steps, the edits, and what nobody can tell the meaning of.
#[pyfunction]
#[pyo3(name = "clean")]
pub fn clean_text<'py>(
    text: &Bound<'py, PyString>,
    steps: Vec<String>,
    protect: Vec<Bound<'py, PyString>>,
) -> PyResult<Answer<'py>> {
    let options = options(&steps, &protect, Pooled::default())?;
    on_units!(units(text), slice => run(text, slice, &options))
}

fn run<'py, T: PyUnit>(
    text: &Bound<'py, PyString>,
    slice: &[T],
    options: &Options,
) -> PyResult<Answer<'py>> {
    let py = text.py();
    let (edits, written, losses) = py.detach(|| {
        let (edits, written) = match clean::clean(slice, options) {
            Some(cleaned) => (cleaned.edits, Some(cleaned.text)),
            None => (Vec::new(), None),
        };
        let losses = match &written {
            None => clean::losses(slice, options),
            Some(Written::Narrow(tidied)) => clean::losses(tidied, options),
            Some(Written::Wide(tidied)) => clean::losses(tidied, options),
        };
        (edits, written, losses)
    });
    let before = Before::new(&edits);
    let losses: Vec<Loss> = losses
        .into_iter()
        .map(|loss| {
            let Range { start, end } = before.range(loss.start..loss.end);
            Loss { start, end, ..loss }
        })
        .collect();
    let output = match written {
        Some(written) => written_to_py(py, written)?,
        None => text.clone(),
    };
    Ok((
        output,
        edits_to_py(py, slice, &edits)?,
        losses_to_py(py, &losses)?,
    ))
}

/// The core's options, from names.
pub fn options(
    steps: &[String],
    protect: &[Bound<'_, PyString>],
    pooled: Pooled,
) -> PyResult<Options> {
    Ok(Options {
        steps: steps_of(steps)?,
        terms: terms_of(protect),
        quotes: QuoteStyle::default(),
        pooled,
    })
}

/// Steps by their names.
fn steps_of(names: &[String]) -> PyResult<Steps> {
    let kinds = names.iter().map(|name| {
        let known = clean::ORDER.into_iter().find(|step| step.name() == name);
        known.ok_or_else(|| {
            let all: Vec<&str> = clean::ORDER.iter().map(|step| step.name()).collect();
            PyValueError::new_err(format!(
                "no such step: {name}; steps are {}",
                all.join(", ")
            ))
        })
    });
    let kinds: Vec<Kind> = kinds.collect::<PyResult<_>>()?;
    Ok(Steps::of(&kinds))
}

/// Terms that stay as they are.
pub fn terms_of(protect: &[Bound<'_, PyString>]) -> Terms {
    Terms::new(
        protect
            .iter()
            .map(|term| on_units!(units(term), slice => widen(slice))),
    )
}
