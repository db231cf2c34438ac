//! Edits and losses as tuples, in the order of the fields of `hanfix.report`'s classes.

use crate::text::{PyUnit, to_py};
use hanfix_core::convert::Doubt;
use hanfix_core::edit::{Edit, Kinds, Loss};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyFloat, PyList, PyString, PyTuple};
use std::borrow::Cow;
use std::ops::Range;

/// `(start, end, old, new, stage, kind, confidence, alternatives)` of each edit of a text.
pub fn edits_to_py<'py, T: PyUnit>(
    py: Python<'py>,
    text: &[T],
    edits: &[Edit],
) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for edit in edits {
        list.append(edit_to_py(py, edit, &text[edit.start..edit.end])?)?;
    }
    Ok(list)
}

/// The same, of edits that bring along what they replaced.
pub fn replaced_to_py<'py>(
    py: Python<'py>,
    edits: &[(Edit, Vec<u32>)],
) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for (edit, old) in edits {
        list.append(edit_to_py(py, edit, old)?)?;
    }
    Ok(list)
}

fn edit_to_py<'py, T: PyUnit>(
    py: Python<'py>,
    edit: &Edit,
    old: &[T],
) -> PyResult<Bound<'py, PyTuple>> {
    let (stage, kind) = names(edit.kinds);
    let (confidence, alternatives) = match edit.weighed.as_deref() {
        None => (CERTAIN, PyTuple::empty(py)),
        Some(weighed) => {
            let each = weighed.alternatives.iter().map(|one| to_py(py, one));
            let each = each.collect::<PyResult<Vec<_>>>()?;
            (weighed.confidence, PyTuple::new(py, each)?)
        }
    };
    PyTuple::new(
        py,
        [
            edit.start.into_pyobject(py)?.into_any(),
            edit.end.into_pyobject(py)?.into_any(),
            to_py(py, old)?.into_any(),
            to_py(py, &edit.new)?.into_any(),
            PyString::intern(py, &stage).into_any(),
            PyString::intern(py, &kind).into_any(),
            share(py, confidence),
            alternatives.into_any(),
        ],
    )
}

/// The same of places that stay as they are, though something else may be meant.
pub fn kept_to_py<'py, T: PyUnit>(
    py: Python<'py>,
    text: &[T],
    kept: &[(Range<usize>, Doubt)],
) -> PyResult<Bound<'py, PyList>> {
    let list = PyList::empty(py);
    for (range, doubt) in kept {
        let one = |code_point: &u32| to_py(py, &[*code_point]);
        let alternatives = doubt.alternatives.iter().map(one);
        list.append((
            range.start,
            range.end,
            to_py(py, &text[range.clone()])?,
            one(&doubt.written)?,
            "convert",
            "kept",
            share(py, doubt.confidence),
            PyTuple::new(py, alternatives.collect::<PyResult<Vec<_>>>()?)?,
        ))?;
    }
    Ok(list)
}

/// Thousandths of what nothing was weighed against.
const CERTAIN: u16 = 1000;

/// A share of thousandths, as Python counts; most are 1, and that is one object for all.
fn share(py: Python<'_>, thousandths: u16) -> Bound<'_, PyAny> {
    static ONE: PyOnceLock<Py<PyFloat>> = PyOnceLock::new();
    match thousandths {
        CERTAIN => {
            let one = ONE.get_or_init(py, || PyFloat::new(py, 1.0).unbind());
            one.bind(py).clone().into_any()
        }
        some => PyFloat::new(py, f64::from(some) / f64::from(CERTAIN)).into_any(),
    }
}

/// `(start, end, cause)` of each loss.
pub fn losses_to_py<'py>(py: Python<'py>, losses: &[Loss]) -> PyResult<Bound<'py, PyList>> {
    PyList::new(
        py,
        losses.iter().map(|loss| (loss.start, loss.end, loss.cause)),
    )
}

/// Stages and kinds, joined by `+` where there are several.
fn names(kinds: Kinds) -> (Cow<'static, str>, Cow<'static, str>) {
    let mut each = kinds.iter();
    if let (Some(only), None) = (each.next(), each.next()) {
        return (only.stage().into(), only.name().into());
    }
    let (mut stages, mut names): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for kind in kinds.iter() {
        if stages.last() != Some(&kind.stage()) {
            stages.push(kind.stage());
        }
        names.push(kind.name());
    }
    (stages.join("+").into(), names.join("+").into())
}
