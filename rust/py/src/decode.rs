//! Decode, for Python.

use crate::text::{on_units, units, utf8_to_py, written_to_py};
use hanfix_core::codec::utf8;
use hanfix_core::decode;
use hanfix_core::edit::Loss;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

/// Text, spans (start, end, encoding, length of text), losses (start, end, cause).
type Piece<'py> = (
    Bound<'py, PyString>,
    Vec<(usize, usize, &'static str, usize)>,
    Vec<(usize, usize, &'static str)>,
);

/// Encoding, confidence, and the next best of both.
type Decision = (&'static str, f32, Vec<(&'static str, f32)>);

fn piece_to_py<'py>(py: Python<'py>, piece: decode::Piece) -> PyResult<Piece<'py>> {
    let span = |span: &decode::Span| (span.start, span.end, span.encoding, span.length);
    Ok((
        written_to_py(py, piece.text)?,
        piece.spans.iter().map(span).collect(),
        piece
            .losses
            .iter()
            .map(|loss| (loss.start, loss.end, loss.cause))
            .collect(),
    ))
}

fn decision_to_py(decision: &decode::Decision) -> Decision {
    let runners_up = decision.runners_up.clone();
    (decision.encoding, decision.confidence, runners_up)
}

fn options(hint: Option<&str>, keeps: bool) -> PyResult<decode::Options> {
    let hint = match hint {
        Some(name) => {
            let known = decode::hint(name).ok_or_else(|| PyValueError::new_err(name.to_owned()))?;
            Some(known)
        }
        None => None,
    };
    Ok(decode::Options { hint, keeps })
}

/// Work without the interpreter, which is taken again if others are asked about one-byte text. An
/// error of theirs is the answer's.
fn asking<R: Send>(
    py: Python<'_>,
    others: &Py<PyAny>,
    work: impl FnOnce(decode::Others) -> R + Send,
) -> PyResult<R> {
    let (answer, wrong) = py.detach(|| {
        let wrong = std::cell::RefCell::new(None);
        let ask = |window: &[u8]| {
            Python::attach(|py| {
                let asked = || -> PyResult<Option<(String, String)>> {
                    others.call1(py, (PyBytes::new(py, window),))?.extract(py)
                };
                let (name, upper) = asked().unwrap_or_else(|error| {
                    *wrong.borrow_mut() = Some(error);
                    None
                })?;
                Some(decode::register(&name, upper_half(&upper)))
            })
        };
        let answer = work(&ask);
        (answer, wrong.into_inner())
    });
    match wrong {
        Some(error) => Err(error),
        None => Ok(answer),
    }
}

/// The characters of 128 bytes, U+FFFD where there is none.
fn upper_half(characters: &str) -> [u16; 128] {
    let mut upper = [0; 128];
    for (slot, character) in upper.iter_mut().zip(characters.chars()) {
        if character != char::REPLACEMENT_CHARACTER {
            *slot = u16::try_from(u32::from(character)).unwrap_or(0);
        }
    }
    upper
}

/// The text of bytes, and what was decided.
#[pyfunction]
pub fn decode_bytes<'py>(
    py: Python<'py>,
    data: &Bound<'py, PyBytes>,
    hint: Option<&str>,
    keeps: bool,
    others: Py<PyAny>,
) -> PyResult<(Piece<'py>, Decision)> {
    let options = options(hint, keeps)?;
    let bytes = data.as_bytes();
    let (piece, decision) = asking(py, &others, |ask| decode::decode(bytes, options, Some(ask)))?;
    Ok((piece_to_py(py, piece)?, decision_to_py(&decision)))
}

/// Bytes that come in pieces, and text that goes out in others.
#[pyclass]
pub struct DecodeStream {
    stream: decode::Stream,
    others: Py<PyAny>,
}

#[pymethods]
impl DecodeStream {
    #[new]
    fn new(hint: Option<&str>, keeps: bool, others: Py<PyAny>) -> PyResult<DecodeStream> {
        Ok(DecodeStream {
            stream: decode::Stream::new(options(hint, keeps)?),
            others,
        })
    }

    /// Take bytes; the answer is what can be read without what comes next.
    fn feed<'py>(&mut self, py: Python<'py>, data: &Bound<'py, PyBytes>) -> PyResult<Piece<'py>> {
        let (bytes, stream) = (data.as_bytes(), &mut self.stream);
        let piece = asking(py, &self.others, |ask| stream.feed(bytes, Some(ask)))?;
        piece_to_py(py, piece)
    }

    /// Read what is left.
    fn finish<'py>(&mut self, py: Python<'py>) -> PyResult<Piece<'py>> {
        let stream = &mut self.stream;
        let piece = asking(py, &self.others, |ask| stream.finish(Some(ask)))?;
        piece_to_py(py, piece)
    }

    /// What was decided; `None` while there was nothing but ASCII.
    fn decision(&self) -> Option<Decision> {
        self.stream.decision().map(decision_to_py)
    }
}

/// Make a one-byte encoding known, by the characters of its upper half.
#[pyfunction]
pub fn register_encoding(name: &str, upper: &str) {
    decode::register(name, upper_half(upper));
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

/// The text, if the bytes are UTF-8 beyond doubt.
#[pyfunction]
pub fn decode_utf8<'py>(
    py: Python<'py>,
    data: &Bound<'py, PyBytes>,
) -> PyResult<Option<Bound<'py, PyString>>> {
    let bytes = data.as_bytes();
    let look = utf8::look(bytes);
    if !decode::may_be_utf8_only(bytes, look) {
        return Ok(None);
    }
    utf8_to_py(py, bytes, look)
}

/// Whether all is ASCII, if the bytes are UTF-8 beyond doubt, and `None` if not.
#[pyfunction]
pub fn utf8_is_ascii(py: Python<'_>, data: &Bound<'_, PyBytes>) -> Option<bool> {
    let bytes = data.as_bytes();
    py.detach(|| {
        let look = utf8::look(bytes);
        let is_utf8 = decode::may_be_utf8_only(bytes, look) && utf8::is_valid(bytes);
        is_utf8.then_some(look.greatest < 0x80)
    })
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
