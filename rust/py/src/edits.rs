//! Edits and losses, as the classes of `hanfix.report` that they are in Python.

use crate::text::{PyUnit, to_py};
use hanfix_core::convert::Doubt;
use hanfix_core::edit::{Edit, Kind, Kinds, Loss};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyFloat, PyString, PyTuple};
use std::ops::Range;

/// The edits of a text, as `hanfix.report.Edit`s.
pub fn edits_to_py<'py, T: PyUnit>(
    py: Python<'py>,
    text: &[T],
    edits: &[Edit],
) -> PyResult<Bound<'py, PyTuple>> {
    let fields = |edit: &Edit| edit_to_py(py, edit, &text[edit.start..edit.end]);
    all(py, Class::Edit, edits.iter().map(fields))
}

/// The same, of edits that bring along what they replaced.
pub fn replaced_to_py<'py>(
    py: Python<'py>,
    edits: &[(Edit, Vec<u32>)],
) -> PyResult<Bound<'py, PyTuple>> {
    let fields = |(edit, old): &(Edit, Vec<u32>)| edit_to_py(py, edit, old);
    all(py, Class::Edit, edits.iter().map(fields))
}

/// The classes of `hanfix.report` that are made here.
#[derive(Clone, Copy)]
enum Class {
    Edit,
    Loss,
}

/// Tuples of fields as objects of a class. To make them in Python took a sixth of the repair of a short text.
fn all<'py>(
    py: Python<'py>,
    class: Class,
    fields: impl Iterator<Item = PyResult<Bound<'py, PyTuple>>>,
) -> PyResult<Bound<'py, PyTuple>> {
    static CLASSES: PyOnceLock<[Py<PyAny>; 3]> = PyOnceLock::new();
    let [new, edit, loss] = CLASSES.get_or_try_init(py, || {
        let report = py.import("hanfix.report")?;
        let new = py.get_type::<PyTuple>().getattr("__new__")?;
        PyResult::Ok([
            new.unbind(),
            report.getattr("Edit")?.unbind(),
            report.getattr("Loss")?.unbind(),
        ])
    })?;
    let class = match class {
        Class::Edit => edit,
        Class::Loss => loss,
    };
    let made = fields.map(|fields| new.bind(py).call1((class.bind(py), fields?)));
    PyTuple::new(py, made.collect::<PyResult<Vec<_>>>()?)
}

/// The fields of an edit, in their order.
fn edit_to_py<'py, T: PyUnit>(
    py: Python<'py>,
    edit: &Edit,
    old: &[T],
) -> PyResult<Bound<'py, PyTuple>> {
    let [stage, kind] = names(py, edit.kinds);
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
            stage.into_any(),
            kind.into_any(),
            share(py, confidence),
            alternatives.into_any(),
        ],
    )
}

/// Places that stay as they are, though something else may be meant, likewise.
pub fn kept_to_py<'py, T: PyUnit>(
    py: Python<'py>,
    text: &[T],
    kept: &[(Range<usize>, Doubt)],
) -> PyResult<Bound<'py, PyTuple>> {
    let one = |code_point: &u32| to_py(py, &[*code_point]);
    let fields = |(range, doubt): &(Range<usize>, Doubt)| {
        let alternatives = doubt.alternatives.iter().map(one);
        let fields = (
            range.start,
            range.end,
            to_py(py, &text[range.clone()])?,
            one(&doubt.written)?,
            "convert",
            "kept",
            share(py, doubt.confidence),
            PyTuple::new(py, alternatives.collect::<PyResult<Vec<_>>>()?)?,
        );
        fields.into_pyobject(py)
    };
    all(py, Class::Edit, kept.iter().map(fields))
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

/// What is lost, as `hanfix.report.Loss`es.
pub fn losses_to_py<'py>(py: Python<'py>, losses: &[Loss]) -> PyResult<Bound<'py, PyTuple>> {
    let fields = |loss: &Loss| (loss.start, loss.end, loss.cause).into_pyobject(py);
    all(py, Class::Loss, losses.iter().map(fields))
}

/// Stages and kinds, joined by `+` where there are several.
fn names(py: Python<'_>, kinds: Kinds) -> [Bound<'_, PyString>; 2] {
    // To make a name anew for each edit took a tenth of the repair of a short text.
    static NAMES: PyOnceLock<[[Py<PyString>; 2]; Kind::ALL.len()]> = PyOnceLock::new();
    let name = |name: &str| PyString::intern(py, name);
    if let Some(only) = kinds.only() {
        let all = NAMES.get_or_init(py, || {
            Kind::ALL.map(|kind| [kind.stage(), kind.name()].map(|one| name(one).unbind()))
        });
        return [0, 1].map(|which| all[only as usize][which].bind(py).clone());
    }
    let (mut stages, mut names): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for kind in kinds.iter() {
        if stages.last() != Some(&kind.stage()) {
            stages.push(kind.stage());
        }
        names.push(kind.name());
    }
    [stages, names].map(|each| name(&each.join("+")))
}
