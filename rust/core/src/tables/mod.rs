//! What was compiled ahead by `data/build.py`, read where it lies in the binary.
//!
//! `data/FORMAT.md` documents every field. `build.rs` refuses to compile a table whose SHA-256 is
//! not the one in `tables/MANIFEST`.

pub mod characters;
pub mod likelihood;

/// A table's bytes, aligned for reading as `u32` or `u64` in place.
#[repr(C, align(64))]
pub struct Aligned<Bytes: ?Sized> {
    #[doc(hidden)]
    pub bytes: Bytes,
}

/// Embed a file of this folder: `static TABLE: &[u8] = embed!("name.bin");`
macro_rules! embed {
    ($name:literal) => {{
        static TABLE: &$crate::tables::Aligned<[u8]> = &$crate::tables::Aligned {
            bytes: *include_bytes!($name),
        };
        &TABLE.bytes
    }};
}
pub(crate) use embed;

pub(crate) mod cns;

pub mod dictionaries;

pub mod phrases;

pub mod readings;

pub mod scripts;
