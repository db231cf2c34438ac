//! Which encoding: each is tried on the same bytes, and the likeliest text wins.
//!
//! In: bytes without a mark. Out: an encoding and how sure it is. Never disqualifies for an error:
//! a cut or lost byte costs what a very rare character does.

use super::names::{Hint, declared};
use crate::codec::{SINGLES, Step, StepEncoding, expand};
use crate::tables::likelihood;
use std::sync::LazyLock;

/// Tenths of a nat for a byte that an encoding cannot read. UTF-8 is told by its bytes alone, so
/// one that is none says more: `£5` of cp1252 is no UTF-8 with a damaged byte.
pub(super) const ERROR: u32 = 180;
pub(super) const UTF8_ERROR: u32 = 260;
/// What a character of two bytes is worth that UTF-8 reads, and one of more: the latter is one in
/// seventy by chance.
const UTF8_PROOF: [u64; 2] = [10, 30];
/// What a candidate pays that reads no more of the bytes above 0x7F than it does not: `В` of cp1251
/// behind and before ASCII is no GBK with a lost byte.
const UNLIKE: u64 = 80;
/// What a hint is worth: it decides between readings that both make sense.
const HINTED: u64 = 80;
/// What it is worth besides, a character beyond the first few, where its encoding reads every byte
/// though it need not: letters of hangul spelled out are stranger by 32 than what EUC-JP makes of
/// them. A lie is found out soon: one byte in twenty of GBK is no EUC-KR.
const STRANGE: u64 = 40;
const FEW: u64 = 16;
/// What one-byte text pays where its alphabet changes: the `ê` that ends a cut line of French is no
/// Cyrillic `к`.
const SWITCHED: u64 = 60;
/// What a hiragana costs where Chinese is read, until that is enough: EUC-JP and GB 2312 have kana
/// in the same place, and what stands between them decides too little in a line of them.
const KANA: u64 = 12;
const MANY_KANA: u64 = 1000;
/// The most that a pair costs that came before in the sample, and places to remember them in.
const KNOWN: u32 = 35;
const SEEN_BITS: u32 = 7;
const SEEN: usize = 1 << SEEN_BITS;
/// The most that a character costs behind two of its kind.
const REPEATED: u32 = 25;
/// A candidate this far behind the best is out.
const HOPELESS: u64 = 500;
/// Bytes between two looks at who is out, at first and at most.
const FIRST_STRIDE: usize = 8;
const STRIDE: usize = 192;
/// Bytes looked at; longer data is sampled.
const ENOUGH: usize = 6000;
const PIECES: usize = 8;

/// The winner, and all candidates with the nearest first.
pub(super) struct Choice {
    pub(super) encoding: StepEncoding,
    pub(super) confidence: f32,
    pub(super) ranking: Vec<Ranked>,
}

/// What a candidate costs before the first byte: rarer encodings ask for more evidence.
static PRIORS: LazyLock<Vec<(StepEncoding, u64)>> = LazyLock::new(|| {
    use StepEncoding::{Big5, EucJp, EucKr, EucTw, Gb18030, Johab, ShiftJis, Single, Utf8};
    let mut all = vec![
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
        all.push((Single(single), prior));
    }
    all
});

/// One candidate's reading of the sample, as far as it has come.
struct Trial {
    encoding: StepEncoding,
    prior: u64,
    /// Whether it has been begun again at the second byte.
    is_second: bool,
    at: usize,
    last: u32,
    cost: u64,
    /// Pairs of characters that it has read, by their hash: one that comes again is no new evidence.
    seen: [u32; SEEN],
    /// Bytes that it could not read, but for those of a character that the sample cuts off.
    errors: u64,
    /// Characters of more than one byte, or of an upper half.
    characters: u64,
    /// The script of the last letter, for one-byte encodings.
    script: Script,
    /// What hiragana have cost this candidate.
    kana: u64,
}

/// The alphabets that one-byte encodings have.
#[derive(Clone, Copy, PartialEq)]
enum Script {
    Unknown,
    Latin,
    Other(u8),
}

