//! `Plan`: the stages and options of a `Normalizer`, made once and used on many texts.

use crate::clean;
use crate::convert;
use crate::edits::{edits_to_py, kept_to_py, losses_to_py, replaced_to_py};
use crate::pool::pooled_of;
use crate::repair::ask_python;
use crate::text::{PyUnit, Units, on_units, units, written_to_py};
use crate::threads;
use hanfix_core::pipeline::{self, Account};
use hanfix_core::text::Written;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};
use std::sync::Mutex;

/// Stages and options; frozen.
#[pyclass(frozen, module = "hanfix._core")]
pub struct Plan {
    plan: pipeline::Plan,
    /// Asked for lines that look like mojibake of other languages.
    other: Option<Py<PyAny>>,
}

/// Fewer code points than this are not worth a second thread: starting one costs as much as
/// converting some ten thousand.
const PARALLEL_FROM: usize = 50_000;

#[pymethods]
impl Plan {
    #[new]
    #[allow(clippy::too_many_arguments, reason = "Python's side gives them names")]
    fn new(
        repair: bool,
        steps: Option<Vec<String>>,
        to: Option<&str>,
        words: bool,
        protect: Vec<Bound<'_, PyString>>,
        entries: Vec<(Bound<'_, PyString>, Bound<'_, PyString>)>,
        other: Option<Py<PyAny>>,
        pooled: (String, bool),
        min_confidence: f64,
    ) -> PyResult<Plan> {
        let pooled = pooled_of(&pooled.0, pooled.1);
        Ok(Plan {
            plan: pipeline::Plan::new(
                repair,
                steps
                    .map(|steps| clean::options(&steps, &protect, pooled))
                    .transpose()?,
                to.map(|to| convert::options(to, words, &protect, &entries, min_confidence))
                    .transpose()?,
            ),
            other,
        })
    }

    /// The text after all stages; the same object if they leave it as it is.
    fn normalize<'py>(&self, text: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyString>> {
        let made = on_units!(units(text), slice => self.normalize_units(text.py(), slice)?);
        made.unwrap_or_else(|| Ok(text.clone()))
    }

    /// `(text, edits, losses, [(stage, edits), …], kept)`.
    #[allow(
        clippy::type_complexity,
        reason = "a tuple that Python takes apart at once"
    )]
    fn explain<'py>(
        &self,
        text: &Bound<'py, PyString>,
    ) -> PyResult<(
        Bound<'py, PyString>,
        Bound<'py, PyTuple>,
        Bound<'py, PyTuple>,
        Vec<(&'static str, Bound<'py, PyTuple>)>,
        Bound<'py, PyTuple>,
    )> {
        on_units!(units(text), slice => self.explain_units(text, slice))
    }

    /// Each text after all stages; `None` stays `None`. On all cores if there is enough to do.
    fn batch<'py>(
        &self,
        py: Python<'py>,
        texts: Vec<Option<Bound<'py, PyString>>>,
    ) -> PyResult<Bound<'py, PyList>> {
        let all: Vec<Units<'_>> = texts
            .iter()
            .map(|text| text.as_ref().map_or(Units::Latin1(&[]), |text| units(text)))
            .collect();
        let code_points: usize = all.iter().map(Units::len).sum();
        let failed = Mutex::new(None);
        let made: Vec<Rows> = py.detach(|| {
            let some = |texts: &[Units<'_>]| {
                let mut rows = Rows::default();
                // Short texts lie all over the memory: what is asked for together is waited for once.
                std::hint::black_box(texts.iter().fold(0, |all, text| all ^ text.ends()));
                for text in texts {
                    on_units!(*text, slice => rows.push(self.run(slice, &failed)));
                }
                rows
            };
            let groups = together(&all);
            if code_points < PARALLEL_FROM {
                groups.into_iter().map(some).collect()
            } else {
                threads::map(groups, some)
            }
        });
        raise(failed)?;
        let mut answers = Vec::with_capacity(texts.len());
        let mut rest = &texts[..];
        for rows in &made {
            let (given, behind) = rest.split_at(rows.rows.len());
            rows.to_py(py, given, &mut answers)?;
            rest = behind;
        }
        PyList::new(py, answers)
    }
}

impl Plan {
    /// The stages that run.
    pub(crate) fn stages(&self) -> &pipeline::Plan {
        &self.plan
    }

    pub(crate) fn run<T: PyUnit>(
        &self,
        text: &[T],
        failed: &Mutex<Option<PyErr>>,
    ) -> Option<Written<T>> {
        self.with_other(failed, |other| pipeline::normalize(text, &self.plan, other))
    }

    /// Hand the core a way to ask Python, and keep the first error that comes of it.
    pub(crate) fn with_other<R>(
        &self,
        failed: &Mutex<Option<PyErr>>,
        work: impl FnOnce(Option<hanfix_core::repair::OtherLanguages>) -> R,
    ) -> R {
        let Some(callable) = &self.other else {
            return work(None);
        };
        let ask = |line: &[u32]| -> Option<Vec<u32>> {
            Python::attach(|py| match ask_python(py, callable, line) {
                Ok(answer) => Some(answer),
                Err(error) => {
                    if let Ok(mut failed) = failed.lock() {
                        failed.get_or_insert(error);
                    }
                    None
                }
            })
        };
        work(Some(&ask))
    }

