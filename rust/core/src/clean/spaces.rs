//! Spaces: the single spaces that OCR and PDF extraction leave between characters.
//!
//! Decided by the line: at least 60 % of the gaps between its ideographs are single spaces, and
//! there are enough of them to be no list of names. Wider gaps or ruled lines mean a table, or names
//! set apart.

use super::Context;
use crate::edit::{Edit, Kind};
use crate::text::{CodeUnit, is_cjk_mark, is_han, line_around};

/// Fewer gaps could be a name or a title set wide: 王 小 明 has two, 前 言 one.
const FEWEST_GAPS: usize = 4;

pub fn edits<T: CodeUnit>(text: &[T], context: &Context) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut done = 0;
    for space in context.runs.places(text, Kind::Spaces) {
        if space < done {
            continue;
        }
        let line = line_around(text, space);
        done = line.end;
        if is_spaced_out(&text[line.clone()]) {
            for at in line.start + 1..line.end.saturating_sub(1) {
                let [before, after] = [text[at - 1].wide(), text[at + 1].wide()];
                let parts = text[at].wide() == 0x20 && belongs(before) && belongs(after);
                if parts && !context.is_protected(at) {
                    edits.push(Edit::new(at, at + 1, [], Kind::Spaces));
                }
            }
        }
    }
    edits
}

fn belongs(code_point: u32) -> bool {
    is_han(code_point)
        || is_cjk_mark(code_point)
        || matches!(
            code_point,
            0x2018 | 0x2019 | 0x201C | 0x201D | 0x2026 | 0x2014
        )
}

fn is_spaced_out<T: CodeUnit>(line: &[T]) -> bool {
    let (mut spaced, mut gaps) = (0, 0);
    for (at, unit) in line.iter().enumerate() {
        if is_ruling(unit.wide()) {
            return false;
        }
        if !is_han(unit.wide()) {
            continue;
        }
        let next = |k: usize| line.get(at + k).map_or(0, |unit| unit.wide());
        if is_han(next(1)) {
            gaps += 1;
        } else if next(1) == 0x20 {
            if matches!(next(2), 0x20 | 0x3000) {
                return false;
            }
            if is_han(next(2)) {
                (gaps, spaced) = (gaps + 1, spaced + 1);
            }
        } else if next(1) == 0x3000 || next(1) == 0x09 {
            return false;
        }
    }
    gaps >= FEWEST_GAPS && spaced * 10 >= gaps * 6
}

/// Box drawing, and the bar that tables in plain text are ruled with.
fn is_ruling(code_point: u32) -> bool {
    matches!(code_point, 0x2500..=0x257F | 0x7C | 0xFF5C)
}
