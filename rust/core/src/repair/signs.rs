//! Signs that people write in rows: numbers in circles, phonetic letters, boxes, arrows, alphabets.
//!
//! In: a run of text. Out: how much of it is such a row. Never decides: what a row weighs, [`super::guard`] says.

use crate::tables::characters;

/// What is written in rows of its own kind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Roman,
    Enclosed,
    Bopomofo,
    LightBox,
    DoubleBox,
    OtherBox,
    Block,
    Arrow,
    Mathematics,
    Shape,
    Pinyin,
    Unit,
    Vertical,
    Repetition,
    Greek,
    Cyrillic,
}

impl Family {
    fn of(character: u32) -> Option<Family> {
        Some(match character {
            0x2160..=0x217F => Family::Roman,
            0x2460..=0x24FF
            | 0x2776..=0x2793
            | 0x3220..=0x3247
            | 0x3251..=0x325F
            | 0x3280..=0x32BF => Family::Enclosed,
            0x3105..=0x312F | 0x31A0..=0x31BF | 0x02C7 | 0x02C9..=0x02CB | 0x02D9 => {
                Family::Bopomofo
            }
            0x2500 | 0x2502 | 0x250C | 0x2510 | 0x2514 | 0x2518 | 0x251C | 0x2524 | 0x252C
            | 0x2534 | 0x253C => Family::LightBox,
            0x2550 | 0x2551 | 0x2554 | 0x2557 | 0x255A | 0x255D | 0x2560 | 0x2563 | 0x2566
            | 0x2569 | 0x256C => Family::DoubleBox,
            0x2501..=0x257F => Family::OtherBox,
            0x2580..=0x259F => Family::Block,
            0x2190..=0x21FF => Family::Arrow,
            0x2200..=0x22FF | 0xB1 | 0xD7 | 0xF7 => Family::Mathematics,
            0x25A0..=0x26FF => Family::Shape,
            0x80.. if characters::is_pinyin_letter(character) => Family::Pinyin,
            0x3380..=0x33FF => Family::Unit,
            0xFE10..=0xFE4F => Family::Vertical,
            0x3003 | 0x3005 | 0x3006 | 0x309D | 0x309E | 0x30FD | 0x30FE | 0x4EDD => {
                Family::Repetition
            }
            0x0370..=0x03FF => Family::Greek,
            0x0400..=0x045F => Family::Cyrillic,
            _ => return None,
        })
    }

    /// Families that one drawing is made of.
    fn is_like(self, other: Family) -> bool {
        let is_box = |family| {
            matches!(
                family,
                Family::LightBox | Family::DoubleBox | Family::OtherBox
            )
        };
        self == other || is_box(self) && is_box(other)
    }
}

/// So many of a family in a row are a row: Big5 read as GBK has two of one now and then (我有 is иΤ).
const ROW: usize = 3;

/// How many characters stand in rows of their kind. ASCII and what parts the items of a list are looked through:
/// Ⅰ、Ⅱ、Ⅲ.
pub(super) fn listed(text: &[u32]) -> usize {
    let parts = |character: u32| matches!(character, 0..=0x7F | 0xB7 | 0x3000..=0x3002 | 0xFF0C | 0xFF0F | 0xFF1A | 0xFF1B);
    let (mut listed, mut count, mut family) = (0, 0, None);
    let mut close = |count: usize| listed += if count >= ROW { count } else { 0 };
    for &character in text.iter().filter(|one| !parts(**one)) {
        let own = Family::of(character);
        let goes_on = own
            .zip(family)
            .is_some_and(|(own, last): (Family, Family)| own.is_like(last));
        if !goes_on {
            close(count);
            count = 0;
        }
        count += usize::from(own.is_some());
        family = own;
    }
    close(count);
    listed
}

/// Whether what is no ASCII is drawn or reckoned: lines of one kind, blocks, or mathematics. GBK read as cp437 has all
/// kinds of lines, and as Mac Roman letters beside its ∞ and ∫.
pub(super) fn is_drawing(text: &[u32]) -> bool {
    let mut families = text
        .iter()
        .filter(|character| **character >= 0x80)
        .map(|character| Family::of(*character));
    let Some(Some(first)) = families.next() else {
        return false;
    };
    let is_drawn = matches!(
        first,
        Family::LightBox | Family::DoubleBox | Family::Block | Family::Mathematics
    );
    is_drawn && families.all(|family| family == Some(first))
}

/// Whether what is no ASCII are letters in the order of their alphabet: most of them stand next to the one before
/// them, or next but one, as kana do whose small forms are left out. Ideographs are no letters.
pub(super) fn is_alphabet(text: &[u32]) -> bool {
    const FEWEST: usize = 4;
    let letters: Vec<u32> = text.iter().copied().filter(|one| *one >= 0x80).collect();
    let is_letter =
        |letter: &u32| matches!(letter, 0x80..=0x2FFF | 0x3040..=0x31FF | 0xFF61..=0xFF9F);
    // Which stands beside its alphabet.
    let is_yo = |letter: &u32| matches!(letter, 0x401 | 0x451);
    let follow = letters
        .windows(2)
        .filter(|pair| matches!(pair[1].wrapping_sub(pair[0]), 1 | 2) || pair.iter().any(is_yo));
    letters.len() >= FEWEST
        && letters.iter().all(is_letter)
        && follow.count() * 3 >= (letters.len() - 1) * 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::from_str;

    #[test]
    fn rows_are_told_from_single_signs() {
        for (text, count) in [
            ("①②③④", 4),
            ("A.①②③ B.①②④", 6),
            ("Ⅰ、Ⅱ、Ⅲ", 3),
            ("超ㄎㄧㄤ的", 3),
            ("第Ⅰ卷和第Ⅱ卷", 0),
            ("иΤ", 0),
            ("▁▂▃。①②", 3),
        ] {
            assert_eq!(listed(&from_str(text)), count, "{text}");
        }
    }

    #[test]
    fn drawings_have_lines_of_one_kind() {
        assert!(is_drawing(&from_str("╔═══╦═══╗")));
        assert!(is_drawing(&from_str("┬┐├┼┤└┴┘")));
        assert!(!is_drawing(&from_str("╓╨╬─")));
    }

    #[test]
    fn letters_in_order_are_an_alphabet() {
        for text in ["АБВГДЕЁЖЗ", "ㄅㄆㄇㄈ", "あいうえお", "ｱｲｳｴｵ", "α, β, γ, δ"]
        {
            assert!(is_alphabet(&from_str(text)), "{text}");
        }
        for text in ["そńは", "Привет", "涓枃", "иΤиΤ"] {
            assert!(!is_alphabet(&from_str(text)), "{text}");
        }
    }
}
