//! Which encoding: each is tried on the same bytes, and the likeliest text wins.
//!
//! In: bytes without a mark. Out: an encoding and how sure it is. Never disqualifies for an error:
//! a cut or lost byte costs what a very rare character does.

use super::least::Least;
use super::names::{Hint, declared};
use super::singles::Pairs;
use super::trial::{Ahead, ERROR, Trial, UTF8_ERROR, UTF8_PROOF};
use crate::codec::{SINGLES, Step, StepEncoding, expand};
use crate::tables::likelihood;
use crate::text::is_han;
use std::sync::LazyLock;

/// What a candidate pays that reads no more of the bytes above 0x7F than it does not: `В` of cp1251
/// behind and before ASCII is no GBK with a lost byte.
const UNLIKE: u64 = 80;
/// The most that a character costs behind two of its kind.
const REPEATED: u32 = 25;
/// A candidate this far behind the best is out.
const HOPELESS: u64 = 500;
/// Bytes between two looks at who is out, at first and at most.
const FIRST_STRIDE: usize = 8;
const STRIDE: usize = 192;
/// Bytes after which encodings of one byte a character are read each by itself, if what all of them cost at the least
/// has not told that they are out: of 4 KB pieces of GBK most tell so within 56 bytes.
const TOGETHER: usize = 120;
/// Bytes after which the nearest candidate is tried from the second byte on, and by how many tenths of a nat that must
/// be likelier: half of the pieces that are cut anywhere begin in the midst of a character.
const OFF: usize = 56;
const FAR_MORE: u64 = 200;
/// Bytes looked at; longer data is sampled.
const ENOUGH: usize = 6000;
const PIECES: usize = 8;

/// The winner, and all candidates with the nearest first.
pub(super) struct Choice {
    pub(super) encoding: StepEncoding,
    pub(super) confidence: f32,
    pub(super) ranking: Vec<Ranked>,
}

/// A candidate, what it costs before the first byte, and what is known of its pairs.
type Entry = (StepEncoding, u64, Option<&'static Pairs>);

/// What a candidate costs before the first byte: rarer encodings ask for more evidence.
static PRIORS: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    use StepEncoding::{Big5, EucJp, EucKr, EucTw, Gb18030, Johab, ShiftJis, Single, Utf8};
    let several = [
        (Utf8, 0),
        (Gb18030, 10),
        (Big5, 10),
        (StepEncoding::Big5Unicode, 12),
        (ShiftJis, 30),
        (EucJp, 40),
        (EucKr, 30),
        (EucTw, 60),
        (Johab, 100),
        (StepEncoding::Ebcdic, 150),
    ];
    let mut all: Vec<_> = several
        .map(|(encoding, prior)| (encoding, prior, None))
        .into();
    for single in SINGLES.iter() {
        let prior = match single.name {
            "cp1252" => 20,
            "cp1251" => 30,
            "koi8-r" => 50,
            "cp1250" | "iso-8859-2" => 70,
            "iso-8859-15" => 90,
            "iso-8859-10" | "iso-8859-14" => 140,
            "iso-8859-3" | "iso-8859-13" | "iso-8859-16" => 120,
            _ => 100,
        };
        all.push((Single(single), prior, Pairs::of(single)));
    }
    all
});

/// What a character costs behind two others, the last one last. The third of a kind is no new
/// evidence: a rule of fifty `━` is as likely as one of five, in whatever encoding.
#[inline]
pub(super) fn price(before: [u32; 2], character: u32) -> u32 {
    let cost = likelihood::cost(before[1], character);
    if before == [character, character] {
        cost.min(REPEATED)
    } else {
        cost
    }
}

/// The encoding that makes most sense of the bytes.
pub(super) fn choose(data: &[u8], hint: Option<Hint>) -> Choice {
    race(data, hint, HOPELESS)
}

