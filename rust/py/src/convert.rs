//! `OpenCC` and `convert` for Python.

use crate::clean::terms_of;
use crate::edits::{edits_to_py, kept_to_py};
use crate::text::{PyUnit, on_units, units, written_to_py};
use hanfix_core::convert::opencc::{self, Entries};
use hanfix_core::convert::{self, Options, Target};
use hanfix_core::text::widen;
use hanfix_trie::plan::Plan;
use hanfix_trie::reference::Library;
use hanfix_trie::source::Dictionary;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple};

type Pairs<'py> = Vec<(Bound<'py, PyString>, Bound<'py, PyString>)>;

/// A compiled configuration of OpenCC's.
#[pyclass(frozen, module = "hanfix._core")]
pub struct OpenCC(opencc::OpenCC);

#[pymethods]
impl OpenCC {
    /// One of the configurations that are built in.
    #[staticmethod]
    fn named(name: &str, entries: Pairs) -> PyResult<Option<OpenCC>> {
        let entries = entries_of(&entries)?;
        Ok(opencc::OpenCC::named(name, entries).map(OpenCC))
    }

    /// A plan, as a line, and the texts of its dictionaries by name.
    #[staticmethod]
    fn compiled(
        py: Python,
        plan: &str,
        dictionaries: Vec<(String, String)>,
        longest: bool,
        entries: Pairs,
    ) -> PyResult<OpenCC> {
        let own = dictionary_of(&entries)?;
        let made = py.detach(|| {
            let mut library = Library::new();
            for (name, text) in &dictionaries {
                let read = Dictionary::parse(text);
                library.insert(
                    name.clone(),
                    read.map_err(|error| format!("{name}: {error}"))?,
                );
            }
            let plan = Plan::parse(plan).map_err(|error| error.to_string())?;
            let made = if longest {
                opencc::OpenCC::longest(plan, library, own)
            } else {
                let entries = own.map(Entries::new).transpose();
                entries.and_then(|entries| opencc::OpenCC::compiled(plan, &library, entries))
            };
            made.map_err(|error| error.to_string())
        });
        made.map(OpenCC).map_err(PyValueError::new_err)
    }

    /// The text after the conversion: the same object if nothing changes.
    fn convert<'py>(&self, text: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyString>> {
        on_units!(units(text), slice => self.run(text, slice))
    }
}

impl OpenCC {
    fn run<'py, T: PyUnit>(
        &self,
        text: &Bound<'py, PyString>,
        slice: &[T],
    ) -> PyResult<Bound<'py, PyString>> {
        let py = text.py();
        match py.detach(|| self.0.convert(slice)) {
            Some(written) => written_to_py(py, written),
            None => Ok(text.clone()),
        }
    }
}

/// The names of the configurations that are built in.
#[pyfunction]
pub fn opencc_names() -> Vec<&'static str> {
    opencc::names()
}

/// Keys and first values of a dictionary in OpenCC's text format.
#[pyfunction]
pub fn parse_dictionary(text: &str) -> PyResult<Vec<(String, String)>> {
    let read = Dictionary::parse(text).map_err(|error| PyValueError::new_err(error.to_string()))?;
    let string =
        |code_points: Vec<u32>| code_points.into_iter().filter_map(char::from_u32).collect();
    Ok(read
        .entries
        .into_iter()
        .map(|(key, value)| (string(key), string(value)))
        .collect())
}

/// Pairs of key and value as a dictionary, if there are any.
fn dictionary_of(
    pairs: &[(Bound<'_, PyString>, Bound<'_, PyString>)],
) -> PyResult<Option<Dictionary>> {
    let code_points = |text: &Bound<PyString>| on_units!(units(text), slice => widen(slice));
    let mut dictionary = Dictionary::default();
    for (key, value) in pairs {
        let added = dictionary.insert(code_points(key), code_points(value));
        added.map_err(|error| PyValueError::new_err(format!("{key}: {error}")))?;
    }
    Ok((!pairs.is_empty()).then_some(dictionary))
}

fn entries_of(pairs: &[(Bound<'_, PyString>, Bound<'_, PyString>)]) -> PyResult<Option<Entries>> {
    let compiled = dictionary_of(pairs)?.map(Entries::new).transpose();
    compiled.map_err(|error| PyValueError::new_err(error.to_string()))
}

/// A target, and what goes with it, ready for many texts.
#[pyclass(frozen, module = "hanfix._core")]
pub struct Converter(pub Options);

#[pymethods]
impl Converter {
    #[new]
    fn new(
        to: &str,
        words: bool,
        protect: Vec<Bound<'_, PyString>>,
        entries: Pairs,
        min_confidence: f64,
    ) -> PyResult<Converter> {
        options(to, words, &protect, &entries, min_confidence).map(Converter)
    }

    /// The text in the target: the same object if nothing changes.
    fn convert<'py>(&self, text: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyString>> {
        on_units!(units(text), slice => self.run(text, slice))
    }

    /// What changes, and what stays though something else may be meant, as `Edit`s.
    fn explain<'py>(
        &self,
        text: &Bound<'py, PyString>,
    ) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyTuple>)> {
        let py = text.py();
        on_units!(units(text), slice => {
            let explained = py.detach(|| convert::explained(slice, &self.0));
            let kept = explained.kept.into_iter().map(|doubt| (doubt.at..doubt.at + 1, doubt));
            let kept: Vec<_> = kept.collect();
            Ok((edits_to_py(py, slice, &explained.edits)?, kept_to_py(py, slice, &kept)?))
        })
    }
}

impl Converter {
    fn run<'py, T: PyUnit>(
        &self,
        text: &Bound<'py, PyString>,
        slice: &[T],
    ) -> PyResult<Bound<'py, PyString>> {
        let py = text.py();
        match py.detach(|| convert::convert(slice, &self.0)) {
            Some(written) => written_to_py(py, written),
            None => Ok(text.clone()),
        }
    }
}

/// The core's options, from plain values.
pub fn options(
    to: &str,
    words: bool,
    protect: &[Bound<'_, PyString>],
    entries: &Pairs,
    min_confidence: f64,
) -> PyResult<Options> {
    if !(0.0..=1.0).contains(&min_confidence) {
        return Err(PyValueError::new_err(format!(
            "min_confidence is from 0 to 1, not {min_confidence}"
        )));
    }
    Ok(Options {
        target: target_of(to)?,
        words,
        terms: terms_of(protect),
        entries: entries_of(entries)?,
        min_confidence: (min_confidence * 1000.0).round() as u16,
    })
}

/// The one name of a target, for any name or language tag of it.
#[pyfunction]
pub fn canonical_target(name: &str) -> PyResult<&'static str> {
    Ok(target_of(name)?.name())
}

/// A target by its name or language tag.
pub fn target_of(name: &str) -> PyResult<Target> {
    Target::parse(name).ok_or_else(|| {
        let known: Vec<&str> = Target::ALL.iter().map(|target| target.name()).collect();
        PyValueError::new_err(format!(
            "no target {name:?}; known are {}, and language tags such as zh-Hant-TW",
            known.join(", ")
        ))
    })
}
