//! The encodings of one byte a character, whose upper halves differ.

use super::single_tables as tables;
use std::sync::LazyLock;

/// One encoding's upper half, both ways.
pub struct Single {
    /// Canonical lower-case name.
    pub name: &'static str,
    characters: [u16; 128],
    /// The byte of every character before [`NARROW`]; 0 where there is none.
    narrow: Box<[u8]>,
    /// Of those behind it, sorted by character: a few signs and ligatures.
    far: Vec<(u16, u8)>,
}

/// Letters of all alphabets, marks, symbols and box drawing end before this.
const NARROW: usize = 0x2800;

impl Single {
    fn new(name: &'static str, characters: [u16; 128], also: &[(u16, u8)]) -> Single {
        let mut bytes: Vec<(u16, u8)> = (0x80..=0xFF)
            .map(|byte: u8| (characters[byte as usize - 0x80], byte))
            .filter(|entry| entry.0 != 0)
            .collect();
        for extra in also {
            if !bytes.iter().any(|known| known.0 == extra.0) {
                bytes.push(*extra);
            }
        }
        let mut narrow = vec![0; NARROW].into_boxed_slice();
        for &(character, byte) in &bytes {
            if let Some(slot) = narrow.get_mut(usize::from(character)) {
                *slot = byte;
            }
        }
        bytes.retain(|entry| usize::from(entry.0) >= NARROW);
        bytes.sort_unstable();
        Single {
            name,
            characters,
            narrow,
            far: bytes,
        }
    }

    fn known(name: &'static str, encoding: &'static encoding_rs::Encoding) -> Single {
        let all: Vec<u8> = (0x80..=0xFF).collect();
        let (text, _) = encoding.decode_without_bom_handling(&all);
        let mut characters = [0; 128];
        for (slot, character) in characters.iter_mut().zip(text.chars()) {
            if character != char::REPLACEMENT_CHARACTER {
                *slot = character as u16;
            }
        }
        // Undefined bytes pass as the C1 control of the same number: so do Windows and the web.
        let controls: Vec<(u16, u8)> = (0x80..=0x9F).map(|byte| (u16::from(byte), byte)).collect();
        Single::new(name, characters, &controls)
    }

    /// One that is not among [`SINGLES`].
    pub(crate) fn other(name: &'static str, characters: [u16; 128]) -> Single {
        Single::new(name, characters, &[])
    }

    /// The character of a byte.
    #[inline]
    pub fn decode(&self, byte: u8) -> Option<u32> {
        match byte {
            0..=0x7F => Some(u32::from(byte)),
            _ => {
                let character = self.characters[byte as usize - 0x80];
                (character != 0).then_some(u32::from(character))
            }
        }
    }

    /// The byte of a character.
    #[inline]
    pub fn encode(&self, code_point: u32) -> Option<u8> {
        if code_point < 0x80 {
            return Some(code_point as u8);
        }
        if let Some(&byte) = self.narrow.get(code_point as usize) {
            return (byte != 0).then_some(byte);
        }
        // Of ideographs none has one: most of Chinese text is asked for no further.
        let wanted = u16::try_from(code_point)
            .ok()
            .filter(|&far| far >= 0xF800)?;
        let found = self.far.binary_search_by_key(&wanted, |entry| entry.0);
        found.ok().map(|at| self.far[at].1)
    }
}

