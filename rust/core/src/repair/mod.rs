//! Repair: undo text that was decoded with the wrong encoding.
//!
//! In: any text. Out: edits and losses. Never touches text that scores no worse than its repair.

use crate::edit::{Edit, Loss};
use crate::text::CodeUnit;

/// What was found in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repaired {
    /// Mojibake undone, in order.
    pub edits: Vec<Edit>,
    /// What cannot be undone.
    pub losses: Vec<Loss>,
}

/// A fixer for mojibake of other languages: given a line, answers what it was meant to be.
pub type OtherLanguages<'a> = &'a dyn Fn(&[u32]) -> Option<Vec<u32>>;

/// Undo mojibake in a text.
pub fn repair<T: CodeUnit>(_text: &[T], _other: Option<OtherLanguages>) -> Repaired {
    Repaired::default()
}
