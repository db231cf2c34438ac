//! One round of undoing: the best chain for a line, with all the layers beneath it.
//!
//! In: a line. Out: edits, or none. Long lines are taken in pieces around what is suspicious, so
//! that a megabyte without a line break takes no more than its length.

use super::chains::{Chain, GROUPS};
use super::guard;
use super::lattice::{self, Encoded, Run};
use super::suspicion;
use crate::codec::StepEncoding;
use crate::edit::{Edit, Kind};
use crate::tables::likelihood;
use std::ops::Range;

/// Wrong decodings on top of each other that are peeled off at once.
const DEPTH: usize = 3;
/// A line up to this long is looked at whole.
const WHOLE: usize = 600;
/// Characters around a suspicious place that may belong to the same run.
const AROUND: usize = 120;
/// Pieces end at an ASCII character if there is one before this; the rest is another piece.
const LONGEST: usize = 40_000;

/// The edits of one round.
pub(super) fn undo(line: &[u32]) -> Vec<Edit> {
    let mut edits = Vec::new();
    for piece in pieces(line) {
        let before = piece
            .start
            .checked_sub(1)
            .map_or(likelihood::START, |last| line[last]);
        for run in best(&line[piece.clone()], before, DEPTH) {
            edits.push(Edit::new(
                piece.start + run.start,
                piece.start + run.end,
                run.text,
                Kind::Mojibake,
            ));
        }
    }
    edits
}

/// Where to look: disjoint and in order.
fn pieces(line: &[u32]) -> Vec<Range<usize>> {
    let mut pieces: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while let Some(found) = suspicion::next(&line[at..]) {
        let place = at + found;
        let (start, end) = if line.len() <= WHOLE {
            (0, line.len())
        } else {
            (
                place.saturating_sub(AROUND),
                (place + AROUND).min(line.len()),
            )
        };
        let last_end = pieces.last().map_or(0, |last| last.end);
        match pieces.last_mut() {
            Some(last) if last.end >= start && end - last.start <= LONGEST => last.end = end,
            _ => pieces.push(start.max(last_end)..end),
        }
        at = place + 1;
        if end == line.len() {
            break;
        }
    }
    pieces
}

/// The runs of the chain that gains most.
fn best(text: &[u32], before: u32, depth: usize) -> Vec<Run> {
    let mut best: Vec<Run> = Vec::new();
    let mut most = 0;
    for (wrong, rights) in GROUPS.iter() {
        let encoded = Encoded::new(text, *wrong);
        let (high, utf8) = encoded.evidence();
        if high < 3 {
            continue;
        }
        for &right in rights {
            let chain = Chain {
                wrong: *wrong,
                right,
            };
            let is_utf8 = matches!(right, StepEncoding::Utf8);
            if is_utf8 && utf8 == 0 {
                continue;
            }
            let (runs, _) = lattice::best_runs(text, before, &encoded, chain);
            // What UTF-8 reads as another language is not ours to repair, but it is what the text
            // was: a reading as GBK that gains less must not stand.
            let declined = |run: &Run| is_utf8 && guard::is_plausible(run);
            let mut gain = 0;
            let mut accepted = Vec::new();
            for run in runs {
                let is_declined = declined(&run);
                let unfinished = run.gain;
                match finished(run, chain, text, before, depth) {
                    Some(run) => {
                        gain += run.gain;
                        accepted.push(run);
                    }
                    None if is_declined => gain += unfinished,
                    None => {}
                }
            }
            if gain > most {
                most = gain;
                best = accepted;
            }
        }
    }
    best
}

/// A run as it may stand: accepted, or with the layer beneath undone too.
fn finished(mut run: Run, chain: Chain, text: &[u32], before: u32, depth: usize) -> Option<Run> {
    let accepted = guard::accepts(&run, chain);
    // Only UTF-8 is peeled off without knowing what is beneath: anything reads as GBK.
    if depth > 1 && chain.is_utf8() && (!accepted || suspicion::alarms(&run.text)) {
        let last = run.start.checked_sub(1).map_or(before, |last| text[last]);
        // The second byte of a character beneath may be ASCII, which no layer above changes.
        if text
            .get(run.end)
            .is_some_and(|next| (0x30..0x7F).contains(next))
        {
            run.text.push(text[run.end]);
            run.end += 1;
        }
        let deeper = best(&run.text, last, depth - 1);
        if !deeper.is_empty() {
            let mut meant = Vec::with_capacity(run.text.len());
            let mut done = 0;
            for inner in &deeper {
                meant.extend_from_slice(&run.text[done..inner.start]);
                meant.extend_from_slice(&inner.text);
                done = inner.end;
            }
            meant.extend_from_slice(&run.text[done..]);
            let old = lattice::cost_behind(last, &text[run.start..run.end]);
            let gain = old as i64 - lattice::cost_behind(last, &meant) as i64;
            let whole = Run {
                text: meant,
                gain,
                ..run.clone()
            };
            if guard::accepts(&whole, chain) {
                return Some(whole.trimmed(text));
            }
        }
    }
    accepted.then(|| run.trimmed(text))
}
