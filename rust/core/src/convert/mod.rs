//! Convert: one consistent script.
//!
//! In: any text and a target. Out: edits. Never changes a character that is right in the target.

mod cascade;

pub mod engine;

mod longest;

pub mod opencc;

pub mod sink;
