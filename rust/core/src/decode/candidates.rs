//! Which encoding: each is tried on the same bytes, and the likeliest text wins.
//!
//! In: bytes without a mark. Out: an encoding and how sure it is. Never disqualifies for an error:
//! a cut or lost byte costs what a very rare character does.

use super::names::Hint;
use crate::codec::{SINGLES, Step, StepEncoding, expand};
use crate::tables::likelihood;

/// Tenths of a nat for a byte that an encoding cannot read. UTF-8 is told by its bytes alone, so
/// one that is none says more: `£5` of cp1252 is no UTF-8 with a damaged byte.
const ERROR: u64 = 180;
const UTF8_ERROR: u64 = 260;
/// What a character of two bytes is worth that UTF-8 reads, and one of more: the latter is one in
/// seventy by chance.
const UTF8_PROOF: [u64; 2] = [10, 30];
/// What a hint is worth: it decides between readings that both make sense.
const HINTED: u64 = 80;
/// A candidate this far behind the best is out.
const HOPELESS: u64 = 500;
/// Bytes between two looks at who is out.
const STRIDE: usize = 192;
/// Bytes looked at; longer data is sampled.
const ENOUGH: usize = 6000;
const PIECES: usize = 8;

/// The winner.
pub(super) struct Choice {
    pub(super) encoding: StepEncoding,
    pub(super) confidence: f32,
}

/// What a candidate costs before the first byte: rarer encodings ask for more evidence.
fn priors() -> Vec<(StepEncoding, u64)> {
    use StepEncoding::{Big5, EucJp, EucKr, EucTw, Gb18030, ShiftJis, Single, Utf8};
    let mut all = vec![
        (Utf8, 0),
        (Gb18030, 10),
        (Big5, 10),
        (StepEncoding::Big5Unicode, 12),
        (ShiftJis, 30),
        (EucJp, 40),
        (EucKr, 30),
        (EucTw, 60),
    ];
    for single in SINGLES.iter() {
        let prior = match single.name {
            "cp1252" | "cp1251" => 30,
            "koi8-r" => 50,
            "cp1250" | "iso-8859-2" => 70,
            _ => 100,
        };
        all.push((Single(single), prior));
    }
    all
}

struct Trial {
    encoding: StepEncoding,
    at: usize,
    last: u32,
    cost: u64,
}

impl Trial {
    fn advance(&mut self, data: &[u8], until: usize) {
        let is_utf8 = matches!(self.encoding, StepEncoding::Utf8);
        while self.at < until {
            match self.encoding.step(&data[self.at..]) {
                Step::Character(character, length) => {
                    let (both, count) = expand(character);
                    for &one in &both[..count] {
                        self.cost += u64::from(likelihood::cost(self.last, one));
                        self.last = one;
                    }
                    if is_utf8 && length > 1 {
                        let proof = UTF8_PROOF[usize::from(length > 2)];
                        self.cost = self.cost.saturating_sub(proof);
                    }
                    self.at += length;
                }
                Step::Bad(length) => {
                    let price = if is_utf8 { UTF8_ERROR } else { ERROR };
                    self.cost += price * length as u64;
                    self.last = likelihood::START;
                    self.at += length;
                }
            }
        }
    }
}

/// The encoding that makes most sense of the bytes.
pub(super) fn choose(data: &[u8], hint: Option<Hint>) -> Choice {
    let has_nul = memchr::memchr(0, &data[..data.len().min(4096)]).is_some();
    let gathered;
    let sample: &[u8] = if data.len() <= ENOUGH {
        data
    } else if has_nul {
        &data[..ENOUGH]
    } else {
        gathered = gather(data);
        &gathered
    };
    let mut entries = priors();
    if has_nul || data.len() <= ENOUGH {
        let prior = if has_nul { 20 } else { 60 };
        entries.extend([false, true].map(|is_big| (StepEncoding::Utf16(is_big), prior)));
        if has_nul {
            entries.extend([false, true].map(|is_big| (StepEncoding::Utf32(is_big), prior)));
        }
    }
    let hinted = hint.map(|hint| hint.encoding.name());
    let mut trials: Vec<Trial> = entries
        .into_iter()
        .map(|(encoding, prior)| Trial {
            encoding,
            at: 0,
            last: likelihood::START,
            // A bonus as everyone else's malus: costs stay positive.
            cost: prior
                + if hinted == Some(encoding.name()) || hinted.is_none() {
                    0
                } else {
                    HINTED
                },
        })
        .collect();
    let mut until = 0;
    while until < sample.len() {
        until = (until + STRIDE).min(sample.len());
        for trial in &mut trials {
            trial.advance(sample, until);
        }
        let best = trials.iter().map(|trial| trial.cost).min().unwrap_or(0);
        trials.retain(|trial| trial.cost <= best + HOPELESS);
        if trials.len() == 1 {
            break;
        }
    }
    trials.sort_by_key(|trial| trial.cost);
    let behind = trials
        .get(1)
        .map_or(HOPELESS, |second| second.cost - trials[0].cost);
    Choice {
        encoding: trials[0].encoding,
        confidence: 1.0 - 0.5 * (-(behind as f32) / 20.0).exp(),
    }
}

/// Lines with something in them, from everywhere.
fn gather(data: &[u8]) -> Vec<u8> {
    let mut gathered = Vec::with_capacity(ENOUGH + 64);
    let mut done = 0;
    for piece in 0..PIECES {
        let from = (data.len() / PIECES * piece).max(done);
        let Some(found) = data[from..].iter().position(|byte| *byte >= 0x80) else {
            break;
        };
        // From the line's head, so that no character is cut.
        let near = (from + found).saturating_sub(400).max(done);
        let start =
            memchr::memrchr(b'\n', &data[near..from + found]).map_or(near, |at| near + at + 1);
        let end = (start + ENOUGH / PIECES).min(data.len());
        gathered.extend_from_slice(&data[start..end]);
        gathered.push(b'\n');
        done = end;
    }
    gathered
}

/// A range as one encoding reads it.
pub(super) struct Weight {
    /// Tenths of a nat for all of it.
    pub(super) cost: u64,
    /// Places that could not be read.
    pub(super) errors: usize,
    /// Tenths of a nat by which the least likely stretch is less likely than running text.
    pub(super) excess: u64,
}

/// Tenths of a nat that a character of running text costs behind another.
const RUNNING: u64 = 70;

/// Weigh a range.
pub(super) fn weigh(data: &[u8], encoding: StepEncoding) -> Weight {
    let mut trial = Trial {
        encoding,
        at: 0,
        last: likelihood::START,
        cost: 0,
    };
    let (mut errors, mut sum, mut excess) = (0, 0, 0);
    while trial.at < data.len() {
        let (at, cost) = (trial.at, trial.cost);
        if data[at] >= 0x80 && matches!(encoding.step(&data[at..]), Step::Bad(_)) {
            errors += 1;
        }
        trial.advance(data, at + 1);
        sum = (sum + trial.cost.saturating_sub(cost)).saturating_sub(RUNNING);
        excess = excess.max(sum);
    }
    Weight {
        cost: trial.cost,
        errors,
        excess,
    }
}
