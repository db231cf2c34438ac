//! What the command needs of files: which there are, and where in them text stands.
//!
//! In: folders, or the contents of a file. Out: paths ([`walk`]), and the places of the texts in
//! JSON lines ([`json`]) and Markdown ([`markdown`]). Never: reads a file, or changes anything; no
//! Chinese is known here.

pub mod walk;

pub mod json;
pub mod lines;

pub mod markdown;

pub mod plain;
