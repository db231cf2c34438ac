//! Folders, JSON lines and Markdown, for the command.

use crate::text::{on_units, units};
use hanfix_core::text::CodeUnit;
use hanfix_files::json::{self, Fields};
use hanfix_files::lines;
use hanfix_files::markdown::{self, Part};
use hanfix_files::walk::{self, Files as Found};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// The files below a folder, some at a time.
#[pyclass(frozen, module = "hanfix._core")]
pub struct Files(Mutex<Found>);

#[pymethods]
impl Files {
    #[new]
    fn new(
        root: PathBuf,
        globs: Vec<String>,
        no_ignore: bool,
        without: Option<PathBuf>,
    ) -> PyResult<Files> {
        let options = walk::Options {
            globs,
            no_ignore,
            without,
        };
        let found = walk::files(&root, &options).map_err(PyValueError::new_err)?;
        Ok(Files(Mutex::new(found)))
    }

    /// The next ones, at most so many: path, and `None` or why it could not be looked into. An empty
    /// list is the end.
    #[allow(
        clippy::type_complexity,
        reason = "a list that Python takes apart at once"
    )]
    fn next<'py>(
        &self,
        py: Python<'py>,
        most: usize,
    ) -> PyResult<Vec<(Bound<'py, PyString>, Option<String>)>> {
        let some: Vec<walk::Found> = py.detach(|| {
            let mut found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            found.by_ref().take(most).collect()
        });
        // As os.fsdecode has it: a name is bytes, and need not be UTF-8.
        let named = |path: PathBuf| path.into_os_string().into_pyobject(py);
        some.into_iter()
            .map(|one| match one {
                Ok(path) => Ok((named(path)?, None)),
                Err((path, why)) => Ok((named(path)?, Some(why))),
            })
            .collect()
    }
}

/// How many lines end in the bytes.
#[pyfunction]
pub fn line_ends(data: &[u8]) -> usize {
    lines::ends(data)
}

/// The places of the texts of a line of JSON, quotes included; `None` if it is none.
#[pyfunction]
pub fn json_places(line: &[u8], fields: Vec<String>) -> Option<Vec<(usize, usize)>> {
    json::places(line, &Fields::new(fields))
}

/// The text of a string of JSON, its quotes included, and whether all beyond ASCII is escaped in it.
#[pyfunction]
pub fn json_read<'py>(py: Python<'py>, string: &[u8]) -> PyResult<(Bound<'py, PyString>, bool)> {
    let inside = &string[1..string.len() - 1];
    let text = crate::text::to_py(py, &json::characters(inside))?;
    Ok((text, json::is_in_ascii(inside)))
}

/// What stands for a text between the quotes of a string of JSON.
#[pyfunction]
pub fn json_write<'py>(
    py: Python<'py>,
    text: &Bound<'py, PyString>,
    in_ascii: bool,
) -> Bound<'py, PyBytes> {
    let mut line = Vec::new();
    on_units!(units(text), slice => json::write(&mut line, slice.iter().map(|unit| unit.wide()), in_ascii));
    PyBytes::new(py, &line)
}

/// A part of a run: first code point, one past the last, what it is read as if that is not what
/// stands there, and whether it is not to be touched.
type Piece = (usize, usize, Option<String>, bool);

/// The texts of a Markdown document, each as its parts.
#[pyfunction]
pub fn markdown_runs(py: Python<'_>, text: &Bound<'_, PyString>) -> Vec<Vec<Piece>> {
    let source: String = on_units!(units(text), slice => slice
        .iter()
        .map(|unit| char::from_u32(unit.wide()).unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect());
    py.detach(|| {
        // Bytes to code points: places ascend, so one pass is enough.
        let (mut byte, mut point) = (0, 0);
        let mut place = |to: usize| {
            point += source[byte..to].chars().count();
            byte = to;
            point
        };
        let runs = markdown::runs(&source).into_iter();
        runs.map(|run| {
            let parts = run.into_iter();
            parts
                .map(|(start, end, part)| {
                    let (start, end) = (place(start), place(end));
                    match part {
                        Part::Text => (start, end, None, false),
                        Part::Written(text) => (start, end, Some(text), false),
                        Part::Locked(text) => (start, end, Some(text.to_owned()), true),
                    }
                })
                .collect()
        })
        .collect()
    })
}

/// Keep what is freed, for a program that will soon ask for it again.
#[pyfunction]
pub fn keep_memory() {
    hanfix_core::memory::keep();
}