    #[allow(clippy::type_complexity, reason = "unwrapped by the only caller")]
    fn normalize_units<'py, T: PyUnit>(
        &self,
        py: Python<'py>,
        text: &[T],
    ) -> PyResult<Option<PyResult<Bound<'py, PyString>>>> {
        let failed = Mutex::new(None);
        let made = py.detach(|| self.run(text, &failed));
        raise(failed)?;
        Ok(made.map(|written| written_to_py(py, written)))
    }

    #[allow(
        clippy::type_complexity,
        reason = "a tuple that Python takes apart at once"
    )]
    fn explain_units<'py, T: PyUnit>(
        &self,
        text: &Bound<'py, PyString>,
        slice: &[T],
    ) -> PyResult<(
        Bound<'py, PyString>,
        Bound<'py, PyTuple>,
        Bound<'py, PyTuple>,
        Vec<(&'static str, Bound<'py, PyTuple>)>,
        Bound<'py, PyTuple>,
    )> {
        let py = text.py();
        let failed = Mutex::new(None);
        let account: Account<T> = py.detach(|| {
            self.with_other(&failed, |other| pipeline::explain(slice, &self.plan, other))
        });
        raise(failed)?;
        let output = match account.text {
            Some(written) => written_to_py(py, written)?,
            None => text.clone(),
        };
        let stages = account
            .stages
            .iter()
            .map(|made| Ok((made.stage, replaced_to_py(py, &made.edits)?)));
        Ok((
            output,
            edits_to_py(py, slice, &account.edits)?,
            losses_to_py(py, &account.losses)?,
            stages.collect::<PyResult<_>>()?,
            kept_to_py(py, slice, &account.kept)?,
        ))
    }
}

pub(crate) fn raise(failed: Mutex<Option<PyErr>>) -> PyResult<()> {
    match failed.into_inner() {
        Ok(None) => Ok(()),
        Ok(Some(error)) => Err(error),
        Err(_) => Err(PyTypeError::new_err("a thread of the batch failed")),
    }
}

/// Texts that a thread makes one after the other: of short ones fewer are too few for a second thread to take, and
/// many lie in the memory of one.
const TOGETHER: usize = 64;
/// Code points after which a long text ends such a group: a few chapters keep all cores busy too.
const LONG: usize = 1 << 14;

/// Texts in groups.
pub(crate) fn together<'a, 'py>(mut texts: &'a [Units<'py>]) -> Vec<&'a [Units<'py>]> {
    let mut groups = Vec::with_capacity(texts.len() / TOGETHER + 1);
    while !texts.is_empty() {
        let mut code_points = 0;
        let fit = texts.iter().take(TOGETHER).take_while(|text| {
            let is_begun = code_points < LONG;
            code_points += text.len();
            is_begun
        });
        let (group, rest) = texts.split_at(fit.count());
        groups.push(group);
        texts = rest;
    }
    groups
}

/// Texts made in another thread, one behind the other in the memory of their width.
#[derive(Default)]
struct Rows {
    latin1: Vec<u8>,
    ucs2: Vec<u16>,
    ucs4: Vec<u32>,
    rows: Vec<Row>,
}

/// What became of a text, and how long it is.
enum Row {
    Same,
    Latin1(usize),
    Ucs2(usize),
    Ucs4(usize),
}

impl Rows {
    fn push<T: RowUnit>(&mut self, made: Option<Written<T>>) {
        let row = match made {
            None => Row::Same,
            Some(written) => {
                let row = match &written {
                    Written::Narrow(units) => T::push(self, units),
                    Written::Wide(units) => u32::push(self, units),
                };
                written.give_back();
                row
            }
        };
        self.rows.push(row);
    }

    /// The texts as Python's, or as they were given if they stay.
    fn to_py<'py>(
        &self,
        py: Python<'py>,
        given: &[Option<Bound<'py, PyString>>],
        answers: &mut Vec<Option<Bound<'py, PyString>>>,
    ) -> PyResult<()> {
        let (mut latin1, mut ucs2, mut ucs4) = (&self.latin1[..], &self.ucs2[..], &self.ucs4[..]);
        for (given, row) in given.iter().zip(&self.rows) {
            let made = match row {
                _ if given.is_none() => None,
                Row::Same => given.clone(),
                Row::Latin1(length) => Some(next_to_py(py, &mut latin1, *length)?),
                Row::Ucs2(length) => Some(next_to_py(py, &mut ucs2, *length)?),
                Row::Ucs4(length) => Some(next_to_py(py, &mut ucs4, *length)?),
            };
            answers.push(made);
        }
        Ok(())
    }
}

fn next_to_py<'py, T: PyUnit>(
    py: Python<'py>,
    rest: &mut &[T],
    length: usize,
) -> PyResult<Bound<'py, PyString>> {
    let (units, behind) = rest.split_at(length);
    *rest = behind;
    crate::text::to_py(py, units)
}

/// A width that has its place among [`Rows`].
trait RowUnit: PyUnit {
    fn push(rows: &mut Rows, units: &[Self]) -> Row;
}

macro_rules! row_unit {
    ($unit:ty, $field:ident, $variant:ident) => {
        impl RowUnit for $unit {
            fn push(rows: &mut Rows, units: &[Self]) -> Row {
                rows.$field.extend_from_slice(units);
                Row::$variant(units.len())
            }
        }
    };
}
row_unit!(u8, latin1, Latin1);
row_unit!(u16, ucs2, Ucs2);
row_unit!(u32, ucs4, Ucs4);
