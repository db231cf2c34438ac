//! Marks that say what is not so: FF FE before UTF-8 or GBK, EF BB BF before UTF-16 or Shift_JIS.
//!
//! In: what a byte order mark says, and the bytes behind it. Out: what they are, if that is far likelier. Never doubts
//! a mark whose encoding reads them as text.

use super::candidates::{self, Choice};
use super::names::hint;
use crate::codec::{StepEncoding, utf8};

/// Bytes that are enough to tell.
const LOOKED_AT: usize = 1024;
/// Tenths of a nat a character that text costs at the most, as the mark says it is.
const DOUBTFUL: u64 = 92;
/// Tenths of a nat by which another reading must be better.
const CONVINCING: u64 = 300;

/// What the bytes are, if the mark lies.
pub(super) fn contradicted(marked: StepEncoding, rest: &[u8], is_complete: bool) -> Option<Choice> {
    let width = match marked {
        StepEncoding::Utf8 if utf8::is_begun(rest, is_complete) => return None,
        StepEncoding::Utf8 => 1,
        StepEncoding::Utf16(_) => 2,
        // Four bytes a mark are no accident.
        _ => return None,
    };
    let near = &rest[..rest.len().min(LOOKED_AT)];
    let as_marked = candidates::weigh(near, marked);
    let is_text = as_marked.errors == 0 && as_marked.cost <= DOUBTFUL * (near.len() / width) as u64;
    if rest.is_empty() || (width == 2 && is_text) {
        return None;
    }
    let choice = candidates::choose(rest, hint(marked.name()));
    let is_wide = matches!(
        choice.encoding,
        StepEncoding::Utf16(_) | StepEncoding::Utf32(_)
    );
    // What letters of two bytes leave of themselves in other encodings; of the other order all may be read.
    let is_control = |byte: &u8| matches!(byte, 0..=0x08 | 0x0E..=0x1A | 0x7F);
    let is_likely = match is_wide {
        true => width == 1,
        false => !near.iter().any(is_control),
    };
    if choice.encoding.name() == marked.name() || !is_likely {
        return None;
    }
    let weight = candidates::weigh(near, choice.encoding);
    // The last character of what is near may be cut.
    let is_read = weight.errors <= usize::from(near.len() < rest.len());
    (is_read && weight.cost + CONVINCING < as_marked.cost).then_some(choice)
}
