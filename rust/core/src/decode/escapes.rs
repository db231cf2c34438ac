//! Encodings of seven bits, which change sets by escapes: HZ and ISO-2022.
//!
//! In: bytes. Out: the text, if escapes are there and what they switch to makes sense. Never takes
//! a `~{` of program text for HZ: what follows must be ideographs that go together.

use super::Reading;
use crate::codec::{Double, Step, StepEncoding, cns_character, euc_kr, gbk_table};
use crate::tables::likelihood;

/// Tenths of a nat a character that switched text may cost.
const SENSIBLE: u64 = 105;

/// What two bytes mean.
#[derive(Clone, Copy, PartialEq)]
enum Set {
    Ascii,
    Gb2312,
    Cns(u8),
    Jis,
    Jis0212,
    Ksc,
    HalfKana,
}

/// An encoding with states, and what state it is in.
#[derive(Clone)]
pub(super) struct Escapes {
    name: &'static str,
    /// What escapes put in place (G0), what SO shifts to (G1), and the next character's (G2, G3).
    now: Set,
    shifted: Set,
    second: Set,
    third: Set,
    is_shifted: bool,
}

/// Bytes that the longest escape takes, or a character with its shift.
const LONGEST: usize = 4;

impl Escapes {
    fn new(name: &'static str) -> Escapes {
        Escapes {
            name,
            now: Set::Ascii,
            shifted: Set::Ascii,
            second: Set::Ascii,
            third: Set::Ascii,
            is_shifted: false,
        }
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// HZ or an ISO-2022, if the bytes begin like one and what they say makes sense.
    pub(super) fn of(data: &[u8], is_complete: bool) -> Option<Escapes> {
        let name = if memchr::memchr(0x1B, data).is_some() {
            iso_2022_name(data)?
        } else if memchr::memmem::find(data, b"~{").is_some() {
            "hz"
        } else {
            return None;
        };
        let escapes = Escapes::new(name);
        let mut attempt = escapes.clone();
        let mut sense = Sense::default();
        let mut reading = Reading::new(data.len(), false);
        attempt.read(data, 0, is_complete, &mut reading, &mut sense);
        sense.is_made().then_some(escapes)
    }

    /// Read from `start` on; the answer is how far.
    pub(super) fn read(
        &mut self,
        data: &[u8],
        start: usize,
        is_end: bool,
        reading: &mut Reading,
        sense: &mut Sense,
    ) -> usize {
        let enough = if is_end { 1 } else { LONGEST };
        let mut at = start;
        while at + enough <= data.len() {
            let mut text = Switched {
                data,
                reading,
                sense,
                name: self.name,
            };
            at = match self.name {
                "hz" => self.step_hz(at, &mut text),
                _ => self.step_iso_2022(at, &mut text),
            };
        }
        at
    }

    /// RFC 1843: `~{` begins GB 2312, `~}` and a line end close it, `~~` is a tilde.
    fn step_hz(&mut self, at: usize, text: &mut Switched) -> usize {
        let is_chinese = self.now == Set::Gb2312;
        let (set, length) = match (&text.data[at..], is_chinese) {
            ([b'~', b'}', ..], true) => (Set::Ascii, 2),
            ([b'~', b'{', ..], false) => (Set::Gb2312, 2),
            ([b'~', b'\n', ..], false) => (Set::Ascii, 2),
            ([b'~', b'~', ..], false) => return text.plain(at + 2, b'~'),
            ([byte @ (b'\n' | b'\r'), ..], true) => {
                self.now = Set::Ascii;
                return text.plain(at + 1, *byte);
            }
            ([a @ 0x21..=0x7E, b @ 0x21..=0x7E, ..], true) => {
                return text.push(at + 2, character(Set::Gb2312, *a, *b));
            }
            ([byte, ..], false) if *byte < 0x80 => return text.plain(at + 1, *byte),
            _ => return text.push(at + 1, None),
        };
        self.now = set;
        text.reading.skip(at + length, self.name);
        at + length
    }

    /// ISO-2022-CN and -EXT (RFC 1922), -JP and its kin, -KR.
    fn step_iso_2022(&mut self, at: usize, text: &mut Switched) -> usize {
        let rest = &text.data[at..];
        if let Some(length) = self.escape(rest) {
            text.reading.skip(at + length, self.name);
            return at + length;
        }
        let single = match rest {
            [0x1B, 0x4E, a, b, ..] => Some((self.second, *a, *b)),
            [0x1B, 0x4F, a, b, ..] => Some((self.third, *a, *b)),
            _ => None,
        };
        if let Some((set, a, b)) = single {
            return text.push(at + 4, character(set, a, b));
        }
        let set = if self.is_shifted {
            self.shifted
        } else {
            self.now
        };
        match rest {
            [shift @ (0x0E | 0x0F), ..] => {
                self.is_shifted = *shift == 0x0E;
                text.reading.skip(at + 1, self.name);
                at + 1
            }
            [byte @ (b'\n' | b'\r'), ..] => {
                // A line end closes what ISO-2022-CN designated; Japanese goes on only if it escapes.
                self.is_shifted = false;
                if self.name == "iso-2022-jp" {
                    self.now = Set::Ascii;
                }
                text.plain(at + 1, *byte)
            }
            [kana @ 0x21..=0x5F, ..] if set == Set::HalfKana => {
                text.push(at + 1, Some(0xFF61 + u32::from(kana - 0x21)))
            }
            [a @ 0x21..=0x7E, b @ 0x21..=0x7E, ..] if set != Set::Ascii && set != Set::HalfKana => {
                text.push(at + 2, character(set, *a, *b))
            }
            [byte, ..] if *byte < 0x80 => text.plain(at + 1, *byte),
            _ => text.push(at + 1, None),
        }
    }

    /// The length of an escape at the head of the bytes, once it has changed the sets.
    fn escape(&mut self, rest: &[u8]) -> Option<usize> {
        let (slot, set, length) = match rest {
            // ISO-IR-165 is GB 2312 with 800 characters more, which stand where it has none.
            [0x1B, b'$', b')', b'A' | b'E', ..] => (&mut self.shifted, Set::Gb2312, 4),
            [0x1B, b'$', b')', b'G', ..] => (&mut self.shifted, Set::Cns(1), 4),
            [0x1B, b'$', b')', b'C', ..] => (&mut self.shifted, Set::Ksc, 4),
            [0x1B, b'$', b'*', b'H', ..] => (&mut self.second, Set::Cns(2), 4),
            [0x1B, b'$', b'+', plane @ b'I'..=b'M', ..] => {
                (&mut self.third, Set::Cns(plane - b'I' + 3), 4)
            }
            [0x1B, b'$', b'(', b'D', ..] => (&mut self.now, Set::Jis0212, 4),
            [0x1B, b'$', b'(', b'C', ..] => (&mut self.now, Set::Ksc, 4),
            [0x1B, b'$', b'(', b'B' | b'@', ..] => (&mut self.now, Set::Jis, 4),
            [0x1B, b'$', b'@' | b'B', ..] => (&mut self.now, Set::Jis, 3),
            [0x1B, b'$', b'A', ..] => (&mut self.now, Set::Gb2312, 3),
            [0x1B, b'(', b'I', ..] => (&mut self.now, Set::HalfKana, 3),
            [0x1B, b'(', b'B' | b'J', ..] => (&mut self.now, Set::Ascii, 3),
            _ => return None,
        };
        *slot = set;
        Some(length)
    }
}

fn character(set: Set, a: u8, b: u8) -> Option<u32> {
    let double = |table: &Double| table.decode(a | 0x80, b | 0x80);
    match set {
        Set::Gb2312 => double(gbk_table()),
        Set::Ksc => double(euc_kr()),
        Set::Cns(plane) => cns_character(plane, a & 0x7F, b & 0x7F),
        Set::Jis => match StepEncoding::EucJp.step(&[a | 0x80, b | 0x80]) {
            Step::Character(character, 2) => Some(character),
            _ => None,
        },
        Set::Jis0212 => match StepEncoding::EucJp.step(&[0x8F, a | 0x80, b | 0x80]) {
            Step::Character(character, 3) => Some(character),
            _ => None,
        },
        Set::Ascii | Set::HalfKana => None,
    }
}

/// What tells whether switched text makes sense.
#[derive(Default)]
pub(super) struct Sense {
    last: u32,
    cost: u64,
    characters: u64,
    errors: u64,
}

impl Sense {
    fn is_made(&self) -> bool {
        self.characters > 0
            && self.errors * 8 <= self.characters
            && self.cost <= SENSIBLE * self.characters
    }
}

/// Where one step's answer goes.
struct Switched<'a> {
    data: &'a [u8],
    reading: &'a mut Reading,
    sense: &'a mut Sense,
    name: &'static str,
}

impl Switched<'_> {
    /// A character of a switched set, from bytes up to `end`.
    fn push(&mut self, end: usize, found: Option<u32>) -> usize {
        match found {
            Some(character) => {
                self.sense.cost += u64::from(likelihood::cost(self.sense.last, character));
                self.sense.characters += 1;
                self.sense.last = character;
                self.reading.push(end, self.name, &[character]);
            }
            None => {
                self.sense.errors += 1;
                self.reading.lose(self.data, end, self.name, 1);
            }
        }
        end
    }

    fn plain(&mut self, end: usize, byte: u8) -> usize {
        self.sense.last = u32::from(byte);
        self.reading.push(end, self.name, &[u32::from(byte)]);
        end
    }
}

fn iso_2022_name(data: &[u8]) -> Option<&'static str> {
    let has = |escape: &[u8]| memchr::memmem::find(data, escape).is_some();
    match () {
        () if has(b"\x1b$)C") => Some("iso-2022-kr"),
        () if has(b"\x1b$)") || has(b"\x1b$*") || has(b"\x1b$+") => Some("iso-2022-cn"),
        () if has(b"\x1b$") || has(b"\x1b(I") => Some("iso-2022-jp"),
        () => None,
    }
}
