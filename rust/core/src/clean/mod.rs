//! Clean: undo what scraping, PDF extraction and careless normalization do to characters.
//!
//! In: any text. Out: edits. Never applies a compatibility fold to Chinese punctuation.

use crate::edit::Edit;
use crate::protect::Terms;
use crate::text::CodeUnit;

/// A set of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Steps(u32);

/// Tidy a text.
pub fn clean<T: CodeUnit>(_text: &[T], _steps: Steps, _terms: &Terms) -> Vec<Edit> {
    Vec::new()
}
