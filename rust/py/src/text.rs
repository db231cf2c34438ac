//! A `str` is read where it lies and written once: PEP 393 buffers, no UTF-8 in between.

use hanfix_core::codec::utf8;
use hanfix_core::memory;
use hanfix_core::text::{CodeUnit, Written};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyString;
use std::ffi::{c_int, c_void};
use std::mem::MaybeUninit;

/// Run a generic expression on a buffer, whatever its width.
macro_rules! on_units {
    ($units:expr, $slice:ident => $body:expr) => {
        match $units {
            $crate::text::Units::Latin1($slice) => $body,
            $crate::text::Units::Ucs2($slice) => $body,
            $crate::text::Units::Ucs4($slice) => $body,
        }
    };
}
pub(crate) use on_units;

/// The buffer of a `str`: one, two or four bytes a code point, whichever the widest needs.
#[derive(Clone, Copy)]
pub enum Units<'a> {
    Latin1(&'a [u8]),
    Ucs2(&'a [u16]),
    Ucs4(&'a [u32]),
}

impl Units<'_> {
    /// Length in code points.
    pub fn len(&self) -> usize {
        on_units!(self, slice => slice.len())
    }

    /// The first and the last code point, mixed: who reads them has the memory of a short text near.
    pub fn ends(&self) -> u32 {
        on_units!(self, slice => {
            let ends = [slice.first(), slice.last()];
            ends.into_iter().flatten().fold(0, |both, unit| both ^ unit.wide())
        })
    }
}

/// The buffer of a `str`. It never changes while the object lives, so it may be read without the
/// interpreter.
pub fn units<'a>(text: &'a Bound<'_, PyString>) -> Units<'a> {
    let object = text.as_ptr();
    // SAFETY: `object` is a `str` and alive for `'a`; since Python 3.12 every one, and before that
    // every one that Python code can hold, is in canonical form, whose kind and length describe
    // the buffer at DATA. A `str` is immutable.
    unsafe {
        let length = ffi::PyUnicode_GET_LENGTH(object) as usize;
        let data = ffi::PyUnicode_DATA(object);
        if length == 0 {
            return Units::Latin1(&[]);
        }
        match ffi::PyUnicode_KIND(object) {
            ffi::PyUnicode_1BYTE_KIND => {
                Units::Latin1(std::slice::from_raw_parts(data.cast(), length))
            }
            ffi::PyUnicode_2BYTE_KIND => {
                Units::Ucs2(std::slice::from_raw_parts(data.cast(), length))
            }
            _ => Units::Ucs4(std::slice::from_raw_parts(data.cast(), length)),
        }
    }
}

/// A width that Python's own constructor takes.
pub trait PyUnit: CodeUnit {
    const KIND: c_int;

    /// The same slice, if it is one of two bytes a code point.
    fn as_u16(_units: &[Self]) -> Option<&[u16]> {
        None
    }
}
impl PyUnit for u8 {
    const KIND: c_int = ffi::PyUnicode_1BYTE_KIND as c_int;
}
impl PyUnit for u16 {
    const KIND: c_int = ffi::PyUnicode_2BYTE_KIND as c_int;

    fn as_u16(units: &[u16]) -> Option<&[u16]> {
        Some(units)
    }
}
impl PyUnit for u32 {
    const KIND: c_int = ffi::PyUnicode_4BYTE_KIND as c_int;
}

/// A `str` of code points, in the narrowest form that holds them.
pub fn to_py<'py, T: PyUnit>(py: Python<'py>, units: &[T]) -> PyResult<Bound<'py, PyString>> {
    if units.len() >= LONG {
        return long_to_py(py, units);
    }
    // SAFETY: the pointer and length are a slice's; the answer is a new reference or an error set.
    unsafe {
        let made = ffi::PyUnicode_FromKindAndData(
            T::KIND,
            units.as_ptr().cast(),
            units.len() as ffi::Py_ssize_t,
        );
        Ok(Bound::from_owned_ptr_or_err(py, made)?.cast_into_unchecked())
    }
}

/// From so many code points on, the memory of a `str` is asked for in large pages.
const LONG: usize = 1 << 20;

