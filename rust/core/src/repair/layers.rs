//! One round of undoing: the best chain for a line, with all the layers beneath it.
//!
//! In: a line. Out: edits, or none. Long lines are taken in pieces around what is suspicious, so
//! that a megabyte without a line break takes no more than its length.

use super::beneath;
use super::chains::{Chain, GROUPS, Ways, Worthwhile, Wrong};
use super::guard;
use super::lattice::{self, Encoded, Run};
use super::lossy;
use super::places::Look;
use super::suspicion::{self, Costs};
use super::unknown;
use crate::codec::StepEncoding;
use crate::edit::{Edit, Kind};
use crate::tables::{likelihood, scripts};
use std::ops::Range;

/// Wrong decodings on top of each other that are peeled off at once.
const DEPTH: usize = 4;
/// A line up to this long is looked at whole.
const WHOLE: usize = 600;
/// Characters around a suspicious place that may belong to the same run.
const AROUND: usize = 120;
/// Tenths of a nat by which some stretch must be unlikely for UTF-8, and for other pairs, to be
/// worth trying: less could hardly gain what the guard asks for, though four characters that cost less than most
/// gain more than their stretch is unlikely by.
const UTF8_POTENTIAL: u32 = 80;
const PAIR_POTENTIAL: u32 = 100;
/// Characters around an unexplained one between which others may be missing.
const HOLE: usize = 3;
/// A text up to this long may have lost so much that nothing of it explains itself.
const UNEXPLAINED: usize = 60;
/// Kana that make a text Japanese.
const KANA: usize = 3;
/// What is left of a text that a chain explains: one character of so many, each of which costs so
/// much more to stand.
const LEFT_OF: usize = 3;
const STANDING: u32 = 30;
/// Pieces end at an ASCII character if there is one before this; the rest is another piece.
const LONGEST: usize = 40_000;

/// What one round changed, and where in the line nothing could be told.
#[derive(Default)]
pub(super) struct Undone {
    pub(super) edits: Vec<Edit>,
    pub(super) lost: Vec<Range<usize>>,
}

