//! Strings of JSON as nearly all are written: only what must be is escaped, by the short forms.
//!
//! In: what stands between the quotes. Out: its text, or that it is not written so, and then [`json`]
//! reads it. Never: a string that would come out otherwise if it were written again.
//!
//! A corpus of JSON lines goes through half as fast again as by single characters.

use crate::json;
use crate::utf8::{push_utf8, push_utf16};

/// The text of a string of JSON in which only what must be is escaped, by the short forms, and which
/// has no character beyond U+FFFF: nearly all that people write. Written again it is the same.
pub fn read(inside: &[u8]) -> Option<Vec<u16>> {
    // Valid UTF-8 has no byte from there on but in a character beyond U+FFFF.
    if inside.iter().fold(0, |most, byte| most.max(*byte)) >= 0xF0 {
        return None;
    }
    let mut units = Vec::with_capacity(inside.len() + 1);
    let mut from = 0;
    while let Some(length) = memchr::memchr(b'\\', &inside[from..]) {
        push_utf16(&mut units, &inside[from..from + length])?;
        let at = from + length + 1;
        units.push(match *inside.get(at)? {
            b'n' => 10,
            b't' => 9,
            b'r' => 13,
            b'b' => 8,
            b'f' => 12,
            quoted @ (b'"' | b'\\') => u16::from(quoted),
            _ => return None,
        });
        from = at + 1;
    }
    push_utf16(&mut units, &inside[from..])?;
    Some(units)
}

/// The same back: stretches that need no escape at once.
pub fn write(units: &[u16]) -> Vec<u8> {
    let mut written = Vec::with_capacity(units.len() * 3);
    let must_escape =
        |unit: &u16| *unit < 0x20 || matches!(unit, 0x22 | 0x5C) || (0xD800..0xE000).contains(unit);
    let mut from = 0;
    while from < units.len() {
        let plain = units[from..].iter().position(must_escape);
        let end = plain.map_or(units.len(), |length| from + length);
        push_utf8(&mut written, &units[from..end]);
        if let Some(&unit) = units.get(end) {
            json::write(&mut written, [u32::from(unit)], false);
        }
        from = end + 1;
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_read_is_written_as_it_was(text in "[\\PC\n\t\"\\\\]{0,40}") {
            let mut inside = Vec::new();
            json::write(&mut inside, text.chars().map(u32::from), false);
            if let Some(units) = read(&inside) {
                let read: Vec<u32> = units.iter().copied().map(u32::from).collect();
                prop_assert_eq!(read, json::characters(&inside));
                prop_assert_eq!(write(&units), inside);
            } else {
                let needs_more = |c: char| u32::from(c) > 0xFFFF || c.is_control();
                prop_assert!(text.chars().any(needs_more));
            }
        }
    }

    #[test]
    fn needless_escapes_are_left_to_others() {
        for inside in [r"\u53d1", r"a\/b", "\\"] {
            assert_eq!(read(inside.as_bytes()), None, "{inside}");
        }
    }
}
