//! `Plan` on the bytes of files: read, normalized and written again without Python in between.
//!
//! In: files, or lines of JSON. Out: bytes, or that they stay as they are, or that Python has to look
//! at them itself. Never: another answer than decoding, normalizing and encoding in Python gives.

use crate::made::Made;
use crate::plan::{Plan, raise};
use crate::text::PyUnit;
use crate::threads;
use hanfix_core::codec::utf8;
use hanfix_core::decode;
use hanfix_core::pipeline;
use hanfix_core::text::Written;
use hanfix_files::json::{self, Fields};
use hanfix_files::lines;
use hanfix_files::plain;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::cell::Cell;
use std::sync::Mutex;

/// New bytes or `None` for the same, encoding, number of losses.
type Answer<'py> = (Option<Bound<'py, PyAny>>, &'static str, usize);

/// New bytes or `None` for the same, the lines that are no JSON, how many texts changed, and how many
/// there are.
type JsonAnswer<'py> = (Option<Bound<'py, Made>>, Vec<usize>, usize, usize);

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
        let one = |data: &[u8]| {
            if is_utf8 {
                let new = plan.rewrite_utf8(data, utf8::look(data), &failed)?;
                Some((new, "utf-8", 0))
            } else {
                plan.rewrite_one(data, hint, &failed)
            }
        };
        threads::map(all, one)
    });
    raise(failed)?;
    let object = |new: Vec<u8>| match is_utf8 {
        true => Ok(Bound::new(py, Made(new))?.into_any()),
        false => PyResult::Ok(PyBytes::new(py, &new).into_any()),
    };
    made.into_iter()
        .map(|answer| {
            let answer = answer.map(|(new, encoding, losses)| {
                PyResult::Ok((new.map(object).transpose()?, encoding, losses))
            });
            answer.transpose()
        })
        .collect()
}

/// Pieces of lines of JSON, as UTF-8, each with the texts of their fields after all stages; a line that
/// is no JSON stays as it is. Python hands over whole lines.
#[pyfunction]
pub fn rewrite_json<'py>(
    py: Python<'py>,
    plan: &Bound<'py, Plan>,
    pieces: Vec<Bound<'py, PyBytes>>,
    fields: Vec<String>,
) -> PyResult<Vec<JsonAnswer<'py>>> {
    let fields = Fields::new(fields);
    let plan = plan.get();
    let all: Vec<&[u8]> = pieces.iter().map(|piece| piece.as_bytes()).collect();
    let failed = Mutex::new(None);
    let made: Vec<Joined> = py.detach(|| {
        // The groups of all pieces at once: nobody waits for the last group of a piece.
        let numbered = all.iter().enumerate();
        let groups = numbered.flat_map(|(number, piece)| {
            lines::groups(piece, TOGETHER).map(move |one| (number, one))
        });
        let groups: Vec<(usize, &[u8])> = groups.collect();
        let one = |(number, group)| (number, group, plan.rewrite_lines(group, &fields, &failed));
        let made: Vec<(usize, &[u8], Lines)> = threads::map(groups, one);
        let of_piece = |number: usize| {
            let start = made.partition_point(|(of, _, _)| *of < number);
            let end = made.partition_point(|(of, _, _)| *of <= number);
            joined(&made[start..end])
        };
        threads::map((0..all.len()).collect(), of_piece)
    });
    raise(failed)?;
    let answers = made.into_iter().map(|(new, broken, changed, texts)| {
        let new = new.map(|new| Bound::new(py, Made(new))).transpose()?;
        Ok((new, broken, changed, texts))
    });
    answers.collect()
}

/// [`JsonAnswer`], before the interpreter has it.
type Joined = (Option<Vec<u8>>, Vec<usize>, usize, usize);

/// The groups of a piece, one behind the other.
fn joined(made: &[(usize, &[u8], Lines)]) -> Joined {
    let (mut broken, mut changed, mut texts, mut count, mut length) = (Vec::new(), 0, 0, 0, 0);
    for (_, group, lines) in made {
        broken.extend(lines.broken.iter().map(|line| count + line));
        count += lines.count;
        changed += lines.changed;
        texts += lines.texts;
        length += lines.written(group).len();
    }
    if changed == 0 {
        return (None, broken, 0, texts);
    }
    let mut new = Vec::with_capacity(length);
    for (_, group, lines) in made {
        new.extend_from_slice(lines.written(group));
    }
    (Some(new), broken, changed, texts)
}

