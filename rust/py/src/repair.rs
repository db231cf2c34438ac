//! Repair, for Python.

use crate::edits::{edits_to_py, losses_to_py};
use crate::text::{PyUnit, Units, on_units, to_py, units, written_to_py};
use hanfix_core::{edit, repair};
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};
use std::cell::RefCell;

/// The text, its edits and its losses.
type Answer<'py> = (
    Bound<'py, PyString>,
    Bound<'py, PyTuple>,
    Bound<'py, PyTuple>,
);

/// Undo mojibake. `None` says that there is nothing to tell: no edits, no losses.
#[pyfunction]
#[pyo3(name = "repair")]
pub fn repair_py<'py>(
    py: Python<'py>,
    text: &Bound<'py, PyString>,
    other: Option<&Bound<'py, PyAny>>,
) -> PyResult<Option<Answer<'py>>> {
    on_units!(units(text), slice => repair_units(py, slice, other))
}

fn repair_units<'py, T: PyUnit>(
    py: Python<'py>,
    text: &[T],
    other: Option<&Bound<'py, PyAny>>,
) -> PyResult<Option<Answer<'py>>> {
    let other = other.map(|callable| callable.clone().unbind());
    let (found, output) = {
        let other = &other;
        py.detach(move || {
            let failed = RefCell::new(None);
            let ask = |line: &[u32]| -> Option<Vec<u32>> {
                let callable = other.as_ref()?;
                Python::attach(|py| match ask_python(py, callable, line) {
                    Ok(answer) => Some(answer),
                    Err(error) => {
                        failed.borrow_mut().get_or_insert(error);
                        None
                    }
                })
            };
            let found = repair::repair(text, other.is_some().then_some(&ask as _));
            if let Some(error) = failed.into_inner() {
                return Err(error);
            }
            let output = (!found.edits.is_empty()).then(|| edit::replay(text, &found.edits));
            Ok((found, output))
        })?
    };
    if found.edits.is_empty() && found.losses.is_empty() {
        return Ok(None);
    }
    let output = match output {
        Some(written) => written_to_py(py, written)?,
        None => to_py(py, text)?,
    };
    let edits = edits_to_py(py, text, &found.edits)?;
    let losses = losses_to_py(py, &found.losses)?;
    Ok(Some((output, edits, losses)))
}

/// What a Python function answers for a line.
pub fn ask_python(py: Python<'_>, callable: &Py<PyAny>, line: &[u32]) -> PyResult<Vec<u32>> {
    let answer = callable.bind(py).call1((to_py(py, line)?,))?;
    let answer = answer.cast::<PyString>()?;
    Ok(match units(answer) {
        Units::Latin1(units) => units.iter().map(|unit| u32::from(*unit)).collect(),
        Units::Ucs2(units) => units.iter().map(|unit| u32::from(*unit)).collect(),
        Units::Ucs4(units) => units.to_vec(),
    })
}
