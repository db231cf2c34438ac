//! Dictionaries compiled into double-array tries over code points: built once, read in place.
//!
//! Comes in: dictionaries in OpenCC's text format ([`source`]) and a description of how a conversion
//! uses them ([`plan`]). Goes out: one run of `u32` words that a [`Bundle`](view::Bundle) reads where
//! it lies, embedded in a binary or made a moment ago from a user's folder. Never: a panic, an index
//! out of bounds or an endless walk, whatever the words say; a result that depends on hash order.
//!
//! The tables that ship are made by the `pack` program of this crate, so what compiles a user's
//! dictionary at run time is what compiled ours.
//!
//! ```text
//! text dictionaries ─ source ─┐
//! description ────── plan ────┴→ reference (slow, literal: the specification)
//!                                compile  → trie (builder) → words → view (reader)
//! ```

pub mod source;

pub mod plan;

pub mod ids;

pub mod reference;

pub mod trie;

pub mod compile;

pub mod view;

/// Why words or sources could not be made into tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(String);

impl Error {
    /// An error with its sentence.
    #[cold]
    pub fn new(message: impl Into<String>) -> Error {
        Error(message.into())
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Error {}
