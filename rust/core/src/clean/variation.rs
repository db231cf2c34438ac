//! Variation: selectors behind ideographs, which ask for a glyph that few fonts have.
//!
//! Off unless asked for: the choice of glyph is lost. Selectors behind emoji stay.

use super::Context;
use crate::edit::{Edit, Kind};
use crate::text::{CodeUnit, is_han};

pub fn edits<T: CodeUnit>(text: &[T], context: &Context) -> Vec<Edit> {
    let is_selector = |c: u32| matches!(c, 0xFE00..=0xFE0F | 0xE0100..=0xE01EF);
    let mut edits: Vec<Edit> = Vec::new();
    for at in 1..text.len() {
        if !is_selector(text[at].wide()) || context.is_protected(at) {
            continue;
        }
        match edits.last_mut() {
            Some(last) if last.end == at => last.end += 1,
            _ if is_han(text[at - 1].wide()) => {
                edits.push(Edit::new(at, at + 1, [], Kind::Variation));
            }
            _ => {}
        }
    }
    edits
}
