//! One candidate's reading of a sample, and what it costs.
//!
//! In: an encoding and bytes, a stride at a time. Out: how unlikely the text is that it makes of them. Never
//! stops at an error: a byte that cannot be read costs what a very rare character does.

use super::singles::Pairs;
use crate::codec::{Single, Step, StepEncoding, expand};
use crate::tables::likelihood;

/// Tenths of a nat for a byte that an encoding cannot read. UTF-8 is told by its bytes alone, so
/// one that is none says more: `£5` of cp1252 is no UTF-8 with a damaged byte.
pub(super) const ERROR: u32 = 180;
pub(super) const UTF8_ERROR: u32 = 260;
/// What a character of two bytes is worth that UTF-8 reads, and one of more: the latter is one in
/// seventy by chance.
pub(super) const UTF8_PROOF: [u64; 2] = [10, 30];
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
/// Bytes behind one that cannot be read that tell where the next character begins: eight pairs that are read one byte
/// off cost some 400 more.
const LOOKED_AT: usize = 16;
/// Places with errors from which on nothing is looked for behind them: in another encoding they are everywhere.
const MOST_STRAY: u64 = 8;
/// What a letter is worth that a declared alphabet reads, of so many at the most: one word in a page of tags is less
/// likely by 150 than the three rare ideographs that it could be.
const LETTER: u64 = 20;
/// The most that a pair costs that came before in the sample, and places to remember them in.
const KNOWN: u32 = 35;
const SEEN_BITS: u32 = 7;
const SEEN: usize = 1 << SEEN_BITS;

/// One candidate's reading of the sample, as far as it has come.
pub(super) struct Trial {
    pub(super) encoding: StepEncoding,
    prior: u64,
    pairs: Option<&'static Pairs>,
    /// Whether it has been begun again at the second byte.
    is_second: bool,
    at: usize,
    last: u32,
    pub(super) cost: u64,
    /// Pairs of characters that it has read, by their hash: one that comes again is no new evidence.
    seen: [u32; SEEN],
    /// Bytes that it could not read, but for those of a character that the sample cuts off.
    pub(super) errors: u64,
    /// Characters of more than one byte, or of an upper half.
    pub(super) characters: u64,
    /// The script of the last letter, for one-byte encodings.
    script: Script,
    /// Where the last byte ends that could not be read.
    bad_until: usize,
    /// What hiragana have cost this candidate.
    kana: u64,
    /// What changes of the alphabet have cost it, and letters of each that is not Latin.
    switched: u64,
    letters: [u64; ALPHABETS],
}