impl Script {
    fn of(character: u32) -> Script {
        match character {
            0x41..=0x5A | 0x61..=0x7A | 0xC0..=0xD6 | 0xD8..=0xF6 | 0xF8..=0x24F => Script::Latin,
            0x370..=0x3FF => Script::Other(0),
            0x400..=0x52F => Script::Other(1),
            0x590..=0x5FF => Script::Other(2),
            0x600..=0x6FF => Script::Other(3),
            0xE00..=0xE7F => Script::Other(4),
            _ => Script::Unknown,
        }
    }
}

impl Trial {
    fn new(encoding: StepEncoding, prior: u64) -> Trial {
        Trial {
            encoding,
            prior,
            is_second: false,
            at: 0,
            last: likelihood::START,
            cost: prior,
            seen: [0; SEEN],
            errors: 0,
            characters: 0,
            script: Script::Unknown,
            kana: 0,
        }
    }

    /// Begin again behind the first byte, if that may be the second of a character that was cut: pairs read one
    /// byte off go on until the line ends, and make less sense than what another encoding makes of them.
    fn again(&self, data: &[u8]) -> Option<Trial> {
        use StepEncoding::{Big5, Big5Unicode, EucJp, EucKr, EucTw, Gb18030, Johab, ShiftJis};
        let may_be_cut = matches!(
            self.encoding,
            Gb18030 | Big5 | Big5Unicode | EucKr | EucJp | EucTw | ShiftJis | Johab
        ) && matches!(data, [0x80..=0xFF, 0x80..=0xFF, ..]);
        (may_be_cut && !self.is_second).then(|| Trial {
            at: 1,
            is_second: true,
            ..Trial::new(self.encoding, self.prior + u64::from(ERROR))
        })
    }

    /// Read on, until it costs too much; what it costs never falls, but for UTF-8.
    fn advance(&mut self, data: &[u8], until: usize, hopeless: u64) {
        let is_utf8 = matches!(self.encoding, StepEncoding::Utf8);
        let is_single = matches!(self.encoding, StepEncoding::Single(_));
        let is_chinese = matches!(
            self.encoding,
            StepEncoding::Gb18030 | StepEncoding::Big5Unicode
        );
        let mut ahead = Ahead::default();
        while self.at < until && self.cost <= hopeless {
            ahead.read(self.encoding, data, self.at, until, self.last);
            for &step in ahead.steps() {
                if self.cost > hopeless {
                    break;
                }
                match step {
                    Step::Character(character, length) => {
                        let (both, count) = expand(character);
                        for &one in &both[..count] {
                            self.cost += u64::from(self.price(one));
                            self.last = one;
                        }
                        if is_utf8 && length > 1 {
                            let proof = UTF8_PROOF[usize::from(length > 2)];
                            self.cost = self.cost.saturating_sub(proof);
                        }
                        if is_single {
                            self.weigh_script(character);
                        }
                        if is_chinese && self.kana < MANY_KANA && is_telling_kana(character) {
                            self.kana += KANA;
                            self.cost += KANA;
                        }
                        self.characters += u64::from(data[self.at] >= 0x80);
                        self.at += length;
                    }
                    Step::Bad(length) => {
                        let price = if is_utf8 { UTF8_ERROR } else { ERROR };
                        self.cost += u64::from(price) * length as u64;
                        self.last = likelihood::START;
                        self.errors += u64::from(self.at + 4 <= data.len());
                        self.at += length;
                    }
                }
            }
        }
    }

    /// What a character costs behind the last one: the tenth `客途異旅客途異旅` says no more for one
    /// encoding than the first did.
    #[inline]
    fn price(&mut self, character: u32) -> u32 {
        let cost = likelihood::cost(self.last, character);
        let pair = (self.last.wrapping_mul(0x9E37_79B1) ^ character).wrapping_mul(0x85EB_CA6B);
        let slot = &mut self.seen[(pair >> (32 - SEEN_BITS)) as usize];
        if (*slot ^ pair) & !3 != 0 {
            *slot = pair & !3;
            return cost;
        }
        // The lowest bits count how often it came: what it says weighs less each time.
        let times = *slot & 3;
        *slot += u32::from(times < 3);
        let still = if times < 3 {
            cost.saturating_sub(KNOWN) >> (times + 1)
        } else {
            0
        };
        cost.min(KNOWN) + still
    }

    fn weigh_script(&mut self, character: u32) {
        match (self.script, Script::of(character)) {
            (_, Script::Unknown) => return,
            (before, now) if before != now && before != Script::Unknown => self.cost += SWITCHED,
            _ => {}
        }
        self.script = Script::of(character);
    }

