//! `Plan` on the bytes of files: read, normalized and written again without Python in between.
//!
//! In: files, or lines of JSON. Out: bytes, or that they stay as they are, or that Python has to look
//! at them itself. Never: another answer than decoding, normalizing and encoding in Python gives.

use crate::plan::{Plan, raise};
use crate::text::PyUnit;
use hanfix_core::codec::utf8;
use hanfix_core::decode;
use hanfix_core::pipeline;
use hanfix_core::text::Written;
use hanfix_files::json::{self, Fields};
use hanfix_files::lines;
use hanfix_files::plain;
use hanfix_files::utf8::push_utf8;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use rayon::prelude::*;
use std::cell::Cell;
use std::sync::Mutex;

/// New bytes or `None` for the same, encoding, number of losses.
type Answer<'py> = (Option<Bound<'py, PyBytes>>, &'static str, usize);

/// New bytes or `None` for the same, the lines that are no JSON, how many texts changed.
type JsonAnswer<'py> = (Option<Bound<'py, PyBytes>>, Vec<usize>, usize);

/// Each file after all stages, as UTF-8; `None` for one that Python has to decode. `is_utf8` says that
/// they have been decoded before, and that nothing in them is a sign of another encoding.
#[pyfunction]
pub fn rewrite<'py>(
    py: Python<'py>,
    plan: &Bound<'py, Plan>,
    files: Vec<Bound<'py, PyBytes>>,
    hint: Option<&str>,
    is_utf8: bool,
) -> PyResult<Vec<Option<Answer<'py>>>> {
    let hint = match hint {
        Some(name) => {
            Some(decode::hint(name).ok_or_else(|| PyValueError::new_err(name.to_owned()))?)
        }
        None => None,
    };
    let plan = plan.get();
    let all: Vec<&[u8]> = files.iter().map(|file| file.as_bytes()).collect();
    let failed = Mutex::new(None);
    let made: Vec<_> = py.detach(|| {
        let one = |data: &&[u8]| {
            if is_utf8 {
                let new = plan.rewrite_utf8(data, utf8::look(data), &failed)?;
                Some((new, "utf-8", 0))
            } else {
                plan.rewrite_one(data, hint, &failed)
            }
        };
        if all.len() == 1 {
            all.iter().map(one).collect()
        } else {
            all.par_iter().map(one).collect()
        }
    });
    raise(failed)?;
    let answers = made.into_iter().map(|answer| {
        answer.map(|(new, encoding, losses)| {
            (new.map(|new| PyBytes::new(py, &new)), encoding, losses)
        })
    });
    Ok(answers.collect())
}

/// Lines of JSON, as UTF-8, with the texts of their fields after all stages; a line that is no JSON
/// stays as it is. Python hands over whole lines.
#[pyfunction]
pub fn rewrite_json<'py>(
    py: Python<'py>,
    plan: &Bound<'py, Plan>,
    data: &Bound<'py, PyBytes>,
    fields: Vec<String>,
) -> PyResult<JsonAnswer<'py>> {
    let fields = Fields::new(fields);
    let plan = plan.get();
    let bytes = data.as_bytes();
    let failed = Mutex::new(None);
    let made: Vec<Line> = py.detach(|| {
        let lines: Vec<&[u8]> = lines::split(bytes).collect();
        let one = |line: &&[u8]| plan.rewrite_line(line, &fields, &failed);
        lines.par_iter().with_min_len(8).map(one).collect()
    });
    raise(failed)?;
    let broken = |(at, line): (usize, &Line)| matches!(line, Line::Broken).then_some(at);
    let broken = made.iter().enumerate().filter_map(broken).collect();
    let changed = made.iter().map(Line::changed).sum();
    if changed == 0 {
        return Ok((None, broken, 0));
    }
    let new = py.detach(|| {
        let mut new = Vec::with_capacity(bytes.len() + bytes.len() / 16);
        for (old, line) in lines::split(bytes).zip(&made) {
            match line {
                Line::Changed(line, _) => new.extend_from_slice(line),
                _ => new.extend_from_slice(old),
            }
        }
        new
    });
    Ok((Some(PyBytes::new(py, &new)), broken, changed))
}

/// What became of a line.
enum Line {
    Same,
    Broken,
    Changed(Vec<u8>, usize),
}

impl Line {
    fn changed(&self) -> usize {
        match self {
            Line::Changed(_, texts) => *texts,
            _ => 0,
        }
    }
}

