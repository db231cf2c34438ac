//! Decode, for Python.

use crate::text::{on_units, units, written_to_py};
use hanfix_core::decode;
use hanfix_core::edit::Loss;
use pyo3::exceptions::PyValueError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

/// Text, spans (start, end, encoding, length of text), losses (start, end, cause), encoding,
/// confidence, and whether it is a one-byte encoding.
type Answer<'py> = (
    Bound<'py, PyString>,
    Vec<(usize, usize, &'static str, usize)>,
    Vec<(usize, usize, &'static str)>,
    &'static str,
    f32,
    bool,
);

/// The text of bytes.
#[pyfunction]
pub fn decode_bytes<'py>(
    py: Python<'py>,
    data: &Bound<'py, PyBytes>,
    hint: Option<&str>,
) -> PyResult<Answer<'py>> {
    let hint = match hint {
        Some(name) => {
            Some(decode::hint(name).ok_or_else(|| PyValueError::new_err(name.to_owned()))?)
        }
        None => None,
    };
    let bytes = data.as_bytes();
    let decoded = py.detach(|| decode::decode(bytes, hint));
    let text = written_to_py(py, &decoded.text)?;
    let spans = decoded
        .spans
        .iter()
        .map(|span| (span.start, span.end, span.encoding, span.length));
    let losses = decoded
        .losses
        .iter()
        .map(|loss| (loss.start, loss.end, loss.cause));
    Ok((
        text,
        spans.collect(),
        losses.collect(),
        decoded.encoding,
        decoded.confidence,
        decoded.is_single,
    ))
}

/// Where in the bytes places of the text stand: bytes, text, spans, losses and places as above.
#[pyfunction]
pub fn byte_places(
    data: &Bound<'_, PyBytes>,
    text: &Bound<'_, PyString>,
    spans: Vec<(usize, usize, String, usize)>,
    losses: Vec<(usize, usize)>,
    points: Vec<usize>,
) -> Vec<usize> {
    let spans: Vec<decode::Span> = spans
        .iter()
        .map(|(start, end, encoding, length)| decode::Span {
            start: *start,
            end: *end,
            encoding: decode::known_name(encoding),
            length: *length,
        })
        .collect();
    let losses: Vec<Loss> = losses
        .iter()
        .map(|&(start, end)| Loss {
            start,
            end,
            cause: "",
        })
        .collect();
    on_units!(units(text), slice => decode::byte_places(data.as_bytes(), slice, &spans, &losses, &points))
}

/// The text, if the bytes are UTF-8 beyond doubt: Python's own decoder, with nothing in between.
#[pyfunction]
pub fn decode_utf8<'py>(
    py: Python<'py>,
    data: &Bound<'py, PyBytes>,
) -> PyResult<Option<Bound<'py, PyString>>> {
    let bytes = data.as_bytes();
    if decode::has_signs_of_another(bytes) {
        return Ok(None);
    }
    // SAFETY: pointer and length are those of a `bytes` object that lives through the call; the
    // answer is a new reference, or null with an error set, which is cleared.
    let made = unsafe {
        let length = bytes.len() as ffi::Py_ssize_t;
        let text = ffi::PyUnicode_DecodeUTF8(bytes.as_ptr().cast(), length, std::ptr::null());
        Bound::from_owned_ptr_or_err(py, text)
    };
    match made {
        Ok(text) => Ok(Some(text.cast_into::<PyString>()?)),
        Err(_) => Ok(None),
    }
}

/// Whether a name is one that decode knows.
#[pyfunction]
pub fn knows_encoding(name: &str) -> bool {
    decode::hint(name).is_some()
}

/// How likely a text is, in nats: for choosing between readings of the same bytes.
#[pyfunction]
pub fn likelihood(text: &Bound<'_, PyString>) -> f64 {
    on_units!(units(text), slice => -0.1 * hanfix_core::tables::likelihood::text_cost(slice) as f64)
}
