//! Bytes that the core has made, as Python reads them: through the buffer protocol, without a copy.

use pyo3::exceptions::PyBufferError;
use pyo3::ffi;
use pyo3::prelude::*;
use std::os::raw::c_int;

/// What `bytes` could hold, for whoever only writes it: a copy of a corpus took a twentieth of its time.
#[pyclass(frozen, module = "hanfix._core")]
pub struct Made(pub Vec<u8>);

#[pymethods]
impl Made {
    fn __len__(&self) -> usize {
        self.0.len()
    }

    /// # Safety
    ///
    /// `view` is what the interpreter hands over: null, or valid for writing.
    unsafe fn __getbuffer__(
        slf: Bound<'_, Self>,
        view: *mut ffi::Py_buffer,
        flags: c_int,
    ) -> PyResult<()> {
        if view.is_null() {
            return Err(PyBufferError::new_err("no view"));
        }
        let bytes = &slf.get().0;
        let length = isize::try_from(bytes.len())?;
        // SAFETY: the view holds a reference to `slf`, which is never changed; so the bytes stay where they are.
        let done = unsafe {
            ffi::PyBuffer_FillInfo(
                view,
                slf.as_ptr(),
                bytes.as_ptr().cast_mut().cast(),
                length,
                1,
                flags,
            )
        };
        if done == 0 {
            Ok(())
        } else {
            Err(PyErr::fetch(slf.py()))
        }
    }
}
