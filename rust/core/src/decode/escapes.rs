//! Encodings of seven bits, which change sets by escapes: HZ and ISO-2022.
//!
//! In: bytes. Out: the text, if escapes are there and what they switch to makes sense. Never takes
//! a `~{` of program text for HZ: what follows must be ideographs that go together.

use super::{Decoded, Reading};
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

/// Read if the bytes are HZ or ISO-2022.
pub(super) fn read(data: &[u8]) -> Option<Decoded> {
    if memchr::memchr(0x1B, data).is_some() {
        return iso_2022(data);
    }
    if memchr::memmem::find(data, b"~{").is_some() {
        return hz(data);
    }
    None
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

/// Text as it is read, with what tells whether it makes sense.
struct Switched {
    reading: Reading,
    name: &'static str,
    last: u32,
    cost: u64,
    characters: u64,
    errors: u64,
}

impl Switched {
    fn new(data: &[u8], name: &'static str) -> Switched {
        Switched {
            reading: Reading::new(data.len()),
            name,
            last: likelihood::START,
            cost: 0,
            characters: 0,
            errors: 0,
        }
    }

    /// A character of a switched set, from bytes up to `end`.
    fn push(&mut self, end: usize, found: Option<u32>) {
        match found {
            Some(character) => {
                self.cost += u64::from(likelihood::cost(self.last, character));
                self.characters += 1;
                self.last = character;
                self.reading.push(end, self.name, &[character]);
            }
            None => {
                self.errors += 1;
                self.reading.lose(end, self.name, 1);
            }
        }
    }

    fn plain(&mut self, end: usize, byte: u8) {
        self.last = u32::from(byte);
        self.reading.push(end, self.name, &[u32::from(byte)]);
    }

    fn finish(self) -> Option<Decoded> {
        let makes_sense = self.characters > 0
            && self.errors * 8 <= self.characters
            && self.cost <= SENSIBLE * self.characters;
        makes_sense.then(|| self.reading.finish(self.name, 0.99, false))
    }
}

/// RFC 1843: `~{` begins GB 2312, `~}` and a line end close it, `~~` is a tilde.
fn hz(data: &[u8]) -> Option<Decoded> {
    let mut text = Switched::new(data, "hz");
    let mut is_chinese = false;
    let mut at = 0;
    while at < data.len() {
        match (&data[at..], is_chinese) {
            ([b'~', b'}', ..], true) => {
                at += 2;
                is_chinese = false;
                text.reading.skip(at, "hz");
            }
            ([b'~', b'{', ..], false) => {
                at += 2;
                is_chinese = true;
                text.reading.skip(at, "hz");
            }
            ([b'~', b'~', ..], false) => {
                at += 2;
                text.plain(at, b'~');
            }
            ([b'~', b'\n', ..], false) => {
                at += 2;
                text.reading.skip(at, "hz");
            }
            ([byte @ (b'\n' | b'\r'), ..], true) => {
                at += 1;
                is_chinese = false;
                text.plain(at, *byte);
            }
            ([a @ 0x21..=0x7E, b @ 0x21..=0x7E, ..], true) => {
                at += 2;
                text.push(at, character(Set::Gb2312, *a, *b));
            }
            ([byte, ..], false) if *byte < 0x80 => {
                at += 1;
                text.plain(at, *byte);
            }
            _ => {
                at += 1;
                text.push(at, None);
            }
        }
    }
    text.finish()
}

/// ISO-2022-CN and -EXT (RFC 1922), -JP and its kin, -KR.
fn iso_2022(data: &[u8]) -> Option<Decoded> {
    let name = match () {
        () if has(data, b"\x1b$)C") => "iso-2022-kr",
        () if has(data, b"\x1b$)") || has(data, b"\x1b$*") || has(data, b"\x1b$+") => "iso-2022-cn",
        () if has(data, b"\x1b$") || has(data, b"\x1b(I") => "iso-2022-jp",
        () => return None,
    };
    let mut text = Switched::new(data, name);
    // What escapes put in place (G0), what SO shifts to (G1), and the next character's (G2, G3).
    let (mut now, mut shifted, mut second, mut third) =
        (Set::Ascii, Set::Ascii, Set::Ascii, Set::Ascii);
    let mut is_shifted = false;
    let mut at = 0;
    while at < data.len() {
        let rest = &data[at..];
        if let Some(length) = escape(rest, &mut now, &mut shifted, &mut second, &mut third) {
            at += length;
            text.reading.skip(at, name);
            continue;
        }
        let single = match rest {
            [0x1B, 0x4E, a, b, ..] => Some((second, *a, *b)),
            [0x1B, 0x4F, a, b, ..] => Some((third, *a, *b)),
            _ => None,
        };
        if let Some((set, a, b)) = single {
            at += 4;
            text.push(at, character(set, a, b));
            continue;
        }
        let set = if is_shifted { shifted } else { now };
        match rest {
            [0x0E, ..] => {
                at += 1;
                is_shifted = true;
                text.reading.skip(at, name);
            }
            [0x0F, ..] => {
                at += 1;
                is_shifted = false;
                text.reading.skip(at, name);
            }
            [byte @ (b'\n' | b'\r'), ..] => {
                at += 1;
                // A line end closes what ISO-2022-CN designated; Japanese goes on only if it escapes.
                is_shifted = false;
                if name == "iso-2022-jp" {
                    now = Set::Ascii;
                }
                text.plain(at, *byte);
            }
            [kana @ 0x21..=0x5F, ..] if set == Set::HalfKana => {
                at += 1;
                text.push(at, Some(0xFF61 + u32::from(kana - 0x21)));
            }
            [a @ 0x21..=0x7E, b @ 0x21..=0x7E, ..] if set != Set::Ascii && set != Set::HalfKana => {
                at += 2;
                text.push(at, character(set, *a, *b));
            }
            [byte, ..] if *byte < 0x80 => {
                at += 1;
                text.plain(at, *byte);
            }
            _ => {
                at += 1;
                text.push(at, None);
            }
        }
    }
    text.finish()
}

fn has(data: &[u8], escape: &[u8]) -> bool {
    memchr::memmem::find(data, escape).is_some()
}

/// The length of an escape at the head of the bytes, once it has changed the sets.
fn escape(
    rest: &[u8],
    now: &mut Set,
    shifted: &mut Set,
    second: &mut Set,
    third: &mut Set,
) -> Option<usize> {
    let (slot, set, length) = match rest {
        [0x1B, b'$', b')', b'A', ..] => (shifted, Set::Gb2312, 4),
        [0x1B, b'$', b')', b'G', ..] => (shifted, Set::Cns(1), 4),
        [0x1B, b'$', b')', b'C', ..] => (shifted, Set::Ksc, 4),
        [0x1B, b'$', b'*', b'H', ..] => (second, Set::Cns(2), 4),
        [0x1B, b'$', b'+', plane @ b'I'..=b'M', ..] => (third, Set::Cns(plane - b'I' + 3), 4),
        [0x1B, b'$', b'(', b'D', ..] => (now, Set::Jis0212, 4),
        [0x1B, b'$', b'(', b'C', ..] => (now, Set::Ksc, 4),
        [0x1B, b'$', b'(', b'B' | b'@', ..] => (now, Set::Jis, 4),
        [0x1B, b'$', b'@' | b'B', ..] => (now, Set::Jis, 3),
        [0x1B, b'$', b'A', ..] => (now, Set::Gb2312, 3),
        [0x1B, b'(', b'I', ..] => (now, Set::HalfKana, 3),
        [0x1B, b'(', b'B' | b'J', ..] => (now, Set::Ascii, 3),
        _ => return None,
    };
    *slot = set;
    Some(length)
}