/// Bytes of lines that a thread rewrites one after the other into one buffer.
const TOGETHER: usize = 1 << 14;

/// What became of some lines.
#[derive(Default)]
struct Lines {
    /// As they are now, if any of them changed.
    new: Vec<u8>,
    count: usize,
    /// Those that are no JSON, counted from 0.
    broken: Vec<usize>,
    /// Texts found, and how many of them changed.
    texts: usize,
    changed: usize,
}

impl Lines {
    fn written<'a>(&'a self, given: &'a [u8]) -> &'a [u8] {
        if self.changed == 0 { given } else { &self.new }
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

    fn rewrite_lines(&self, given: &[u8], fields: &Fields, failed: &Mutex<Option<PyErr>>) -> Lines {
        let mut made = Lines {
            // What is written is seldom much longer than what was read; growing to it copies all of it again.
            new: Vec::with_capacity(given.len() + given.len() / 2),
            ..Lines::default()
        };
        for line in lines::split(given) {
            let number = made.count;
            made.count += 1;
            let is_blank = line.trim_ascii().is_empty();
            let Some(places) = (if is_blank {
                Some(Vec::new())
            } else {
                json::places(line, fields)
            }) else {
                made.broken.push(number);
                made.new.extend_from_slice(line);
                continue;
            };
            made.texts += places.len();
            let mut done = 0;
            for (start, end) in places {
                let before = made.new.len();
                made.new.extend_from_slice(&line[done..=start]);
                if self.rewrite_string(&line[start + 1..end - 1], &mut made.new, failed) {
                    done = end - 1;
                    made.changed += 1;
                } else {
                    made.new.truncate(before);
                }
            }
            made.new.extend_from_slice(&line[done..]);
        }
        made
    }

    /// Put what stands between the quotes afterwards behind `written`, if that is something else.
    fn rewrite_string(
        &self,
        inside: &[u8],
        written: &mut Vec<u8>,
        failed: &Mutex<Option<PyErr>>,
    ) -> bool {
        if let Some(units) = plain::read(inside) {
            match self.run(&units, failed) {
                None => return false,
                Some(Written::Narrow(new)) => plain::write(written, &new),
                Some(Written::Wide(new)) => json::write(written, new, false),
            }
            return true;
        }
        let text = json::characters(inside);
        let in_ascii = json::is_in_ascii(inside);
        let from = written.len();
        json::write(written, text.iter().copied(), in_ascii);
        let comes_back = &written[from..] == inside;
        written.truncate(from);
        if comes_back {
            // Nothing is lost by writing all of it again.
            let new = if text.iter().all(|one| *one <= 0xFFFF) {
                let units: Vec<u16> = text.iter().map(|one| *one as u16).collect();
                self.run(&units, failed).map(|new| new.to_wide())
            } else {
                self.run(&text, failed).map(|new| new.to_wide())
            };
            return new.is_some_and(|new| {
                json::write(written, new, in_ascii);
                true
            });
        }
        // Escapes that nobody needs, and that stay where nothing is changed.
        let account = self.with_other(failed, |other| {
            pipeline::explain(&text, self.stages(), other)
        });
        if account.text.is_none() {
            return false;
        }
        let (mut at, mut point) = (0, 0);
        for edit in &account.edits {
            let start = at + json::length_of(&inside[at..], edit.start - point);
            written.extend_from_slice(&inside[at..start]);
            json::write(written, edit.new.iter().copied(), in_ascii);
            at = start + json::length_of(&inside[start..], edit.end - edit.start);
            point = edit.end;
        }
        written.extend_from_slice(&inside[at..]);
        true
    }
}

/// UTF-8; lone surrogates as three bytes each, as Python's `surrogatepass` has them.
fn to_utf8<T: PyUnit>(units: &[T]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let Some(narrow) = T::as_u16(units) else {
        bytes.reserve(units.len() * 4);
        units
            .iter()
            .for_each(|unit| push_point(&mut bytes, unit.wide()));
        return bytes;
    };
    let mut from = 0;
    loop {
        from += utf8::push_while(&mut bytes, &narrow[from..], |_| true);
        let Some(&unit) = narrow.get(from) else {
            return bytes;
        };
        push_point(&mut bytes, u32::from(unit));
        from += 1;
    }
}

fn push_point(bytes: &mut Vec<u8>, point: u32) {
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
