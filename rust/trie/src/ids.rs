//! Ideographic description sequences: characters described by their parts, as in ⿰钅只.
//!
//! OpenCC leaves a whole sequence alone where it begins at a place that no key matches, since its
//! parts are no characters of the text. The limits below are OpenCC 1.4's (`UTF8Util.hpp`).

use std::ops::RangeInclusive;

/// Deepest nesting that is still read as a sequence.
const MAX_DEPTH: usize = 16;
/// Longest sequence, in code points.
const MAX_LENGTH: usize = 64;

/// What a sequence begins with.
pub const OPERATORS: RangeInclusive<u32> = 0x2FF0..=0x2FFF;

/// Whether the code point is an operator.
#[inline(always)]
pub fn is_operator(code_point: u32) -> bool {
    OPERATORS.contains(&code_point)
}

/// How many parts an operator joins.
fn arity(code_point: u32) -> usize {
    match code_point {
        0x2FF2 | 0x2FF3 => 3,
        0x2FFE | 0x2FFF => 1,
        0x2FF0..=0x2FFD => 2,
        _ => 0,
    }
}

/// Length of the complete sequence that begins at the first code point; 0 if none does.
///
/// `at` answers the code point at an offset, or `None` past the end.
#[cold]
pub fn length(mut at: impl FnMut(usize) -> Option<u32>) -> usize {
    if !at(0).is_some_and(is_operator) {
        return 0;
    }
    // Parts still to come, for each sequence that is open.
    let mut open = [0_usize; MAX_DEPTH];
    let mut depth = 0;
    for offset in 0..MAX_LENGTH {
        let Some(code_point) = at(offset) else {
            return 0;
        };
        match arity(code_point) {
            0 => {
                while depth > 0 {
                    open[depth - 1] -= 1;
                    if open[depth - 1] > 0 {
                        break;
                    }
                    depth -= 1;
                }
                if depth == 0 {
                    return offset + 1;
                }
            }
            // A part may not be deeper than MAX_DEPTH, so the innermost level holds no operator.
            parts if depth + 1 < MAX_DEPTH => {
                open[depth] = parts;
                depth += 1;
            }
            _ => return 0,
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length_of(text: &str) -> usize {
        let text: Vec<u32> = text.chars().map(u32::from).collect();
        length(|offset| text.get(offset).copied())
    }

    #[test]
    fn complete_sequences_have_a_length() {
        assert_eq!(length_of("⿰钅只只"), 3);
        assert_eq!(length_of("⿱艹⿰钅只干"), 5);
        assert_eq!(length_of("⿾只"), 2);
        assert_eq!(length_of("⿰钅"), 0);
        assert_eq!(length_of("只"), 0);
        assert_eq!(length_of(&("⿰".repeat(15) + &"木".repeat(16))), 31);
        assert_eq!(length_of(&("⿰".repeat(16) + &"木".repeat(17))), 0);
    }
}