impl Plan {
    fn rewrite_one(
        &self,
        data: &[u8],
        hint: Option<decode::Hint>,
        failed: &Mutex<Option<PyErr>>,
    ) -> Option<(Option<Vec<u8>>, &'static str, usize)> {
        let look = utf8::look(data);
        if decode::may_be_utf8_only(data, look)
            && let Some(new) = self.rewrite_utf8(data, look, failed)
        {
            let encoding = if look.greatest < 0x80 {
                "ascii"
            } else {
                "utf-8"
            };
            return Some((new, encoding, 0));
        }
        let asks_others = Cell::new(false);
        let others = |_: &[u8]| {
            asks_others.set(true);
            None
        };
        let options = decode::Options { hint, keeps: false };
        let (piece, decision) = decode::decode(data, options, Some(&others));
        if asks_others.get() || decode::has_mark(data) {
            // Others know more languages; and what becomes of a mark is an option of the command.
            return None;
        }
        let new = match &piece.text {
            Written::Narrow(units) => self.rewrite_units(units, failed),
            Written::Wide(units) => self.rewrite_units(units, failed),
        };
        let new = new.unwrap_or_else(|| match &piece.text {
            Written::Narrow(units) => to_utf8(units),
            Written::Wide(units) => to_utf8(units),
        });
        let is_changed = new != data;
        let losses = piece.losses.len();
        Some((is_changed.then_some(new), decision.encoding, losses))
    }

    /// UTF-8 after all stages, or `None` inside if it stays as it is; `None` if it is no UTF-8.
    fn rewrite_utf8(
        &self,
        data: &[u8],
        look: utf8::Look,
        failed: &Mutex<Option<PyErr>>,
    ) -> Option<Option<Vec<u8>>> {
        if look.greatest >= 0xF0 {
            let mut units = vec![0_u32; look.length];
            return utf8::write(data, &mut units).then(|| self.rewrite_units(&units, failed));
        }
        let mut units = vec![0_u16; look.length];
        utf8::write(data, &mut units).then(|| self.rewrite_units(&units, failed))
    }

    fn rewrite_units<T: PyUnit>(
        &self,
        units: &[T],
        failed: &Mutex<Option<PyErr>>,
    ) -> Option<Vec<u8>> {
        match self.run(units, failed)? {
            Written::Narrow(new) => Some(to_utf8(&new)),
            Written::Wide(new) => Some(to_utf8(&new)),
        }
    }

    fn rewrite_line(&self, line: &[u8], fields: &Fields, failed: &Mutex<Option<PyErr>>) -> Line {
        if line.trim_ascii().is_empty() {
            return Line::Same;
        }
        let Some(places) = json::places(line, fields) else {
            return Line::Broken;
        };
        let (mut new, mut done, mut changed) = (Vec::new(), 0, 0);
        for (start, end) in places {
            let inside = &line[start + 1..end - 1];
            if let Some(written) = self.rewrite_string(inside, failed) {
                new.extend_from_slice(&line[done..=start]);
                new.extend_from_slice(&written);
                done = end - 1;
                changed += 1;
            }
        }
        if changed == 0 {
            return Line::Same;
        }
        new.extend_from_slice(&line[done..]);
        Line::Changed(new, changed)
    }

    /// What stands between the quotes afterwards, if that is something else.
    fn rewrite_string(&self, inside: &[u8], failed: &Mutex<Option<PyErr>>) -> Option<Vec<u8>> {
        if let Some(units) = plain::read(inside) {
            return Some(match self.run(&units, failed)? {
                Written::Narrow(new) => plain::write(&new),
                Written::Wide(new) => {
                    let mut written = Vec::with_capacity(inside.len() + inside.len() / 16);
                    json::write(&mut written, new, false);
                    written
                }
            });
        }
        let text = json::characters(inside);
        let in_ascii = json::is_in_ascii(inside);
        let mut written = Vec::with_capacity(inside.len() + inside.len() / 16);
        json::write(&mut written, text.iter().copied(), in_ascii);
        if written == inside {
            // Nothing is lost by writing all of it again.
            let new = if text.iter().all(|one| *one <= 0xFFFF) {
                let units: Vec<u16> = text.iter().map(|one| *one as u16).collect();
                self.run(&units, failed)?.to_wide()
            } else {
                self.run(&text, failed)?.to_wide()
            };
            written.clear();
            json::write(&mut written, new, in_ascii);
            return Some(written);
        }
        // Escapes that nobody needs, and that stay where nothing is changed.
        let account = self.with_other(failed, |other| {
            pipeline::explain(&text, self.stages(), other)
        });
        account.text?;
        written.clear();
        let (mut at, mut point) = (0, 0);
        for edit in &account.edits {
            let start = at + json::length_of(&inside[at..], edit.start - point);
            written.extend_from_slice(&inside[at..start]);
            json::write(&mut written, edit.new.iter().copied(), in_ascii);
            at = start + json::length_of(&inside[start..], edit.end - edit.start);
            point = edit.end;
        }
        written.extend_from_slice(&inside[at..]);
        Some(written)
    }
}

/// UTF-8; lone surrogates as three bytes each, as Python's `surrogatepass` has them.
fn to_utf8<T: PyUnit>(units: &[T]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(units.len() * 3);
    if let Some(units) = T::as_u16(units)
        && !units.iter().any(|unit| (0xD800..0xE000).contains(unit))
    {
        push_utf8(&mut bytes, units);
        return bytes;
    }
    for unit in units {
        let point = unit.wide();
        match char::from_u32(point) {
            Some(character) => {
                bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            None => bytes.extend_from_slice(&[
                0xE0 | (point >> 12) as u8,
                0x80 | (point >> 6 & 0x3F) as u8,
                0x80 | (point & 0x3F) as u8,
            ]),
        }
    }
    bytes
}
