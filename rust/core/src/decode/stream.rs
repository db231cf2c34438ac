//! Bytes as they come: the same text as from all of them at once, in constant memory.
//!
//! In: pieces of the bytes, cut anywhere. Out: pieces of the text, each with its spans and losses.
//! Never holds more than the window in which the encoding is decided, or a line of bounded length;
//! never gives another text for other cuts.
//!
//! How: the head is kept until there is enough to decide by, which is a window behind the first
//! byte that tells encodings apart. From there on each encoding says how far it can read without
//! what comes next. Reading bytes that are all there ([`super::decode`]) goes the same way.

use super::candidates::{self, Choice, Ranked};
use super::escapes::{Escapes, Sense};
use super::names::Hint;
use super::{Piece, Reading, appended, lines, marks, wide};
use crate::codec::{SINGLES, Single, StepEncoding, utf8};

/// Bytes by which the encoding is decided. A feed of a quarter megabyte has all its kinds of lines.
pub const WINDOW: usize = 1 << 18;
/// Bytes before the first that tells: a line's head, if it is so near.
const NEAR: usize = 4096;
/// Bytes of one-byte text from which on others are asked: they know more languages, and need more
/// text to tell them apart than pairs of letters do.
const ENOUGH_FOR_OTHERS: usize = 48;

/// Tenths of a nat by which their reading must be better where our own weighing had the same
/// encoding before it, and put it behind for being rarer: `oxygčne` is no better than `oxygène`.
const ALSO_WEIGHED: u64 = 20;

/// What others take one-byte text for.
pub type Others<'a> = &'a dyn Fn(&[u8]) -> Option<&'static Single>;

/// What the caller wants.
#[derive(Clone, Copy, Default)]
pub struct Options {
    /// What somebody says the encoding is.
    pub hint: Option<Hint>,
    /// Whether lost bytes are written as PEP 383 does, instead of U+FFFD.
    pub keeps: bool,
}

/// What was decided, and by how much.
#[derive(Clone, Debug)]
pub struct Decision {
    /// What most of the text is read as.
    pub encoding: &'static str,
    /// From 0 to 1: how far the next best reading is behind.
    pub confidence: f32,
    /// The next best readings, the nearest first, each from 0 to 1.
    pub runners_up: Vec<(&'static str, f32)>,
}

impl Decision {
    pub(super) fn sure(encoding: &'static str) -> Decision {
        Decision {
            encoding,
            confidence: 1.0,
            runners_up: Vec::new(),
        }
    }
}

/// How bytes are read once that is decided.
pub(super) enum Way {
    Lines(StepEncoding),
    /// Without lines: two bytes or four a character, or one.
    Wide(StepEncoding),
    Escapes(Escapes),
}

impl Way {
    fn of(encoding: StepEncoding) -> Way {
        match encoding {
            StepEncoding::Utf16(_)
            | StepEncoding::Utf32(_)
            | StepEncoding::Single(_)
            | StepEncoding::Ebcdic => Way::Wide(encoding),
            _ => Way::Lines(encoding),
        }
    }