    /// Whether the bytes do not contradict that it is this one, if somebody says so.
    fn bears_out(&self, best: u64) -> bool {
        let is_strict = matches!(
            self.encoding,
            StepEncoding::Big5 | StepEncoding::EucJp | StepEncoding::EucKr | StepEncoding::EucTw
        );
        let proof = if is_strict && self.errors == 0 {
            STRANGE * self.characters.saturating_sub(FEW)
        } else {
            0
        };
        self.cost <= best + HINTED + proof
    }

    /// Whether it may still turn out to be what somebody says.
    fn may_bear_out(&self, best: u64) -> bool {
        self.errors == 0 && self.characters < 4 * FEW || self.bears_out(best)
    }
}

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

/// Hiragana but for の, which Chinese borrows.
fn is_telling_kana(character: u32) -> bool {
    matches!(character, 0x3041..=0x3094) && character != 0x306E
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
        entries.extend([false, true].map(|is_big| (StepEncoding::Utf16(is_big), prior)));
        if has_nul {
            entries.extend([false, true].map(|is_big| (StepEncoding::Utf32(is_big), prior)));
        }
    }
    let hinted = hint
        .or_else(|| declared(data))
        .map(|hint| hint.encoding.name());
    let is_hinted = |trial: &Trial| hinted == Some(trial.encoding.name());
    let mut trials: Vec<Trial> = entries
        .into_iter()
        .map(|(encoding, prior)| Trial::new(encoding, prior))
        .collect();
    let (mut until, mut stride) = (0, FIRST_STRIDE);
    let mut out: Vec<Ranked> = Vec::new();
    while until < sample.len() {
        until = (until + stride).min(sample.len());
        stride = (stride * 2).min(STRIDE);
        // The encodings of several bytes a character come first, and one of them is mostly the best: the
        // many of one byte are read no further than it takes to see that they are out.
        let mut best = u64::MAX;
        for trial in &mut trials {
            let hopeless = match is_hinted(trial) || matches!(trial.encoding, StepEncoding::Utf8) {
                true => u64::MAX,
                false => best.saturating_add(given_up),
            };
            trial.advance(sample, until, hopeless);
            best = best.min(trial.cost);
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
        if trials.len() == 1 {
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
    Choice {
        encoding: ranking[0].encoding,
        confidence: 1.0 - 0.5 * nearness(ranking.get(1).map_or(HOPELESS, |next| next.behind)),
        ranking,
    }
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
}

/// Tenths of a nat that a character of running text costs behind another.
const RUNNING: u64 = 70;

/// The next few characters of one reading. What they cost stands anywhere in a megabyte: asked for
/// all at once, the places come together, and not each when the one before has come.
struct Ahead {
    steps: [Step; Ahead::MOST],
    count: usize,
}

impl Default for Ahead {
    fn default() -> Ahead {
        Ahead {
            steps: [Step::Bad(1); Ahead::MOST],
            count: 0,
        }
    }
}

impl Ahead {
    const MOST: usize = 16;

    fn read(
        &mut self,
        encoding: StepEncoding,
        data: &[u8],
        start: usize,
        until: usize,
        before: u32,
    ) {
        let (mut at, mut last, mut touched) = (start, before, 0);
        self.count = 0;
        while at < until && self.count < Ahead::MOST {
            let step = encoding.step(&data[at..]);
            at += match step {
                Step::Character(character, length) => {
                    touched ^= likelihood::touch(last, character);
                    last = character;
                    length
                }
                Step::Bad(length) => {
                    last = likelihood::START;
                    length
                }
            };
            self.steps[self.count] = step;
            self.count += 1;
        }
        std::hint::black_box(touched);
    }

    fn steps(&self) -> &[Step] {
        &self.steps[..self.count]
    }
}

/// Weigh a range.
pub(super) fn weigh(data: &[u8], encoding: StepEncoding) -> Weight {
    let (mut at, mut last, mut cost) = (0, [likelihood::START; 2], 0);
    let (mut errors, mut sum, mut excess) = (0, 0_u64, 0);
    let (mut repeated, mut all) = (0_usize, 0);
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
                        here += u64::from(price(last, one));
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