/// The same, where a reading is given up in the midst of a stride when it is this far behind: what
/// that saves changes nothing, for such a reading is out at the stride's end anyway.
fn race(data: &[u8], hint: Option<Hint>, given_up: u64) -> Choice {
    let has_nul = memchr::memchr(0, &data[..data.len().min(4096)]).is_some();
    let gathered;
    let sample: &[u8] = if data.len() <= ENOUGH {
        data
    } else if has_nul {
        // Two bytes a character have no lines to gather.
        &data[..ENOUGH]
    } else {
        gathered = gather(data);
        &gathered
    };
    let mut entries = PRIORS.clone();
    if has_nul || data.len() <= ENOUGH {
        let prior = if has_nul { 20 } else { 60 };
        entries.extend([false, true].map(|is_big| (StepEncoding::Utf16(is_big), prior, None)));
        if has_nul {
            entries.extend([false, true].map(|is_big| (StepEncoding::Utf32(is_big), prior, None)));
        }
    }
    let hinted = hint
        .or_else(|| declared(data))
        .map(|hint| hint.encoding.name());
    let is_hinted = |trial: &Trial| hinted == Some(trial.encoding.name());
    let begin = |(encoding, prior, pairs)| Trial::new(encoding, prior, pairs);
    // The encodings of several bytes a character come first, and one of them is mostly the best: the many of one byte
    // wait until it takes more than a look at all together to see that they are out.
    let (mut waiting, entries): (Vec<Entry>, Vec<Entry>) =
        entries.into_iter().partition(|(encoding, ..)| {
            matches!(encoding, StepEncoding::Single(_)) && hinted != Some(encoding.name())
        });
    let mut trials: Vec<Trial> = entries.into_iter().map(begin).collect();
    let least_prior = waiting.iter().map(|(_, prior, _)| *prior).min();
    let mut least = Least::new(least_prior.unwrap_or(0));
    let (mut until, mut stride) = (0, FIRST_STRIDE);
    let mut out: Vec<Ranked> = Vec::new();
    while until < sample.len() {
        until = (until + stride).min(sample.len());
        stride = (stride * 2).min(STRIDE);
        // Each is read no further than it takes to see that it is out.
        let read_on = |trials: &mut [Trial], mut best: u64| {
            for trial in trials {
                let is_read = is_hinted(trial) || matches!(trial.encoding, StepEncoding::Utf8);
                let hopeless = match is_read {
                    true => u64::MAX,
                    false => best.saturating_add(given_up),
                };
                trial.advance(sample, until, hopeless);
                best = best.min(trial.cost);
            }
            best
        };
        let mut best = read_on(&mut trials, u64::MAX);
        if !waiting.is_empty() {
            least.advance(sample, until);
            if until >= OFF && least.cost <= best.saturating_add(given_up) {
                best = best.min(read_again(&mut trials, sample, until));
            }
            if least.cost > best.saturating_add(given_up) {
                let behind = least.cost - best;
                let ranked = |(encoding, ..): Entry| Ranked { encoding, behind };
                out.splice(..0, waiting.drain(..).map(ranked));
            } else if until >= TOGETHER.min(sample.len()) {
                let alone = trials.len();
                trials.extend(waiting.drain(..).map(begin));
                best = read_on(&mut trials[alone..], best);
            }
        }
        trials.retain_mut(|trial| {
            let stays = |trial: &Trial| {
                trial.cost <= best + HOPELESS || is_hinted(trial) && trial.may_bear_out(best)
            };
            let mut stays_on = stays(trial);
            if !stays_on && let Some(mut again) = trial.again(sample) {
                again.advance(sample, until, best.saturating_add(given_up));
                stays_on = stays(&again);
                if stays_on {
                    *trial = again;
                }
            }
            if !stays_on {
                out.push(Ranked {
                    encoding: trial.encoding,
                    behind: trial.cost - best,
                });
            }
            stays_on
        });
        if trials.len() == 1 && waiting.is_empty() {
            break;
        }
    }
    if trials.len() > 1 {
        for trial in &mut trials {
            if let Some(mut again) = trial.again(sample) {
                again.advance(sample, until, trial.cost);
                if again.cost < trial.cost {
                    *trial = again;
                }
            }
        }
    }
    for trial in &mut trials {
        if trial.errors > 0 && trial.errors >= trial.characters {
            trial.cost += UNLIKE;
        }
    }
    trials.sort_by_key(|trial| trial.cost);
    if let Some(at) = trials.iter().position(is_hinted)
        && trials[at].bears_out(trials[0].cost)
    {
        let hinted = trials.remove(at);
        trials.insert(0, hinted);
    }
    let best = trials[0].cost;
    let mut ranking: Vec<Ranked> = trials
        .iter()
        .map(|trial| Ranked {
            encoding: trial.encoding,
            behind: trial.cost.saturating_sub(best),
        })
        .collect();
    // Those that went last were the nearest.
    ranking.extend(out.into_iter().rev());
    let encoding = ranking[0].encoding;
    // Not a dialect of the same name: that is no other answer.
    let next = ranking
        .iter()
        .find(|ranked| ranked.encoding.name() != encoding.name());
    Choice {
        encoding,
        confidence: 1.0 - 0.5 * nearness(next.map_or(HOPELESS, |next| next.behind)),
        ranking,
    }
}

/// Let the nearest candidate begin at the second byte, if that makes far more sense; answers what it costs.
fn read_again(trials: &mut [Trial], sample: &[u8], until: usize) -> u64 {
    let Some(nearest) = trials.iter_mut().min_by_key(|trial| trial.cost) else {
        return u64::MAX;
    };
    if let Some(mut again) = nearest.again(sample) {
        again.advance(sample, until, nearest.cost);
        if again.cost.saturating_add(FAR_MORE) < nearest.cost {
            *nearest = again;
        }
    }
    nearest.cost
}

/// A candidate, and how many tenths of a nat it is behind the winner.
pub(super) struct Ranked {
    pub(super) encoding: StepEncoding,
    pub(super) behind: u64,
}

