//! From bytes of unknown encoding to clean Chinese in one script.
//!
//! ```text
//! bytes → decode → repair → clean → convert → text
//!            every stage: text in; edits and evidence out
//!            detect looks at all of it, and changes nothing
//! ```
//!
//! Start at [`pipeline`], the only place that knows the order. A stage is a room with one door;
//! rooms share [`text`], [`edit`], [`protect`], [`tables`] and [`codec`], and never one another.
//!
//! Text is a slice of code points in whatever width the caller holds it ([`text::CodeUnit`]: one,
//! two or four bytes, the three shapes of a Python `str`). Lone surrogates are code points like any
//! other, so every `str` can be worked on where it lies.

pub mod text;

pub mod edit;

pub mod tables;

pub mod codec;

pub mod protect;

pub mod decode;

pub mod repair;

pub mod clean;

pub mod convert;

pub mod detect;

pub mod memory;

pub mod pipeline;
