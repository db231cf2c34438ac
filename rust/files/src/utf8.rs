//! UTF-8 to UTF-16 and back, by stretches.
//!
//! In: text, and what it is put behind. Out: the same text in the other form, or that it is no text.
//! Never: a question for every character, which encoding_rs answers for many at once.

/// UTF-8 of no character beyond U+FFFF, as UTF-16; `None` if it is no UTF-8.
pub fn push_utf16(units: &mut Vec<u16>, bytes: &[u8]) -> Option<()> {
    let start = units.len();
    // One unit a byte at most, and one more that the conversion asks for.
    units.resize(start + bytes.len() + 1, 0);
    let written =
        encoding_rs::mem::convert_utf8_to_utf16_without_replacement(bytes, &mut units[start..]);
    units.truncate(start + written.unwrap_or(0));
    written.map(|_| ())
}

/// UTF-16 without surrogates, as UTF-8.
pub fn push_utf8(bytes: &mut Vec<u8>, units: &[u16]) {
    let start = bytes.len();
    bytes.resize(start + units.len() * 3, 0);
    let written = encoding_rs::mem::convert_utf16_to_utf8(units, &mut bytes[start..]);
    bytes.truncate(start + written);
}
