//! What Hangul costs as Korean.
//!
//! In: a text. Out: by how much the model of likelihood overcharges its Hangul. Never decides: [`super::guard`] takes
//! it off the gain of what would read Hangul as something else.
//!
//! The model knows little Korean, and none of it beside Chinese marks: there, 서울 seems to cost more than any four
//! ideographs. But Korean puts few of its letters together often, and bytes of GBK or Big5 make syllables of any kind:
//! 김민수, 서울 and the like come to 70 a syllable, GBK read as EUC-KR to 95, Big5 to 130.

use crate::tables::likelihood;

const HANGUL: std::ops::RangeInclusive<u32> = 0xAC00..=0xD7A3;

/// Tenths of a nat that each first letter, vowel and last letter of a syllable costs, where no last letter is one:
/// shares among the 24,144 syllables of the Korean catalogues of Django, Sphinx and Wagtail, and at least one in a
/// thousand. `python data/korean.py` prints them.
#[rustfmt::skip]
const INITIALS: [u32; 19] = [
    25, 60, 28, 24, 57, 27, 31, 32, 70, 21, 70, 15, 24, 69, 40, 46, 37, 35, 26,
];
#[rustfmt::skip]
const VOWELS: [u32; 21] = [
    17, 31, 58, 70, 23, 28, 33, 58, 25, 43, 70, 39, 40, 29, 48, 70, 53, 49, 20, 45, 16,
];
#[rustfmt::skip]
const FINALS: [u32; 28] = [
    6, 31, 70, 70, 22, 70, 52, 70, 24, 70, 70, 70, 70, 70, 70, 70, 37, 30, 44, 50, 42, 26, 62, 70, 70, 70, 70, 70,
];

/// Tenths of a nat that a text costs more behind a character than if its Hangul were Korean, and what stands behind
/// Hangul stood by itself.
pub(super) fn overcharged(before: u32, text: &[u32]) -> i64 {
    let mut last = before;
    let mut sum = 0;
    for &character in text {
        let cost = likelihood::cost(last, character);
        let fair = match (HANGUL.contains(&last), HANGUL.contains(&character)) {
            (_, true) => syllable_cost(character),
            (true, false) => likelihood::alone(character),
            (false, false) => cost,
        };
        sum += i64::from(cost.saturating_sub(fair));
        last = character;
    }
    sum
}

fn syllable_cost(syllable: u32) -> u32 {
    let number = (syllable - HANGUL.start()) as usize;
    INITIALS[number / 588] + VOWELS[number / 28 % 21] + FINALS[number % 28]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::from_str;

    #[test]
    fn korean_costs_less_than_what_its_bytes_are_misread_from() {
        let each = |text: &str| {
            let text = from_str(text);
            let hangul = text.iter().filter(|one| HANGUL.contains(one));
            let costs: Vec<u32> = hangul.map(|one| syllable_cost(*one)).collect();
            costs.iter().sum::<u32>() / costs.len() as u32
        };
        for korean in ["서울부산대구", "김민수왕지혜", "안녕하세요"] {
            assert!(each(korean) < 75, "{korean}");
        }
        // 我们昨天去公园散步 and 他在公司开会 in GBK.
        for garbled in ["乖쳬柰莖혼무覲√꼍", "儉瞳무鱗역삔"] {
            assert!(each(garbled) > 80, "{garbled}");
        }
    }

    #[test]
    fn what_is_no_hangul_costs_what_it_costs() {
        assert_eq!(overcharged(likelihood::START, &from_str("涓枃，中文。")), 0);
        assert!(overcharged(likelihood::START, &from_str("、왕지혜")) > 0);
    }
}
