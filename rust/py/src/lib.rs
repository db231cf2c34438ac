//! `hanfix._core`: the core, as Python sees it.
//!
//! Conversions between objects, nothing else: arguments, defaults and documentation are Python's
//! (`src/hanfix`), algorithms are the core's. Every function takes plain positional values and
//! releases the interpreter while the core works.

mod clean;
mod convert;
mod decode;
mod detect;
mod edits;
mod files;
mod made;
mod plan;
mod pool;
mod repair;
mod rewrite;
mod text;
mod threads;

use pyo3::prelude::*;

#[pymodule(gil_used = false)]
mod _core {
    use pyo3::prelude::*;

    #[pymodule_export]
    use super::clean::clean_text;
    #[pymodule_export]
    use super::convert::{Converter, OpenCC, canonical_target, opencc_names, parse_dictionary};
    #[pymodule_export]
    use super::decode::{
        DecodeStream, byte_places, decode_bytes, decode_utf8, knows_encoding, likelihood,
        register_encoding, utf8_is_ascii,
    };
    #[pymodule_export]
    use super::detect::detect_text;
    #[pymodule_export]
    use super::files::{
        Files, json_places, json_read, json_write, keep_memory, line_ends, markdown_runs,
    };
    #[pymodule_export]
    use super::made::Made;
    #[pymodule_export]
    use super::plan::Plan;
    #[pymodule_export]
    use super::pool::Pool;
    #[pymodule_export]
    use super::repair::repair_py;
    #[pymodule_export]
    use super::rewrite::{rewrite, rewrite_json};

    /// The version of the crate; the Python package has the same.
    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");

    #[pymodule_init]
    fn init(_module: &Bound<'_, PyModule>) -> PyResult<()> {
        Ok(())
    }
}