/// The edits of one round, by chains of some ways.
pub(super) fn undo(line: &[u32], ways: Ways) -> Undone {
    let mut undone = Undone::default();
    for piece in pieces(line) {
        let before = piece
            .start
            .checked_sub(1)
            .map_or(likelihood::START, |last| line[last]);
        for run in best(&line[piece.clone()], before, ways, DEPTH) {
            let lost = run.lost.iter();
            undone
                .lost
                .extend(lost.map(|lost| piece.start + lost.start..piece.start + lost.end));
            undone.edits.push(Edit::new(
                piece.start + run.start,
                piece.start + run.end,
                run.text,
                Kind::Mojibake,
            ));
        }
    }
    undone
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

/// The runs of the chain that gains most. UTF-8 is tried first: where it explains what is there,
/// nothing else can explain it better, and only where it does not is every other pair tried. Where
/// bytes are lost, the chain that explains the rest is asked what they were.
fn best(text: &[u32], before: u32, ways: Ways, depth: usize) -> Vec<Run> {
    let costs = Costs::of(text, before);
    let potential = costs.potential(PAIR_POTENTIAL, |_| false);
    if potential < UTF8_POTENTIAL {
        return Vec::new();
    }
    let look = Look::new(text);
    let mut search = Search {
        text,
        before,
        costs: &costs,
        look: &look,
        depth,
        found: Vec::new(),
        chain: None,
        is_marked: false,
        gain: 0,
    };
    let has_narrow = text
        .iter()
        .filter(|&&character| is_narrow(character))
        .count()
        > 1;
    let has_marks = lossy::has_marks(text);
    let mut tried = Vec::with_capacity(2 * GROUPS.len());
    let possible = || {
        let groups = GROUPS.iter();
        groups.filter(|(wrong, _)| has_narrow || !matches!(wrong, Wrong::Single(_)))
    };
    let mut is_explained = false;
    for &(wrong, _) in possible() {
        let right = StepEncoding::Utf8;
        let chain = Chain { wrong, right };
        if !ways.have(chain) || !suspicion::has_utf8_lead(text, wrong) {
            continue;
        }
        // What is explained may only be so by nearly the right encoding: £ and ¥ are in most of them.
        if is_explained && !search.is_read_by(wrong) {
            continue;
        }
        if depth > 1 && matches!(wrong, Wrong::Gbk) {
            search.weigh(beneath::runs(text, before, wrong), chain, None);
        }
        let places = look.utf8_places(wrong);
        if places.is_empty() && search.found.is_empty() {
            continue;
        }
        search.attempt_at(&places, chain);
        if has_marks && search.explains(4) {
            search.attempt(chain, Some(Losing::Marked));
        }
        is_explained |= search.explains(9);
        if is_explained && !matches!(wrong, Wrong::Single(_)) {
            break;
        }
        tried.push(chain);
    }
    if is_explained {
        return search.with_what_was_lost(&[]);
    }
    let is_enough = potential >= PAIR_POTENTIAL;
    if !is_enough {
        return search.with_what_was_lost(&tried);
    }
    let worthwhile = Worthwhile::look(text, costs.each());
    for &(wrong, ref rights) in possible() {
        let mut is_worth = None;
        for &right in rights {
            let chain = Chain { wrong, right };
            if chain.is_utf8() || !ways.have(chain) {
                continue;
            }
            let places = match worthwhile.places(chain) {
                Some(places) if places.is_empty() => continue,
                Some(places) => places,
                None => std::iter::once(0..text.len()).collect(),
            };
            let is_gap = |at: usize| wrong.bytes(text[at]).is_none();
            if *is_worth
                .get_or_insert_with(|| costs.potential(PAIR_POTENTIAL, is_gap) >= PAIR_POTENTIAL)
            {
                search.attempt_at(&places, chain);
                tried.push(chain);
            }
        }
    }
    search.with_what_was_lost(&tried)
}

/// Characters of one-byte encodings: letters with marks, Greek, Cyrillic, symbols, box drawing.
pub(super) fn is_narrow(character: u32) -> bool {
    matches!(character, 0x80..=0x052F | 0x2000..=0x27BF | 0xF8FF | 0xFB00..=0xFB06)
}

/// How lost bytes show.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Losing {
    /// By a mark.
    Marked,
    /// Not at all.
    Unmarked,
}

struct Search<'a> {
    text: &'a [u32],
    before: u32,
    costs: &'a Costs,
    look: &'a Look<'a>,
    depth: usize,
    found: Vec<Run>,
    /// The one that found it.
    chain: Option<Chain>,
    /// Its marks have been read.
    is_marked: bool,
    gain: i64,
}

