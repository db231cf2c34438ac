//! `detect` for Python.

use crate::text::{on_units, units};
use hanfix_core::detect;
use pyo3::prelude::*;
use pyo3::types::PyString;

type Found = (
    &'static str,
    (usize, usize, usize, usize, usize),
    Vec<usize>,
);

/// `(script, (Simplified only, Traditional only, shared, kana, other), off-script places)`.
#[pyfunction]
#[pyo3(name = "detect")]
pub fn detect_text(text: &Bound<'_, PyString>) -> Found {
    let py = text.py();
    let profile = on_units!(units(text), slice => py.detach(|| detect::detect(slice)));
    let counts = profile.counts;
    let shares = (
        counts.simplified,
        counts.traditional,
        counts.shared,
        counts.kana,
        counts.other,
    );
    (profile.script.name(), shares, profile.off_script)
}
