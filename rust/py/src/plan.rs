//! `Plan`: the stages and options of a `Normalizer`, made once and used on many texts.

use crate::clean;
use crate::convert;
use crate::edits::{edits_to_py, losses_to_py, replaced_to_py};
use crate::repair::ask_python;
use crate::text::{PyUnit, Units, on_units, units, written_to_py};
use hanfix_core::pipeline::{self, Account};
use hanfix_core::text::Written;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString};
use rayon::prelude::*;
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
    fn new(
        repair: bool,
        steps: Option<Vec<String>>,
        to: Option<&str>,
        words: bool,
        protect: Vec<Bound<'_, PyString>>,
        entries: Vec<(Bound<'_, PyString>, Bound<'_, PyString>)>,
        other: Option<Py<PyAny>>,
    ) -> PyResult<Plan> {
        Ok(Plan {
            plan: pipeline::Plan {
                repair,
                clean: steps
                    .map(|steps| clean::options(&steps, &protect))
                    .transpose()?,
                convert: to
                    .map(|to| convert::options(to, words, &protect, &entries))
                    .transpose()?,
            },
            other,
        })
    }

    /// The text after all stages; the same object if they leave it as it is.
    fn normalize<'py>(&self, text: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyString>> {
        let made = on_units!(units(text), slice => self.normalize_units(text.py(), slice)?);
        made.unwrap_or_else(|| Ok(text.clone()))
    }

    /// `(text, edits, losses, [(stage, edits), …])`.
    #[allow(
        clippy::type_complexity,
        reason = "a tuple that Python takes apart at once"
    )]
    fn explain<'py>(
        &self,
        text: &Bound<'py, PyString>,
    ) -> PyResult<(
        Bound<'py, PyString>,
        Bound<'py, PyList>,
        Bound<'py, PyList>,
        Vec<(&'static str, Bound<'py, PyList>)>,
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
        let made: Vec<Option<Made>> = py.detach(|| {
            let one = |text: &Units<'_>| on_units!(*text, slice => self.run(slice, &failed).map(Into::into));
            if code_points < PARALLEL_FROM {
                all.iter().map(one).collect()
            } else {
                all.par_iter().with_min_len(16).map(one).collect()
            }
        });
        raise(failed)?;
        let list = PyList::empty(py);
        for (text, made) in texts.iter().zip(made) {
            match (text, made) {
                (None, _) => list.append(py.None())?,
                (Some(text), None) => list.append(text)?,
                (Some(_), Some(made)) => list.append(made.to_py(py)?)?,
            }
        }
        Ok(list)
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
        Ok(made.map(|written| written_to_py(py, &written)))
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
        Bound<'py, PyList>,
        Bound<'py, PyList>,
        Vec<(&'static str, Bound<'py, PyList>)>,
    )> {
        let py = text.py();
        let failed = Mutex::new(None);
        let account: Account<T> = py.detach(|| {
            self.with_other(&failed, |other| pipeline::explain(slice, &self.plan, other))
        });
        raise(failed)?;
        let output = match &account.text {
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

/// Text made in another thread, in whatever width.
enum Made {
    Latin1(Vec<u8>),
    Ucs2(Vec<u16>),
    Ucs4(Vec<u32>),
}

impl Made {
    fn to_py<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        match self {
            Made::Latin1(units) => crate::text::to_py(py, units),
            Made::Ucs2(units) => crate::text::to_py(py, units),
            Made::Ucs4(units) => crate::text::to_py(py, units),
        }
    }
}

macro_rules! made_of {
    ($unit:ty, $variant:ident) => {
        impl From<Written<$unit>> for Made {
            fn from(written: Written<$unit>) -> Made {
                match written {
                    Written::Narrow(units) => Made::$variant(units),
                    Written::Wide(units) => Made::Ucs4(units),
                }
            }
        }
    };
}
made_of!(u8, Latin1);
made_of!(u16, Ucs2);
made_of!(u32, Ucs4);