    /// Read from `start` on; the answer is how far, which is all if nothing comes behind.
    pub(super) fn read(
        &mut self,
        data: &[u8],
        start: usize,
        is_end: bool,
        reading: &mut Reading,
    ) -> usize {
        match self {
            Way::Lines(encoding) => lines::read(data, start, is_end, *encoding, reading),
            Way::Wide(encoding) => wide::read(data, start, is_end, *encoding, reading),
            Way::Escapes(escapes) => {
                escapes.read(data, start, is_end, reading, &mut Sense::default())
            }
        }
    }
}

/// What can be said of the head of some bytes.
pub(super) enum Head {
    /// Not enough is there; the bytes before this one tell nothing.
    Wait(usize),
    /// Bytes up to here are ASCII, whatever comes.
    Pass(usize),
    /// Decide by what stands from here on.
    Decide(usize),
}

/// Look at the head of bytes that begin `base` behind the first; before `scanned` nothing tells.
pub(super) fn head(data: &[u8], base: usize, scanned: usize, is_end: bool) -> Head {
    let Some(first) = super::first_telling(data, scanned) else {
        return match data.len() {
            length if is_end => Head::Pass(length),
            length if length > WINDOW + 2 * NEAR => Head::Pass(length - 2 * NEAR),
            // The last byte again: with the next it may be an escape.
            length => Head::Wait(length.saturating_sub(1)),
        };
    };
    let start = if base + first <= WINDOW {
        0
    } else {
        let near = first.saturating_sub(NEAR);
        memchr::memrchr(b'\n', &data[near..first]).map_or(first, |at| near + at + 1)
    };
    if is_end || data.len() - start >= WINDOW {
        Head::Decide(start)
    } else {
        Head::Wait(first)
    }
}

/// Decide how to read what begins with these bytes, and how many of them are a byte order mark.
pub(super) fn decide(
    window: &[u8],
    is_complete: bool,
    options: Options,
    others: Option<Others>,
) -> (Way, usize, Decision) {
    if let Some((encoding, length)) = super::byte_order_mark(window) {
        let choice = marks::contradicted(encoding, &window[length..], is_complete);
        return match choice {
            Some(choice) => (Way::of(choice.encoding), length, decision(&choice)),
            None => (Way::of(encoding), length, Decision::sure(encoding.name())),
        };
    }
    // What was appended in UTF-16 says nothing of the rest.
    let begun = appended::begins(window);
    let (window, is_complete) = match begun {
        Some(start) => (&window[..start], true),
        None => (window, is_complete),
    };
    let as_utf8 = || (Way::Lines(StepEncoding::Utf8), 0, Decision::sure("utf-8"));
    let is_short = is_complete && super::is_ambiguously_short(window);
    let is_sure = !is_short || (begun.is_some() && window.is_ascii());
    if is_sure && !super::has_signs(window) && utf8::is_begun(window, is_complete) {
        return as_utf8();
    }
    if let Some(escapes) = Escapes::of(window, is_complete) {
        let decision = Decision {
            confidence: 0.99,
            ..Decision::sure(escapes.name())
        };
        return (Way::Escapes(escapes), 0, decision);
    }
    if super::is_terminal_text(window) {
        return as_utf8();
    }
    let mut choice = candidates::choose(window, options.hint);
    if let (StepEncoding::Single(single), Some(ask)) = (choice.encoding, others)
        && window.len() >= ENOUGH_FOR_OTHERS
        && let Some(other) = ask(window)
        && is_likelier(window, other, single)
    {
        choice.encoding = StepEncoding::Single(other);
        choice.confidence = 0.5;
    }
    (Way::of(choice.encoding), 0, decision(&choice))
}

fn decision(choice: &Choice) -> Decision {
    Decision {
        encoding: choice.encoding.name(),
        confidence: choice.confidence,
        runners_up: runners_up(&choice.ranking, choice.encoding),
    }
}

fn is_likelier(window: &[u8], other: &'static Single, ours: &'static Single) -> bool {
    let cost = |single| candidates::weigh(window, StepEncoding::Single(single)).cost;
    let is_ours = SINGLES.iter().any(|known| known.name == other.name);
    cost(other) + u64::from(is_ours) * ALSO_WEIGHED < cost(ours)
}

/// The candidates behind the winner, by name; of two that have one name the nearer.
fn runners_up(ranking: &[Ranked], winner: StepEncoding) -> Vec<(&'static str, f32)> {
    const MOST: usize = 5;
    let mut all: Vec<(&'static str, f32)> = Vec::new();
    for ranked in ranking {
        let name = ranked.encoding.name();
        if name != winner.name() && all.iter().all(|known| known.0 != name) {
            // How far one was behind when it went out is no more than a bound: it was behind those that went on.
            let most = all.last().map_or(0.5, |nearer| nearer.1);
            all.push((name, most.min(0.5 * candidates::nearness(ranked.behind))));
            if all.len() == MOST {
                break;
            }
        }
    }
    all
}

/// Bytes that come in pieces, and text that goes out in others.
pub struct Stream {
    options: Options,
    buffer: Vec<u8>,
    /// Bytes of the buffer that have been looked at and tell nothing.
    scanned: usize,
    way: Option<Way>,
    decision: Option<Decision>,
    reading: Reading,
}

impl Stream {
    /// Nothing has come yet.
    pub fn new(options: Options) -> Stream {
        Stream {
            options,
            buffer: Vec::new(),
            scanned: 0,
            way: None,
            decision: None,
            reading: Reading::new(0, options.keeps),
        }
    }

    /// Take bytes; the answer is what can be read without what comes next.
    pub fn feed(&mut self, bytes: &[u8], others: Option<Others>) -> Piece {
        self.buffer.extend_from_slice(bytes);
        self.run(false, others);
        self.reading.take()
    }

    /// Read what is left: nothing more comes.
    pub fn finish(&mut self, others: Option<Others>) -> Piece {
        self.run(true, others);
        self.reading.take()
    }

    /// What was decided; `None` while it is not, or there was nothing but ASCII.
    pub fn decision(&self) -> Option<&Decision> {
        self.decision.as_ref()
    }

    fn run(&mut self, is_end: bool, others: Option<Others>) {
        let mut start = 0;
        if self.way.is_none() {
            match head(&self.buffer, self.reading.base, self.scanned, is_end) {
                Head::Wait(first) => {
                    self.scanned = first;
                    return;
                }
                Head::Pass(end) => {
                    if end > 0 {
                        self.reading.push_ascii(&self.buffer, end, "ascii");
                    }
                    self.drop_before(end);
                    self.scanned = self.buffer.len().saturating_sub(1);
                    return;
                }
                Head::Decide(from) => {
                    if from > 0 {
                        self.reading.push_ascii(&self.buffer, from, "ascii");
                    }
                    let end = self.buffer.len().min(from + WINDOW);
                    let window = &self.buffer[from..end];
                    let is_complete = is_end && end == self.buffer.len();
                    let (way, mark, decision) = decide(window, is_complete, self.options, others);
                    start = from + mark;
                    if mark > 0 {
                        self.reading.skip(start, decision.encoding);
                    }
                    (self.way, self.decision) = (Some(way), Some(decision));
                }
            }
        }
        if let Some(way) = &mut self.way {
            let end = way.read(&self.buffer, start, is_end, &mut self.reading);
            self.drop_before(end);
        }
    }

    fn drop_before(&mut self, end: usize) {
        self.buffer.drain(..end);
        self.reading.advance(end);
    }
}