/// From 1, as likely as the winner, to 0.
pub(super) fn nearness(behind: u64) -> f32 {
    (-(behind as f32) / 20.0).exp()
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
        // Up to ASCII that ends no character, so that the piece's own end is no error.
        let near = data[start..end].iter().rposition(|byte| *byte < 0x30);
        let end = near.map_or(end, |at| (start + at + 1).max(from + found + 1));
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
    /// Whether most of it is one character over and over: a rule, which tells nothing.
    pub(super) is_rule: bool,
    /// Whether something in it is written in characters that make words by themselves, or in some of nobody's.
    pub(super) has_ideographs: bool,
    /// Tenths of a nat that its signs cost beyond running text, if a third of it is signs.
    pub(super) strange_signs: u64,
}

/// Whether a character makes words by itself, as signs, kana and letters in a row of them do not. One of the private
/// use is what GB 18030 has for every other pair of Big5.
fn is_ideograph(character: u32) -> bool {
    is_han(character) || matches!(character, 0xAC00..=0xD7A3 | 0xE000..=0xF8FF)
}

/// Whether a character that is no ideograph is a sign: a mark, a digit, a star, a line of a box.
fn is_sign(character: u32) -> bool {
    let is_private = character >= 0xF_0000;
    // ˇ and Ⅷ are letters to Unicode.
    let is_numeral_or_tone = matches!(character, 0x02B0..=0x02FF | 0x2160..=0x217F);
    let is_letter = || char::from_u32(character).is_none_or(char::is_alphabetic);
    character >= 0x80 && !is_private && (is_numeral_or_tone || !is_letter())
}

/// Tenths of a nat that a character of running text costs behind another.
const RUNNING: u64 = 70;

/// Weigh a range.
pub(super) fn weigh(data: &[u8], encoding: StepEncoding) -> Weight {
    let (mut at, mut last, mut cost) = (0, [likelihood::START; 2], 0);
    let (mut errors, mut sum, mut excess) = (0, 0_u64, 0);
    let (mut repeated, mut all) = (0_usize, 0);
    let (mut has_ideographs, mut signs, mut high, mut strange_signs) = (false, 0, 0, 0);
    let is_utf8 = matches!(encoding, StepEncoding::Utf8);
    let mut ahead = Ahead::default();
    while at < data.len() {
        ahead.read(encoding, data, at, data.len(), last[1]);
        for &step in ahead.steps() {
            let mut here = 0;
            match step {
                Step::Character(character, length) => {
                    let (both, count) = expand(character);
                    for &one in &both[..count] {
                        let price = u64::from(price(last, one));
                        here += price;
                        high += usize::from(one >= 0x80);
                        if is_ideograph(one) {
                            has_ideographs = true;
                        } else if is_sign(one) {
                            signs += 1;
                            strange_signs += price.saturating_sub(RUNNING);
                        }
                        repeated += usize::from(last == [one, one]);
                        all += 1;
                        last = [last[1], one];
                    }
                    if is_utf8 && length > 1 {
                        here = here.saturating_sub(UTF8_PROOF[usize::from(length > 2)]);
                    }
                    at += length;
                }
                Step::Bad(length) => {
                    here = u64::from(if is_utf8 { UTF8_ERROR } else { ERROR }) * length as u64;
                    last = [likelihood::START; 2];
                    errors += 1;
                    at += length;
                }
            }
            cost += here;
            sum = (sum + here).saturating_sub(RUNNING);
            excess = excess.max(sum);
        }
    }
    Weight {
        cost,
        errors,
        excess,
        is_rule: repeated * 4 > all * 3,
        has_ideographs,
        strange_signs: if signs * 3 >= high { strange_signs } else { 0 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes that look alike to many encodings: a linear congruential generator's, of which most are
    /// above 0x7F, with line ends.
    fn bytes(seed: u32) -> Vec<u8> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        let ranges = [
            (0xB0, 0x48),
            (0xA4, 0x20),
            (0x81, 0x7E),
            (0xE3, 0x07),
            (0x40, 0x3F),
        ];
        let (from, width) = ranges[seed as usize % ranges.len()];
        (0..40 + seed as usize * 3)
            .map(|at| match at % 37 {
                36 => b'\n',
                place if place % 2 == 1 => next() | 0x80,
                _ => from + next() % width,
            })
            .collect()
    }

    #[test]
    fn giving_up_early_chooses_what_patience_chooses() {
        for seed in 0..400 {
            let data = bytes(seed);
            let (early, patient) = (race(&data, None, HOPELESS), race(&data, None, u64::MAX));
            assert_eq!(
                early.encoding.name(),
                patient.encoding.name(),
                "seed {seed}"
            );
            assert!(
                (early.confidence - patient.confidence).abs() < 1e-6,
                "seed {seed}"
            );
        }
    }
}