/// Alphabets of one-byte encodings that are not Latin.
const ALPHABETS: usize = 5;

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
    pub(super) fn new(encoding: StepEncoding, prior: u64, pairs: Option<&'static Pairs>) -> Trial {
        Trial {
            encoding,
            prior,
            pairs,
            is_second: false,
            at: 0,
            last: likelihood::START,
            cost: prior,
            seen: [0; SEEN],
            errors: 0,
            characters: 0,
            script: Script::Unknown,
            bad_until: usize::MAX,
            kana: 0,
            switched: 0,
            letters: [0; ALPHABETS],
        }
    }

    /// Begin again behind the first byte, if that may be the second of a character that was cut: pairs read one
    /// byte off go on until the line ends, and make less sense than what another encoding makes of them.
    pub(super) fn again(&self, data: &[u8]) -> Option<Trial> {
        let may_be_cut = self.is_of_pairs() && matches!(data, [0x80..=0xFF, 0x80..=0xFF, ..]);
        (may_be_cut && !self.is_second).then(|| Trial {
            at: 1,
            is_second: true,
            ..Trial::new(self.encoding, self.prior + u64::from(ERROR), None)
        })
    }

    /// Whether characters are pairs of bytes, which may be read one byte off.
    fn is_of_pairs(&self) -> bool {
        use StepEncoding::{Big5, Big5Unicode, EucJp, EucKr, EucTw, Gb18030, Johab, ShiftJis};
        matches!(
            self.encoding,
            Gb18030 | Big5 | Big5Unicode | EucKr | EucJp | EucTw | ShiftJis | Johab
        )
    }

    /// How many bytes more to pass over, behind one that could not be read: what a stray byte in the midst of a
    /// character leaves of it is no first half, and all pairs behind it would be read one byte off.
    fn bytes_to_pass(&self, data: &[u8], start: usize) -> usize {
        if !self.is_of_pairs() {
            return 0;
        }
        let end = data.len().min(start + LOOKED_AT);
        let cost_from = |passed: &usize| {
            let (mut at, mut last) = (start + passed, likelihood::START);
            let mut cost = ERROR * *passed as u32;
            while at < end {
                at += match self.encoding.step(&data[at..]) {
                    Step::Character(character, length) => {
                        cost += likelihood::cost(last, character);
                        last = character;
                        length
                    }
                    Step::Bad(length) => {
                        cost += ERROR * length as u32;
                        last = likelihood::START;
                        length
                    }
                };
            }
            cost
        };
        let may_pass = |byte: &&u8| **byte >= 0x80 || **byte == 0;
        let most = data[start..end].iter().take(2).take_while(may_pass).count();
        (0..=most).min_by_key(cost_from).unwrap_or(0)
    }

    /// Read on, until it costs too much; what it costs never falls, but for UTF-8.
    pub(super) fn advance(&mut self, data: &[u8], until: usize, hopeless: u64) {
        match self.encoding {
            StepEncoding::Single(single) => self.advance_single(single, data, until, hopeless),
            _ => self.advance_steps(data, until, hopeless),
        }
    }

    /// The same of one byte a character.
    fn advance_single(
        &mut self,
        single: &'static Single,
        data: &[u8],
        until: usize,
        hopeless: u64,
    ) {
        while self.at < until && self.cost <= hopeless {
            let byte = data[self.at];
            if let Some(character) = single.decode(byte) {
                let before = self.at.checked_sub(1).map_or(0, |at| data[at]);
                let cost = match self.pairs {
                    // Behind a byte that could not be read stands what begins a line.
                    Some(pairs)
                        if before >= 0x80 && byte >= 0x80 && self.last != likelihood::START =>
                    {
                        pairs.cost([before, byte], [self.last, character])
                    }
                    _ => likelihood::cost(self.last, character),
                };
                self.cost += u64::from(self.discount(cost, character));
                self.last = character;
                self.weigh_script(character);
                self.characters += u64::from(byte >= 0x80);
            } else {
                self.cost += u64::from(ERROR);
                self.last = likelihood::START;
                self.errors += u64::from(self.at + 4 <= data.len());
            }
            self.at += 1;
        }
    }

    fn advance_steps(&mut self, data: &[u8], until: usize, hopeless: u64) {
        let is_utf8 = matches!(self.encoding, StepEncoding::Utf8);
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
                            let cost = likelihood::cost(self.last, one);
                            self.cost += u64::from(self.discount(cost, one));
                            self.last = one;
                        }
                        if is_utf8 && length > 1 {
                            let proof = UTF8_PROOF[usize::from(length > 2)];
                            self.cost = self.cost.saturating_sub(proof);
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
                        // A stray byte makes two that cannot be read: the half before it, and itself unless it is zero.
                        let next = self.at + length;
                        let is_stray = self.bad_until == self.at || data.get(next) == Some(&0);
                        let more = match is_stray && self.errors < MOST_STRAY {
                            true => self.bytes_to_pass(data, next),
                            false => 0,
                        };
                        self.bad_until = next;
                        self.cost += u64::from(price) * (length + more) as u64;
                        self.last = likelihood::START;
                        self.errors += u64::from(self.at + 4 <= data.len());
                        self.at += length + more;
                        if more > 0 {
                            // What was read ahead begins elsewhere.
                            break;
                        }
                    }
                }
            }
        }
    }

    /// What is left of what a character costs behind the last one, if the two came before: the tenth
    /// `客途異旅客途異旅` says no more for one encoding than the first did.
    #[inline]
    fn discount(&mut self, cost: u32, character: u32) -> u32 {
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
            (before, now) if before != now && before != Script::Unknown => {
                self.cost += SWITCHED;
                self.switched += SWITCHED;
            }
            _ => {}
        }
        self.script = Script::of(character);
        if let Script::Other(alphabet) = self.script {
            self.letters[usize::from(alphabet)] += 1;
        }
    }

    /// Whether the bytes do not contradict that it is this one, if somebody says so.
    pub(super) fn bears_out(&self, best: u64) -> bool {
        let is_strict = matches!(
            self.encoding,
            StepEncoding::Big5 | StepEncoding::EucJp | StepEncoding::EucKr | StepEncoding::EucTw
        );
        // One alphabet besides that of the tags.
        let letters = self.letters.iter().max().copied().unwrap_or(0);
        let proof = match self.errors {
            0 if is_strict => STRANGE * self.characters.saturating_sub(FEW),
            0 if letters > 0 && letters == self.characters => {
                self.switched + LETTER * letters.min(FEW)
            }
            _ => 0,
        };
        self.cost <= best + HINTED + proof
    }

    /// Whether it may still turn out to be what somebody says.
    pub(super) fn may_bear_out(&self, best: u64) -> bool {
        self.errors == 0 && self.characters < 4 * FEW || self.bears_out(best)
    }
}

/// Hiragana but for の, which Chinese borrows.
fn is_telling_kana(character: u32) -> bool {
    matches!(character, 0x3041..=0x3094) && character != 0x306E
}

/// The next few characters of one reading. What they cost stands anywhere in a megabyte: asked for
/// all at once, the places come together, and not each when the one before has come.
pub(super) struct Ahead {
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

    pub(super) fn read(
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

    pub(super) fn steps(&self) -> &[Step] {
        &self.steps[..self.count]
    }
}
