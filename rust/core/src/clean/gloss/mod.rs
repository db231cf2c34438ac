//! Gloss: pinyin that web mirrors put behind common characters, and what it broke.
//!
//! Such mirrors replace *bytes* of GBK text, `X` by `X(pinyin)`, without regard to where characters
//! begin. Inside a character this leaves `推進(jìn)`. Across two characters it also tears them
//! apart: 因為西域 is D2F2 9EE9 CEF7 D3F2; 驗 is F29E, so `(yàn)` lands between the halves of 為, the
//! decoder reads a lone 9E with the bracket as `?`, and pairs the bytes behind it anew: 因?yàn)槲饔.
//! Deleting the gloss first would destroy the clue. So a line with glosses is taken back to GBK
//! bytes, the insertions are deleted there, lost bytes are put back, and what comes of it is read
//! again.
//!
//! Legitimate glosses (a lesson, a dictionary, a rare name: 劉濞(bì)) are told from the damage by
//! the document. The damage strikes common Traditional characters alone, in running text, with the
//! reading a table has for them, and several of them; see [`evidence`]. Short texts of one corpus are decided
//! together; see [`pool`].

mod bytes;
mod doubled;
mod evidence;
mod pool;
mod token;

pub use pool::{Pool, Pooled};

use super::Context;
use crate::edit::{Edit, Kind};
use crate::text::{CodeUnit, lines};

/// Glosses undone in all lines, if the document shows that they are damage.
pub fn edits<T: CodeUnit>(text: &[T], context: &Context) -> Vec<Edit> {
    let mut edits = Vec::new();
    let tokens = token::tokens(
        text,
        context.runs.places_of(text, Kind::Gloss, token::is_end),
    );
    if tokens.is_empty() {
        return edits;
    }
    let pooled = &context.options.pooled;
    if evidence::is_damage(text, &tokens, pooled) {
        let mut rest = &tokens[..];
        for line in lines(text) {
            let here = rest.partition_point(|token| token.start < line.end);
            let (tokens, later) = rest.split_at(here);
            rest = later;
            if !tokens.is_empty() {
                bytes::undo(text, line, tokens, context, &mut edits);
            }
        }
    } else if doubled::is_damage(text, &tokens, pooled) {
        doubled::undo(text, &tokens, context, &mut edits);
    }
    edits
}
