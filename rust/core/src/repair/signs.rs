//! Signs that people write in rows: numbers in circles, phonetic letters, boxes, arrows, alphabets.
//!
//! In: a run of text. Out: how much of it is such a row. Never decides: what a row weighs, [`super::guard`] says.

use crate::tables::characters;
use crate::text::{is_han, is_kana};
use std::ops::Range;

/// What is written in rows of its own kind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Roman,
    Enclosed,
    Bopomofo,
    Jamo,
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
            0x3131..=0x318E => Family::Jamo,
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
/// Letters that spell are a row where a syllable of them is: ㄇㄠ is all of 貓, ㅈㅅ all of 죄송.
const SYLLABLE: usize = 2;
/// So many kana in order are a row; see [`is_next`].
const KANA_ROW: usize = 4;

/// ASCII and what parts the items of a list.
fn parts(character: u32) -> bool {
    matches!(character, 0..=0x7F | 0xB7 | 0x3000..=0x3002 | 0xFF0C | 0xFF0F | 0xFF1A | 0xFF1B)
}

/// How many characters stand in rows of their kind, or in the order of kana. ASCII and what parts the items of a list
/// are looked through: Ⅰ、Ⅱ、Ⅲ.
pub(super) fn listed(text: &[u32]) -> usize {
    let signs: Vec<u32> = text.iter().copied().filter(|one| !parts(*one)).collect();
    let goes_on = |a: &u32, b: &u32| match (Family::of(*a), Family::of(*b)) {
        (Some(last), Some(own)) => own.is_like(last),
        (None, None) => is_kana(*a) && is_kana(*b),
        _ => false,
    };
    let rows = signs
        .chunk_by(goes_on)
        .filter(|row| match Family::of(row[0]) {
            Some(Family::Bopomofo | Family::Jamo) => row.len() >= SYLLABLE,
            Some(_) => row.len() >= ROW,
            // となって has two of three pairs in order, and is Japanese.
            None => row.len() >= KANA_ROW && in_order(row) * 4 >= (row.len() - 1) * 3,
        });
    rows.map(<[u32]>::len).sum()
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

/// Whether what is no ASCII are letters in the order of their alphabet. Ideographs are no letters.
pub(super) fn is_alphabet(text: &[u32]) -> bool {
    const FEWEST: usize = 4;
    let letters: Vec<u32> = text.iter().copied().filter(|one| *one >= 0x80).collect();
    let is_letter =
        |letter: &u32| matches!(letter, 0x80..=0x2FFF | 0x3040..=0x31FF | 0xFF61..=0xFF9F);
    letters.len() >= FEWEST
        && letters.iter().all(is_letter)
        && in_order(&letters) * 3 >= (letters.len() - 1) * 2
}

/// How many letters stand next to the one before them, in the order of their alphabet. Of kana, against it too: small
/// ones are listed either way, while 絕不 in Big5 and latin-1 is µ´¤£.
fn in_order(letters: &[u32]) -> usize {
    let pairs = || letters.windows(2);
    let forth = pairs().filter(|pair| is_next(pair[0], pair[1]));
    let back = pairs().filter(|pair| is_kana(pair[0]) && is_next(pair[1], pair[0]));
    forth.count().max(back.count())
}

/// Whether a letter is the next, or next but one, as kana are whose small or voiced forms are left out; of は, ば and
/// ぱ, which are three forms each, the third.
fn is_next(letter: u32, next: u32) -> bool {
    // Which stands beside its alphabet.
    let is_yo = |letter: u32| matches!(letter, 0x401 | 0x451);
    let step = next.wrapping_sub(letter);
    matches!(step, 1 | 2) || step == 3 && is_kana(letter) || is_yo(letter) || is_yo(next)
}

/// Whether what is no ASCII are Latin capitals with marks, each once and most of them in order: an alphabet's, or those
/// that a regular expression adds to A-Z. 人以上 in GBK and latin-1 is ÈËÒÔÉÏ, so six may have no descent; ÁÉÍÓÚÑÜ has
/// one, and ÇÃÕÁÉÍÓÚÂÊÔÀ four.
pub(super) fn are_capitals(line: &[u32], run: &Range<usize>) -> bool {
    const FEWEST: usize = 5;
    /// More stand in no alphabet.
    const MOST: usize = 60;
    if run.len() > MOST {
        return false;
    }
    let is_capital = |letter: u32| {
        (0xC0..=0x17F).contains(&letter) && char::from_u32(letter).is_some_and(char::is_uppercase)
    };
    // A run leaves out what it gains nothing by: of ÁÉÍÓÚÑÜ the first.
    let joins = |at: &usize| is_capital(line[*at]);
    let before = (0..run.start).rev().take(MOST).take_while(joins).count();
    let behind = (run.end..line.len()).take(MOST).take_while(joins).count();
    let whole = &line[run.start - before..run.end + behind];
    let letters: Vec<u32> = whole.iter().copied().filter(|one| *one >= 0x80).collect();
    let descents = letters.windows(2).filter(|pair| pair[0] >= pair[1]).count();
    let mut kinds = letters.clone();
    kinds.sort_unstable();
    kinds.dedup();
    letters.len() >= FEWEST
        && kinds.len() == letters.len()
        && letters.iter().all(|letter| is_capital(*letter))
        && descents * 7 <= (letters.len() - FEWEST) * 4
}

/// Whether most letters are phonetic ones or jamo in rows: they spell something.
pub(super) fn is_spelt(text: &[u32]) -> bool {
    let is_letter = |one: &&u32| !parts(**one);
    let letters = text.iter().filter(is_letter);
    let spelling = letters
        .clone()
        .filter(|one| matches!(Family::of(**one), Some(Family::Bopomofo | Family::Jamo)));
    let (letters, spelling) = (letters.count(), spelling.count());
    spelling >= SYLLABLE && spelling * 4 >= letters * 3
}

/// Whether a text is nothing but ideographs near one another in Unicode, as those of one radical are: a list of rare
/// characters, whose bytes are alike, and so is what any other encoding reads them as.
pub(super) fn are_near(text: &[u32]) -> bool {
    /// Code points between characters of one radical: most of the larger ones have 300.
    const NEAR: u32 = 256;
    /// Two by themselves tell less: 洋流 in Big5 and GBK is 瑅瑈.
    const NEAR_PAIR: u32 = 3;
    let letters: Vec<u32> = text.iter().copied().filter(|one| !parts(*one)).collect();
    let near = |most: u32| {
        let pairs = letters.windows(2);
        let near = pairs.filter(|pair| pair[0].abs_diff(pair[1]) < most);
        near.count()
    };
    letters.iter().all(|one| is_han(*one))
        && match letters.len() {
            0 | 1 => false,
            2 => near(NEAR_PAIR) == 1,
            many => near(NEAR) * 4 >= (many - 1) * 3,
        }
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
            ("貓（ㄇㄠ）", 2),
            ("讀作ㄇ", 0),
            ("ㅈㅅ", 2),
            ("ㅏ、ㅑ、ㅓ", 3),
            ("包括ぱぴぷぺぽ等", 5),
            ("ぇぅぃぁ", 4),
            ("いゅそに", 0),
            ("となって", 0),
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
        for text in [
            "АБВГДЕЁЖЗ",
            "ㄅㄆㄇㄈ",
            "あいうえお",
            "ｱｲｳｴｵ",
            "α, β, γ, δ",
            "ょゅゃっぉぇぅぃぁ",
            "パピプペポ",
        ] {
            assert!(is_alphabet(&from_str(text)), "{text}");
        }
        for text in ["そńは", "Привет", "涓枃", "иΤиΤ", "µ´¤£"] {
            assert!(!is_alphabet(&from_str(text)), "{text}");
        }
    }

    #[test]
    fn capitals_are_told_from_words_of_capitals() {
        let are = |text: &str| {
            let text = from_str(text);
            are_capitals(&text, &(text.len() / 2..text.len()))
        };
        for text in [
            "[A-ZÁÉÍÓÚÑÜ]",
            "ÇÃÕÁÉÍÓÚÂÊÔÀ",
            "ĄĆĘŁŃÓŚŹŻ",
            "ÁÐÉÍÓÚÝÞÆÖ",
            "ÁÉÍÓÚ",
        ] {
            assert!(are(text), "{text}");
        }
        // 中文, 日期 and 人以上 in GBK.
        for text in ["ÖÐÎÄ", "ÈÕÆÚ", "ÄÖÜ", "áéíóú", "ÈËÒÔÉÏ"] {
            assert!(!are(text), "{text}");
        }
    }

    #[test]
    fn characters_of_one_radical_are_near() {
        for text in ["璟玥珺琀瑄琋", "眤睹睧睷。", "瑈瑉"] {
            assert!(are_near(&from_str(text)), "{text}");
        }
        for text in ["涓枃", "岆帤郪", "斕疑", "瑅瑈", "瑈", "玬珂の"] {
            assert!(!are_near(&from_str(text)), "{text}");
        }
    }
}
