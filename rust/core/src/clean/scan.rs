//! One pass that says which steps could have anything to do.
//!
//! In: any text. Out: the classes of characters that occur. Never a decision: a step that is
//! called for may still find nothing; one that is not called for would have found nothing.

use crate::edit::Kind;
use crate::text::CodeUnit;

/// Classes of characters that occur in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen(u8);

const ESCAPE: u8 = 1; // & \ %
const INVISIBLE: u8 = 2;
const IDEOGRAPH: u8 = 4; // radicals, compatibility, vertical and small forms, private use
const CLOSING: u8 = 8; // ), which ends a gloss
const NARROW_MARK: u8 = 16; // , . : ; ! ? ( )
const WIDE_ALNUM: u8 = 32; // full-width letters and digits
const SPACE: u8 = 64;
const HAN: u8 = 128;

/// The class of every code point of the first plane. Ideographs, most of Chinese text, are one.
static CLASS: [u8; 0x10000] = {
    let mut table = [0; 0x10000];
    let mut code_point = 0;
    while code_point < 0x10000 {
        table[code_point as usize] = class(code_point);
        code_point += 1;
    }
    table
};

const fn class(code_point: u32) -> u8 {
    match code_point {
        0x26 | 0x5C | 0x25 => ESCAPE,
        0x29 => CLOSING | NARROW_MARK,
        0x28 | 0x2C | 0x2E | 0x3A | 0x3B | 0x21 | 0x3F => NARROW_MARK,
        0x20 => SPACE,
        0x09 | 0x0A | 0x0D => 0,
        0x00..=0x1F | 0x7F..=0x9F | 0xAD | 0x200B..=0x200F | 0x202A..=0x202E => INVISIBLE,
        0x2060..=0x2064 | 0x2066..=0x206F | 0xFEFF | 0xFFF9..=0xFFFB => INVISIBLE,
        0x2E80..=0x2FD5 | 0xF900..=0xFAFF => IDEOGRAPH | HAN,
        0xE000..=0xF8FF | 0xFE10..=0xFE19 | 0xFE30..=0xFE6B => IDEOGRAPH,
        0xFF10..=0xFF19 | 0xFF21..=0xFF3A | 0xFF41..=0xFF5A => WIDE_ALNUM,
        0x4E00..=0x9FFF | 0x3400..=0x4DBF | 0x3007 => HAN,
        _ => 0,
    }
}

/// Look at every character once.
pub fn scan<T: CodeUnit>(text: &[T]) -> Seen {
    let mut seen = 0;
    for unit in text {
        let code_point = unit.wide();
        seen |= match CLASS.get(code_point as usize) {
            Some(class) => *class,
            None if (0x2F800..0x2FA20).contains(&code_point) => IDEOGRAPH | HAN,
            None => HAN,
        };
    }
    Seen(seen)
}

/// Whether a code point is one that the step `ideographs` looks at.
#[inline]
pub fn is_of_ideographs(code_point: u32) -> bool {
    match CLASS.get(code_point as usize) {
        Some(class) => class & IDEOGRAPH != 0,
        None => (0x2F800..0x2FA20).contains(&code_point),
    }
}

/// Whether a code point is one that the step `width` looks at.
#[inline]
pub fn is_of_width(code_point: u32) -> bool {
    let class = CLASS.get(code_point as usize);
    class.is_some_and(|class| class & (NARROW_MARK | WIDE_ALNUM) != 0)
}

impl Seen {
    /// Whether the step could find anything.
    pub fn calls_for(self, step: Kind) -> bool {
        let has = |class| self.0 & class != 0;
        match step {
            Kind::Escapes => has(ESCAPE),
            Kind::Invisible => has(INVISIBLE) && has(HAN),
            Kind::Ideographs => has(IDEOGRAPH),
            Kind::Gloss => has(CLOSING) && has(HAN),
            Kind::Spaces => has(SPACE) && has(HAN),
            Kind::Width => (has(NARROW_MARK) && has(HAN)) || has(WIDE_ALNUM),
            // Asked for by name, and rare enough to look each time.
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::from_str;

    #[test]
    fn clean_chinese_calls_for_nothing() {
        let seen = scan(&from_str("这是一段干净的话，没有什么可做的。“是的”"));
        for step in [
            Kind::Escapes,
            Kind::Invisible,
            Kind::Gloss,
            Kind::Spaces,
            Kind::Width,
        ] {
            assert!(!seen.calls_for(step), "{step:?}");
        }
    }
}
