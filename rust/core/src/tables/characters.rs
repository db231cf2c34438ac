//! Single characters: ordinary forms of compatibility characters, and readings in pinyin.
//!
//! Made by `data/characters.py`; `data/FORMAT.md` has the layout.

use super::embed;
use std::sync::LazyLock;

/// A packed syllable: six bits a letter, the first letter lowest.
pub type Syllable = u64;

/// The letters of pinyin in the order of their code points; `data/characters.py` has the same.
const PINYIN_LETTERS: &str = "abcdefghijklmnopqrstuvwxyzàáèéêìíòóùúüāēěīńňōūǎǐǒǔǖǘǚǜǹḿ";

const READING_IS_DEFAULT: u64 = 1;
const TRADITIONAL_OF_COMMON: u64 = 2;

struct Table {
    ordinary: &'static [[u32; 2]],
    by_character: &'static [u64],
    by_reading: &'static [u64],
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let bytes: &'static [u8] = embed!("characters.bin");
    let head: &[u32] = bytemuck::cast_slice(&bytes[4..24]);
    assert!(&bytes[..4] == b"HFCH" && head[0] == 1, "characters.bin");
    let [ordinary, by_character] = [head[1] as usize * 8, head[2] as usize * 8];
    let (pairs, rest) = bytes[24..].split_at(ordinary);
    let (by_character, by_reading) = rest.split_at(by_character);
    Table {
        ordinary: bytemuck::cast_slice(pairs),
        by_character: bytemuck::cast_slice(by_character),
        by_reading: bytemuck::cast_slice(by_reading),
    }
});

/// The ordinary form of a radical, a compatibility, vertical or small form, or of GB 18030's
/// private use; `None` if it is ordinary itself, or unknown.
pub fn ordinary_form(code_point: u32) -> Option<u32> {
    let pairs = TABLE.ordinary;
    let at = pairs.binary_search_by_key(&code_point, |pair| pair[0]);
    at.ok().map(|at| pairs[at][1])
}

/// What is known of a character read as a syllable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Its most common one.
    pub is_default: bool,
    /// The character's Simplified form differs and is in GB 2312 level 1.
    pub of_common_traditional: bool,
}

/// Whether a character is read so, with the tone as written.
pub fn reading(code_point: u32, syllable: Syllable) -> Option<Reading> {
    readings_of(code_point)
        .find(|(_, key)| *key == syllable)
        .map(|(flags, _)| Reading {
            is_default: flags & READING_IS_DEFAULT != 0,
            of_common_traditional: flags & TRADITIONAL_OF_COMMON != 0,
        })
}

/// Whether a character is read so when tones are left out.
pub fn is_read_without_tone(code_point: u32, syllable: Syllable) -> bool {
    readings_of(code_point).any(|(_, key)| toneless(key) == syllable)
}

/// Whether a character's Simplified form differs and is in GB 2312 level 1.
pub fn is_common_traditional(code_point: u32) -> bool {
    readings_of(code_point).any(|(flags, _)| flags & TRADITIONAL_OF_COMMON != 0)
}

/// The common Traditional characters that are read so.
pub fn common_traditional_read_as(syllable: Syllable) -> impl Iterator<Item = u32> {
    let entries = TABLE.by_reading;
    let from = entries.partition_point(|entry| entry >> 16 < syllable);
    entries[from..]
        .iter()
        .take_while(move |entry| *entry >> 16 == syllable)
        .map(|entry| (entry & 0xFFFF) as u32)
}

fn readings_of(code_point: u32) -> impl Iterator<Item = (u64, Syllable)> {
    let entries = TABLE.by_character;
    let wanted = u64::from(code_point);
    let from = entries.partition_point(|entry| entry >> 48 < wanted);
    entries[from..]
        .iter()
        .take_while(move |entry| *entry >> 48 == wanted)
        .map(|entry| ((entry >> 40) & 0xFF, entry & 0xFF_FFFF_FFFF))
}

/// One to six letters of pinyin, packed; `None` if one of them is none.
///
/// The two letters that GBK has twice (ɑ U+0251, ɡ U+0261) count as a and g.
pub fn pack_syllable(letters: impl Iterator<Item = u32>) -> Option<Syllable> {
    let mut packed = 0;
    for (at, letter) in letters.enumerate() {
        if at == 6 {
            return None;
        }
        packed |= index_of_letter(letter)? << (6 * at);
    }
    (packed != 0).then_some(packed)
}

/// Whether the code point is a letter of pinyin.
pub fn is_pinyin_letter(code_point: u32) -> bool {
    index_of_letter(code_point).is_some()
}

/// Whether a letter of the syllable carries a tone.
pub fn has_tone(syllable: Syllable) -> bool {
    toneless(syllable) != syllable
}

fn index_of_letter(letter: u32) -> Option<u64> {
    let letter = match letter {
        0x251 => 'a',
        0x261 => 'g',
        _ => char::from_u32(letter)?,
    };
    let at = PINYIN_LETTERS.chars().position(|known| known == letter)?;
    Some(at as u64 + 1)
}

fn toneless(syllable: Syllable) -> Syllable {
    let mut plain = 0;
    let mut at = 0;
    while at < 36 {
        let index = (syllable >> at) & 0x3F;
        if index == 0 {
            break;
        }
        let letter = PINYIN_LETTERS
            .chars()
            .nth(index as usize - 1)
            .unwrap_or('a');
        let letter = match letter {
            'à' | 'á' | 'ā' | 'ǎ' => 'a',
            'è' | 'é' | 'ē' | 'ě' => 'e',
            'ì' | 'í' | 'ī' | 'ǐ' => 'i',
            'ò' | 'ó' | 'ō' | 'ǒ' => 'o',
            'ù' | 'ú' | 'ū' | 'ǔ' => 'u',
            'ǖ' | 'ǘ' | 'ǚ' | 'ǜ' => 'ü',
            'ń' | 'ň' | 'ǹ' => 'n',
            'ḿ' => 'm',
            other => other,
        };
        plain |= index_of_letter(u32::from(letter)).unwrap_or(0) << at;
        at += 6;
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::from_str;

    fn syllable(text: &str) -> Syllable {
        pack_syllable(from_str(text).into_iter()).unwrap()
    }

    #[test]
    fn tables_are_sorted() {
        assert!(TABLE.ordinary.is_sorted());
        assert!(TABLE.by_character.is_sorted());
        assert!(TABLE.by_reading.is_sorted());
    }

    #[test]
    fn no_ordinary_form_has_one_itself() {
        for pair in TABLE.ordinary {
            assert_eq!(ordinary_form(pair[1]), None, "U+{:04X}", pair[0]);
        }
    }

    #[test]
    fn readings_are_found() {
        let jin = reading(0x9032, syllable("jìn")).unwrap();
        assert!(jin.is_default && jin.of_common_traditional);
        assert_eq!(reading(0x9032, syllable("jīn")), None);
        assert!(is_read_without_tone(0x7CFB, syllable("xi")));
        assert!(common_traditional_read_as(syllable("qū")).any(|c| c == u32::from('區')));
        assert!(has_tone(syllable("qū")) && !has_tone(syllable("men")));
    }
}
