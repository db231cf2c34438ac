//! What characters cost where some of them are lost.
//!
//! In: a character and the one before it, either of which may be a mark. Out: tenths of a nat, as
//! [`likelihood`] has them. Never: evidence from what is not known.

use super::MARK;
use crate::repair::lattice::{AMIDST, amidst};
use crate::tables::likelihood;

/// Tenths of a nat that U+FFFD costs, left as it stands.
const REPLACED_ANYWAY: u32 = 40;
/// The same for a character that stays lost, in what a whole run gains.
const LOST: u32 = 110;
/// Tenths of a nat for a guess at the beginning of a line that is whole (7 of 10), or cut off (3).
const BEGUN: u32 = 4;
const CUT_OFF: u32 = 12;

/// What it costs to begin or end next to a character; a mark is as good as an edge.
pub(super) fn beside(neighbour: Option<&u32>) -> u32 {
    match neighbour {
        Some(&MARK) => 0,
        _ => amidst(neighbour).min(AMIDST),
    }
}

/// The cost of a character as it is read, of which the one before may be lost.
pub(super) fn behind(last: u32, character: u32) -> u32 {
    match last {
        MARK => likelihood::alone(character),
        _ => likelihood::cost(last, character),
    }
}

/// The cost of a guess. That it would begin a line says little of it: lines are cut anywhere, and
/// `，` before 胡益蘭 is not 你 because sentences begin with that.
pub(super) fn guessed(last: u32, character: u32) -> u32 {
    let known = behind(last, character);
    match last {
        likelihood::START => (known + BEGUN).min(likelihood::alone(character) + CUT_OFF),
        _ => known,
    }
}

/// The cost of a character as it stands.
pub(super) fn stands(last: u32, character: u32) -> u32 {
    match character {
        MARK => REPLACED_ANYWAY,
        _ => behind(last, character),
    }
}

pub(super) fn stand_cost(before: u32, text: &[u32]) -> i64 {
    sum(before, text, stands)
}

pub(super) fn meant_cost(before: u32, text: &[u32]) -> i64 {
    sum(before, text, |last, character| match character {
        MARK => LOST,
        _ => behind(last, character),
    })
}

fn sum(before: u32, text: &[u32], cost: impl Fn(u32, u32) -> u32) -> i64 {
    let mut last = before;
    let each = text.iter().map(|&character| {
        let one = i64::from(cost(last, character));
        last = character;
        one
    });
    each.sum()
}
