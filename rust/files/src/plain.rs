//! Strings of JSON as nearly all are written: only what must be is escaped, by the short forms.
//!
//! In: what stands between the quotes. Out: its text, or that it is not written so, and then [`json`]
//! reads it. Never: a string that would come out otherwise if it were written again.
//!
//! A corpus of JSON lines goes through half as fast again as by single characters.

use crate::json;
use hanfix_core::codec::utf8::{self, Short};

/// The text of a string of JSON in which only what must be is escaped, by the short forms, and which
/// has no character beyond U+FFFF: nearly all that people write. Written again it is the same.
pub fn read(inside: &[u8]) -> Option<Vec<u16>> {
    // All of it first, escapes as they stand: stretch by stretch, those between the line ends of prose, it
    // takes twice as long.
    let mut units = utf8::basic(inside)?;
    let (mut from, mut end) = (0, 0);
    while let Some(length) = backslash(&units[from..]) {
        let meant = match u8::try_from(*units.get(from + length + 1)?).ok()? {
            b'n' => 10,
            b't' => 9,
            b'r' => 13,
            b'b' => 8,
            b'f' => 12,
            quoted @ (b'"' | b'\\') => u16::from(quoted),
            _ => return None,
        };
        units.copy_within(from..from + length, end);
        end += length;
        units[end] = meant;
        (from, end) = (from + length + 2, end + 1);
    }
    let length = units.len();
    units.copy_within(from.., end);
    units.truncate(end + length - from);
    Some(units)
}

/// Where the first backslash is.
fn backslash(units: &[u16]) -> Option<usize> {
    // Whole runs are compared at once, and of one only whether it has any.
    const RUN: usize = 32;
    let is_one = |unit: &u16| *unit == u16::from(b'\\');
    let has_none = |run: &&[u16]| !run.iter().fold(false, |any, unit| any | is_one(unit));
    let before = units.chunks_exact(RUN).take_while(has_none).count() * RUN;
    let found = units[before..].iter().position(is_one)?;
    Some(before + found)
}

/// The same back, behind what is there: escapes of two bytes among the rest.
pub fn write(written: &mut Vec<u8>, units: &[u16]) {
    let short = |unit: u16| match unit {
        0x08 => Short::Pair(*b"\\b"),
        0x09 => Short::Pair(*b"\\t"),
        0x0A => Short::Pair(*b"\\n"),
        0x0C => Short::Pair(*b"\\f"),
        0x0D => Short::Pair(*b"\\r"),
        0x22 => Short::Pair(*b"\\\""),
        0x5C => Short::Pair(*b"\\\\"),
        ..0x20 => Short::Stop,
        _ => Short::Itself,
    };
    let mut from = 0;
    loop {
        from += utf8::push_with(written, &units[from..], short);
        let Some(&unit) = units.get(from) else {
            break;
        };
        json::write(written, [u32::from(unit)], false);
        from += 1;
    }
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
                let mut written = inside.clone();
                write(&mut written, &units);
                prop_assert_eq!(written, inside.repeat(2));
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