fn long_to_py<'py, T: PyUnit>(py: Python<'py>, units: &[T]) -> PyResult<Bound<'py, PyString>> {
    // All bits of all code points: no less than the greatest, and in the same class.
    let all = units.iter().fold(0, |all, unit| all | unit.wide());
    let widest: ffi::Py_UCS4 = match all {
        0..0x80 => 0x7F,
        0x80..0x100 => 0xFF,
        0x100..0x1_0000 => 0xFFFF,
        _ => 0x10_FFFF,
    };
    let length = units.len();
    // SAFETY: the answer is a new reference or null with an error set. Its buffer holds `length` places of the
    // kind that `widest` asks for, nobody else has seen the object, and every place is written.
    unsafe {
        let made = ffi::PyUnicode_New(length as ffi::Py_ssize_t, widest);
        let text = Bound::from_owned_ptr_or_err(py, made)?;
        let data = ffi::PyUnicode_DATA(made);
        let width = ffi::PyUnicode_KIND(made) as usize;
        memory::advise(data.cast(), length * width);
        match widest {
            0..=0xFF => fill(places::<u8>(data, length), units),
            0x100..=0xFFFF => fill(places::<u16>(data, length), units),
            _ => fill(places::<u32>(data, length), units),
        }
        Ok(text.cast_into_unchecked())
    }
}

fn fill<T: CodeUnit, U: CodeUnit>(places: &mut [MaybeUninit<T>], units: &[U]) {
    for (place, unit) in places.iter_mut().zip(units) {
        place.write(T::cut(unit.wide()));
    }
}

/// A `str` of what a stage has written, whose memory is left to the next text.
pub fn written_to_py<'py, T: PyUnit>(
    py: Python<'py>,
    written: Written<T>,
) -> PyResult<Bound<'py, PyString>> {
    let made = match &written {
        Written::Narrow(units) => to_py(py, units),
        Written::Wide(code_points) => to_py(py, code_points),
    };
    written.give_back();
    made
}

/// A `str` of UTF-8, written straight into its buffer; `None` if the bytes are no UTF-8.
pub fn utf8_to_py<'py>(
    py: Python<'py>,
    bytes: &[u8],
    look: utf8::Look,
) -> PyResult<Option<Bound<'py, PyString>>> {
    // What the widest code point is at most: that decides how wide all are.
    let widest: ffi::Py_UCS4 = match look.greatest {
        0..0x80 => 0x7F,
        0x80..0xC4 => 0xFF,
        0xC4..0xF0 => 0xFFFF,
        _ => 0x10_FFFF,
    };
    // SAFETY: the answer is a new reference or null with an error set. Its buffer holds `length`
    // places of the kind that `widest` asks for, and nobody else has seen the object; it becomes
    // visible only once every place was written. `widest` is exact for valid UTF-8, so the form is
    // canonical: a byte from C4 on begins a code point beyond U+00FF, one from F0 on one beyond
    // U+FFFF, and the last byte of none is greater than its first.
    unsafe {
        let made = ffi::PyUnicode_New(look.length as ffi::Py_ssize_t, widest);
        let text = Bound::from_owned_ptr_or_err(py, made)?;
        let (data, length) = (ffi::PyUnicode_DATA(made), look.length);
        let is_written = length == 0
            || match widest {
                0..=0x7F => {
                    std::ptr::copy_nonoverlapping(bytes.as_ptr(), data.cast(), length);
                    true
                }
                0x80..=0xFF => utf8::write(bytes, places::<u8>(data, length)),
                0x100..=0xFFFF => utf8::write(bytes, places::<u16>(data, length)),
                _ => utf8::write(bytes, places::<u32>(data, length)),
            };
        Ok(is_written.then(|| text.cast_into_unchecked()))
    }
}

/// The places of a buffer that nothing was written to.
///
/// # Safety
///
/// `data` points to room for `length` of `T`, which only the caller uses while the slice lives.
unsafe fn places<'a, T>(data: *mut c_void, length: usize) -> &'a mut [MaybeUninit<T>] {
    // SAFETY: by the contract; a place that was not written is a valid `MaybeUninit`.
    unsafe { std::slice::from_raw_parts_mut(data.cast(), length) }
}
