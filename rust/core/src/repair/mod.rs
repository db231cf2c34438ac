//! Repair: undo text that was decoded with the wrong encoding.
//!
//! In: any text. Out: edits that undo the mojibake, and losses where it cannot be undone. Never
//! fails; never touches text that reads no better repaired; a second run finds nothing to do.
//!
//! How: `suspicion` passes over the text once and finds the lines that are too unlikely as they
//! stand; clean text ends there. For those, `chains` says what may have gone wrong, `lattice` finds
//! the runs that read better the other way, `guard` says whether better is good enough, and
//! `losses` names what is beyond repair.

mod beneath;
mod chains;
mod guard;
mod korean;
mod lattice;
mod layers;
mod losses;
mod lossy;
mod places;
mod signs;
mod suspicion;
mod twice;
mod unknown;

use crate::edit::{self, Edit, Kind, Loss};
use crate::text::{CodeUnit, line_around, widen};
use chains::Ways;
use std::ops::Range;

/// What was found in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repaired {
    /// Mojibake undone, in order.
    pub edits: Vec<Edit>,
    /// What cannot be undone.
    pub losses: Vec<Loss>,
    /// The lines that may have been mojibake, undone or not, in positions of the text that was given.
    pub suspects: Vec<Range<usize>>,
}

/// A fixer for mojibake of other languages: given a line, answers what it was meant to be.
pub type OtherLanguages<'a> = &'a dyn Fn(&[u32]) -> Option<Vec<u32>>;

/// Rounds until a line stays as it is. One undoes one kind of damage, all layers of it.
const ROUNDS: usize = 6;

/// Undo mojibake in a text.
pub fn repair<T: CodeUnit>(text: &[T], other: Option<OtherLanguages>) -> Repaired {
    repair_in(text, std::slice::from_ref(&(0..text.len())), other)
}

/// Undo mojibake in parts of a text, in order, each of whole lines: what stands on another line says
/// nothing, so this is what [`repair`] answers for them.
pub fn repair_in<T: CodeUnit>(
    text: &[T],
    parts: &[Range<usize>],
    other: Option<OtherLanguages>,
) -> Repaired {
    let mut repaired = Repaired::default();
    for part in parts {
        let mut done = part.start;
        while let Some(at) = suspicion::next(&text[done..part.end]) {
            let line = line_around(text, done + at);
            done = line.end;
            let ways = suspicion::ways(&text[line.clone()]);
            if ways.is_none() {
                continue;
            }
            repaired.suspects.push(line.clone());
            let start = line.start;
            let wide = widen(&text[line.clone()]);
            let found = repair_line(&wide, ways, other);
            let edits = found.edits.into_iter();
            repaired.edits.extend(edits.map(|edit| Edit {
                start: edit.start + start,
                end: edit.end + start,
                ..edit
            }));
            let lost = found.losses.into_iter();
            repaired.losses.extend(lost.map(|loss| Loss {
                start: loss.start + start,
                end: loss.end + start,
                ..loss
            }));
        }
    }
    repaired
}

/// The lines that edits have touched, in positions of what they made; parts as [`repair_in`] takes.
pub fn touched<T: CodeUnit>(made: &[T], edits: &[Edit]) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let (mut longer, mut shorter) = (0, 0);
    for edit in edits {
        let start = edit.start + longer - shorter;
        let end = start + edit.new.len();
        (longer, shorter) = (longer + edit.new.len(), shorter + edit.end - edit.start);
        if parts.last().is_some_and(|last| end < last.end) {
            continue;
        }
        // A line break that is put in parts two lines, one that is taken out joins them.
        let part = line_around(made, start).start..line_around(made, end).end;
        match parts.last_mut() {
            Some(last) if part.start <= last.end => last.end = part.end,
            _ => parts.push(part),
        }
    }
    parts
}

/// Round after round until nothing changes. A line that never comes to rest is left as it was: its
/// repair would not be the repair of its repair.
fn repair_line(line: &[u32], ways: Ways, other: Option<OtherLanguages>) -> Repaired {
    let mut edits: Vec<Edit> = Vec::new();
    let mut now = line.to_vec();
    let mut settled = false;
    let mut lost: Vec<Range<usize>> = Vec::new();
    for round in 0..ROUNDS {
        // What a round has made may have been misread in other ways than what it was made of.
        let ways = if round == 0 { ways } else { Ways::ALL };
        let undone = layers::undo(&now, ways);
        let more = undone.edits;
        if more.is_empty() {
            settled = true;
            break;
        }
        let next = edit::replay(&now, &more).to_wide();
        lost.extend(
            undone
                .lost
                .into_iter()
                .map(|range| edit::range_before(&edits, range)),
        );
        edits = edit::compose(line, &edits, &now, &more);
        now = next;
    }
    if !settled {
        edits.clear();
        lost.clear();
        now = line.to_vec();
    }
    if let Some(other) = other
        && suspicion::has_other_mojibake(&now)
        && let Some(answer) = other(&now)
        && let Some(more) = changed_part(&now, &answer)
        // What ftfy makes must not be ours to take further, or a second run would.
        && layers::undo(&answer, Ways::ALL).edits.is_empty()
    {
        edits = edit::compose(line, &edits, &now, &[more]);
    }
    let losses = losses::find(line, &edits, &lost);
    Repaired {
        edits,
        losses,
        ..Repaired::default()
    }
}

/// One edit for the part that differs.
fn changed_part(old: &[u32], new: &[u32]) -> Option<Edit> {
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[head..], &new[head..]);
    let tail = old_rest
        .iter()
        .rev()
        .zip(new_rest.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let (end, new) = (old.len() - tail, &new_rest[..new_rest.len() - tail]);
    (head < end || !new.is_empty()).then(|| Edit::new(head, end, new, Kind::Mojibake))
}