impl Search<'_> {
    /// Try one chain, and keep its runs if they gain more than what was found before.
    fn attempt(&mut self, chain: Chain, losing: Option<Losing>) {
        let encoded = Encoded::new(self.text, chain.wrong);
        let runs = match losing {
            None => read(self.text, self.before, &encoded, chain),
            Some(losing) => {
                let holes = match losing {
                    Losing::Marked => Vec::new(),
                    Losing::Unmarked => self.holes(),
                };
                let told: Vec<u32> = self
                    .found
                    .iter()
                    .flat_map(|run| run.text.iter().copied())
                    .collect();
                let told = scripts::Counts::of(&told);
                lossy::best_runs(self.text, self.before, &encoded, chain, &holes, &told)
            }
        };
        self.weigh(runs, chain, losing);
    }

    /// Try one chain: everywhere, or in a long text in some places.
    fn attempt_at(&mut self, places: &[Range<usize>], chain: Chain) {
        if self.text.len() <= WHOLE {
            return self.attempt(chain, None);
        }
        let runs = places.iter().flat_map(|place| {
            let part = &self.text[place.clone()];
            let last = place.start.checked_sub(1);
            let before = last.map_or(self.before, |last| self.text[last]);
            let encoded = Encoded::new(part, chain.wrong);
            let runs = read(part, before, &encoded, chain);
            runs.into_iter().map(|run| run.moved(place.start))
        });
        let runs = runs.collect();
        self.weigh(runs, chain, None);
    }

    /// Keep the runs of a chain if they gain more than what was found before.
    fn weigh(&mut self, runs: Vec<Run>, chain: Chain, losing: Option<Losing>) {
        if runs.is_empty() {
            return;
        }
        let is_japanese = kana_outside(self.text, &runs) >= KANA;
        // What is beneath a text with holes cannot be told.
        let depth = match losing {
            Some(Losing::Unmarked) => 1,
            _ => self.depth,
        };
        let mut gain = 0;
        let mut accepted = Vec::new();
        for run in runs {
            // What UTF-8 reads as another language is not ours to repair, but it is what the text
            // was: a reading as GBK that gains less must not stand.
            let declined = if chain.is_utf8() && guard::is_explained(&run) {
                run.gain
            } else {
                0
            };
            match finished(run, chain, self.text, self.before, depth, is_japanese) {
                Some(run) => {
                    gain += run.gain;
                    accepted.push(run);
                }
                None => gain += declined,
            }
        }
        if gain > self.gain {
            self.gain = gain;
            self.found = accepted;
            self.chain = Some(chain);
            self.is_marked = losing.is_some();
        }
    }

    /// What was found, with what was lost between it.
    fn with_what_was_lost(mut self, tried: &[Chain]) -> Vec<Run> {
        self.look_for_lost(tried);
        self.take_the_rest();
        if let Some(Wrong::Single(single)) = self.chain.map(|chain| chain.wrong)
            && unknown::leaves_letters(self.text, &self.found, single)
        {
            return Vec::new();
        }
        self.found
    }

    /// Whether an encoding has all that was misread by the one that explains it.
    fn is_read_by(&self, wrong: Wrong) -> bool {
        let is_read = |run: &Run| {
            let old = &self.text[run.start..run.end];
            old.iter().all(|one| wrong.bytes(*one).is_some())
        };
        self.found.iter().all(is_read)
    }

    /// What one chain explains nearly all of, it explains whole: a mark or a character that is usual
    /// as it stands (`í` for 》, `НР` for 托) was misread with the rest.
    fn take_the_rest(&mut self) {
        let Some(chain) = self.chain.filter(|_| !self.is_marked) else {
            return;
        };
        let left = self.left(chain.wrong);
        let covered: usize = self.found.iter().map(|run| run.end - run.start).sum();
        if left.is_empty()
            || covered < LEFT_OF * left.len()
            || self.found.iter().any(|run| run.guessed > 0)
            || lossy::is_ambiguous(self.text, chain.wrong)
        {
            return;
        }
        let encoded = Encoded::new(self.text, chain.wrong);
        let standing = |at: usize| match left.binary_search(&at) {
            Ok(_) => STANDING,
            Err(_) => 0,
        };
        let runs = lattice::best_runs(self.text, self.before, &encoded, chain, standing);
        let is_japanese = kana_outside(self.text, &runs) >= KANA;
        let runs = runs.into_iter();
        let accepted: Option<Vec<Run>> = runs
            .map(|run| finished(run, chain, self.text, self.before, self.depth, is_japanese))
            .collect();
        if let Some(accepted) = accepted {
            let before = std::mem::replace(&mut self.found, accepted);
            if self.left(chain.wrong).len() >= left.len() {
                self.found = before;
            }
        }
    }

    /// Characters that were misread with the runs if anything was, in order. Read as single bytes,
    /// that is all the text, unless some of it is no such byte. Read as pairs, a clean field beside
    /// it is pairs too: so it is what joins a run, by no more than letters and digits, and ends there.
    fn left(&self, wrong: Wrong) -> Vec<usize> {
        let is_misread =
            |at: &usize| self.text[*at] >= 0x80 && wrong.bytes(self.text[*at]).is_some();
        let mut left: Vec<usize> = Vec::new();
        if matches!(wrong, Wrong::Single(_)) {
            let mut runs = self.found.iter().peekable();
            for (at, &character) in self.text.iter().enumerate() {
                while runs.next_if(|run| run.end <= at).is_some() {}
                match character {
                    0..=0x7F => {}
                    _ if wrong.bytes(character).is_none() => return Vec::new(),
                    _ if runs.peek().is_some_and(|run| run.start <= at) => {}
                    _ => left.push(at),
                }
            }
            return left;
        }
        let joins = |at: &usize| !matches!(u8::try_from(self.text[*at]), Ok(byte) if byte.is_ascii_alphanumeric());
        let ends = |beyond: Option<&u32>| lattice::amidst(beyond) == 0;
        for (number, run) in self.found.iter().enumerate() {
            let last = number.checked_sub(1).map_or(0, |last| self.found[last].end);
            let next = self.found.get(number + 1);
            let next = next.map_or(self.text.len(), |next| next.start);
            let before = (last..run.start).rev().find(joins);
            let outside = |at: usize| at.checked_sub(1).map(|at| &self.text[at]);
            left.extend(before.filter(is_misread).filter(|at| ends(outside(*at))));
            let after = (run.end..next).find(joins);
            left.extend(
                after
                    .filter(is_misread)
                    .filter(|at| ends(self.text.get(at + 1))),
            );
        }
        left.dedup();
        left
    }

    /// Ask what the lost bytes were: of the chain that explains the rest, or of those tried.
    fn look_for_lost(&mut self, tried: &[Chain]) {
        let found = self.chain;
        let chains = match &found {
            Some(chain) => std::slice::from_ref(chain),
            // Question marks in a long text that nothing explains are question marks.
            None if self.text.len() > UNEXPLAINED && !self.text.contains(&lossy::MARK) => &[],
            None => tried,
        };
        let has_marks = lossy::has_marks(self.text);
        for &chain in chains.iter().filter(|chain| lossy::can_restore(**chain)) {
            if has_marks && !self.is_marked {
                self.attempt(chain, Some(Losing::Marked));
            }
        }
        self.look_for_stripped();
    }

    /// Where something is left that nobody writes, UTF-8 may have lost characters without a mark;
    /// but what marks with U+FFFD strips nothing.
    fn look_for_stripped(&mut self) {
        // A long text of which no chain explains a part is not mojibake with something missing.
        let is_unexplained = !self.explains(3) && self.text.len() > UNEXPLAINED;
        if is_unexplained || self.text.contains(&lossy::MARK) {
            return;
        }
        let is_told = self.found.iter().all(|run| run.lost.is_empty());
        let right = StepEncoding::Utf8;
        let high = || self.text.iter().filter(|character| **character >= 0x80);
        let narrow = high().filter(|character| is_narrow(**character)).count();
        let is_single = narrow * 2 > high().count();
        for &(wrong, _) in GROUPS.iter() {
            // Of one-byte encodings, latin-1 and cp1252 alone show controls as nothing.
            let is_possible = match wrong {
                Wrong::Single(single) => is_single && single.name == "cp1252",
                Wrong::Gbk => !is_single,
                _ => false,
            };
            if is_possible && (!is_told || self.leaves_utf8(wrong) || self.leaves_letters(wrong)) {
                let chain = Chain { wrong, right };
                self.attempt(chain, Some(Losing::Unmarked));
                if self.explains(9) {
                    return;
                }
            }
        }
    }

    /// Whether what no run covers is unlikely as it stands, and may be a part of UTF-8.
    fn leaves_utf8(&self, wrong: Wrong) -> bool {
        let is_covered = |at: usize| {
            let inside = |run: &Run| run.start <= at && at < run.end;
            self.found.iter().any(inside)
        };
        let is_no_part = |at: usize| {
            let is_part = self.text[at] < 0x80 || self.look.may_be_utf8(wrong, at);
            !is_part || is_covered(at)
        };
        self.costs.potential(UTF8_POTENTIAL, is_no_part) >= UTF8_POTENTIAL
    }

    /// Whether a letter adjoins a run that single bytes were read as, and may be a part of UTF-8 too: æ and å beside
    /// ä»¶ cost little by themselves, being letters, but no language has them there.
    fn leaves_letters(&self, wrong: Wrong) -> bool {
        let is_part = |at: usize| self.text[at] >= 0x80 && self.look.may_be_utf8(wrong, at);
        let adjoins = |run: &Run| {
            run.start.checked_sub(1).is_some_and(is_part)
                || (run.end < self.text.len() && is_part(run.end))
        };
        matches!(wrong, Wrong::Single(_)) && self.found.iter().any(adjoins)
    }

    /// Where characters may be missing: around what no run explains, and what one leaves lost.
    fn holes(&self) -> Vec<Range<usize>> {
        let mut holes: Vec<Range<usize>> = Vec::new();
        let mut runs = self.found.iter().peekable();
        let mut add = |range: Range<usize>| match holes.last_mut() {
            Some(last) if last.end >= range.start => last.end = last.end.max(range.end),
            _ => holes.push(range),
        };
        let mut at = 0;
        while at < self.text.len() {
            match runs.next_if(|run| run.start <= at) {
                Some(run) => {
                    for lost in &run.lost {
                        add(lost.start.saturating_sub(HOLE)..lost.end + HOLE);
                    }
                    at = at.max(run.end);
                }
                None => {
                    if self.text[at] >= 0x80 {
                        add(at.saturating_sub(HOLE)..at + 1 + HOLE);
                    }
                    at += 1;
                }
            }
        }
        holes
    }

    /// Whether the runs cover so many tenths of what is no ASCII.
    fn explains(&self, tenths: usize) -> bool {
        let count = |text: &[u32]| text.iter().filter(|&&character| character >= 0x80).count();
        let covered: usize = self
            .found
            .iter()
            .map(|run| count(&self.text[run.start..run.end]))
            .sum();
        covered > 0 && covered * 10 >= count(self.text) * tenths
    }
}