/// All of them. The first is latin-1 and cp1252 at once: a character of either names its byte.
pub static SINGLES: LazyLock<Vec<Single>> = LazyLock::new(|| {
    vec![
        Single::known("cp1252", encoding_rs::WINDOWS_1252),
        Single::known("cp1250", encoding_rs::WINDOWS_1250),
        Single::known("cp1251", encoding_rs::WINDOWS_1251),
        Single::known("koi8-r", encoding_rs::KOI8_R),
        // U+2126 and U+00B5 are what other tables write for Ω U+03A9 and µ.
        Single::known("mac-roman", encoding_rs::MACINTOSH),
        Single::new(
            "cp437",
            half(tables::CP437),
            &[(0x03BC, 0xE6), (0x03B2, 0xE1), (0x2126, 0xEA)],
        ),
        Single::known("iso-8859-5", encoding_rs::ISO_8859_5),
        Single::known("cp866", encoding_rs::IBM866),
        Single::known("mac-cyrillic", encoding_rs::X_MAC_CYRILLIC),
        Single::known("iso-8859-2", encoding_rs::ISO_8859_2),
        Single::known("cp1253", encoding_rs::WINDOWS_1253),
        Single::known("cp1254", encoding_rs::WINDOWS_1254),
        Single::known("cp1255", encoding_rs::WINDOWS_1255),
        Single::known("cp1256", encoding_rs::WINDOWS_1256),
        Single::known("cp1257", encoding_rs::WINDOWS_1257),
        Single::known("cp1258", encoding_rs::WINDOWS_1258),
        Single::known("cp874", encoding_rs::WINDOWS_874),
        Single::known("iso-8859-3", encoding_rs::ISO_8859_3),
        Single::known("iso-8859-4", encoding_rs::ISO_8859_4),
        Single::known("iso-8859-6", encoding_rs::ISO_8859_6),
        Single::known("iso-8859-7", encoding_rs::ISO_8859_7),
        Single::known("iso-8859-8", encoding_rs::ISO_8859_8),
        Single::known("iso-8859-10", encoding_rs::ISO_8859_10),
        Single::known("iso-8859-13", encoding_rs::ISO_8859_13),
        Single::known("iso-8859-14", encoding_rs::ISO_8859_14),
        Single::known("iso-8859-15", encoding_rs::ISO_8859_15),
        Single::known("iso-8859-16", encoding_rs::ISO_8859_16),
        Single::known("koi8-u", encoding_rs::KOI8_U),
        Single::new("cp775", half(tables::CP775), &[]),
        Single::new("cp850", half(tables::CP850), &[]),
        Single::new("cp852", half(tables::CP852), &[]),
        Single::new("cp855", half(tables::CP855), &[]),
        Single::new("cp857", half(tables::CP857), &[]),
        Single::new("mac-latin2", half(tables::MAC_LATIN2), &[]),
    ]
});

/// The characters of 128 bytes; U+0000 where there is none.
fn half(characters: &str) -> [u16; 128] {
    let mut half = [0; 128];
    for (slot, character) in half.iter_mut().zip(characters.chars()) {
        *slot = character as u16;
    }
    half
}

/// EBCDIC of the United States: all 256 bytes.
pub(super) fn cp037() -> &'static [u16; 256] {
    static TABLE: LazyLock<[u16; 256]> = LazyLock::new(|| {
        let mut all = [0; 256];
        all[..128].copy_from_slice(&half(tables::CP037_LOWER));
        all[128..].copy_from_slice(&half(tables::CP037));
        all
    });
    &TABLE
}

/// The one with a canonical name.
///
/// # Panics
///
/// If there is none of that name: names are the code's own.
pub fn single(name: &str) -> &'static Single {
    let found = SINGLES.iter().find(|single| single.name == name);
    found.unwrap_or_else(|| panic!("no encoding {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back() {
        for single in SINGLES.iter() {
            for byte in 0..=0xFF {
                if let Some(character) = single.decode(byte) {
                    assert_eq!(
                        single.encode(character),
                        Some(byte),
                        "{} {byte:X}",
                        single.name
                    );
                }
            }
        }
    }

    #[test]
    fn latin_1_and_cp1252_are_written_alike() {
        let both = single("cp1252");
        assert_eq!(both.encode(0x20AC), Some(0x80));
        assert_eq!(both.encode(0x80), Some(0x80));
        assert_eq!(both.encode(0x81), Some(0x81));
        assert_eq!(both.encode(0xE9), Some(0xE9));
        assert_eq!(both.encode(0x4E2D), None);
    }
}