/// The runs that read better, whichever of two pairs of bytes a character was read from.
fn read(text: &[u32], before: u32, encoded: &Encoded, chain: Chain) -> Vec<Run> {
    let runs = lattice::best_runs(text, before, encoded, chain, |_| 0);
    let is_short = text.len() <= UNEXPLAINED;
    if (is_short || !runs.is_empty())
        && lossy::can_restore(chain)
        && lossy::is_ambiguous(text, chain.wrong)
    {
        return lossy::best_runs(
            text,
            before,
            encoded,
            chain,
            &[],
            &scripts::Counts::default(),
        );
    }
    runs
}

/// Kana that no run would repair: where there are some, the text is Japanese as it stands.
fn kana_outside(text: &[u32], runs: &[Run]) -> usize {
    let is_kana = |character: &&u32| (0x3041..=0x30FE).contains(*character);
    let inside = runs
        .iter()
        .map(|run| text[run.start..run.end].iter().filter(is_kana).count());
    text.iter().filter(is_kana).count() - inside.sum::<usize>()
}

/// A run as it may stand: accepted, or with the layer beneath undone too.
fn finished(
    mut run: Run,
    chain: Chain,
    text: &[u32],
    before: u32,
    depth: usize,
    is_japanese: bool,
) -> Option<Run> {
    let accepted = guard::accepts(&run, text, chain, is_japanese);
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
        let deeper = best(&run.text, last, Ways::ALL, depth - 1);
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
            let is_told = deeper.iter().all(|inner| inner.lost.is_empty());
            let whole = Run {
                lost: match is_told {
                    true => run.lost.clone(),
                    // What a layer beneath lost is somewhere in the run: all that can be said.
                    false => std::iter::once(run.start..run.end).collect(),
                },
                text: meant,
                gain,
                ..run.clone()
            };
            if guard::accepts(&whole, text, chain, is_japanese) {
                return Some(whole.trimmed(text));
            }
        }
    }
    accepted.then(|| run.trimmed(text))
}
