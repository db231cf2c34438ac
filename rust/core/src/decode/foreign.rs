//! A line of another language in a Chinese document: Korean, Japanese, Russian or French in its own encoding.
//!
//! In: a line that makes little sense in Chinese, and what it costs there. Out: the encoding that reads all of it far
//! better, if there is one. Never one that cannot read a byte, nor one that is better by little: a list of rare
//! characters is Chinese, however well it would do as something else.

use super::candidates::price;
use crate::codec::{Single, Step, StepEncoding, expand, single};
use crate::tables::likelihood;
use crate::text::is_kana;
use std::sync::LazyLock;

/// Tenths of a nat by which such a reading must be better than what Chinese makes of the line: three rare ideographs
/// cost so much more than three syllables do.
const FAR: u64 = 200;
/// The same for Japanese whose hiragana the Chinese reading shares: that there are so many says most already.
const KANA_SHARED: u64 = 40;
const KANA: usize = 4;
/// Kana or Hangul of a line of Japanese or Korean, and letters of one of Russian, at the least: 枨掭膦罡 could be 完死醫低,
/// and 溽鲥 ДАЖЕ.
const ENOUGH_SYLLABLES: usize = 2;
const ENOUGH_LETTERS: usize = 6;
/// Tenths of a nat that a character of one byte costs at the most, and one of two. Letters of running text come to 25
/// to 40 and those that chance puts in a row to 55 (ронОенхр is 痤砦屙躔).
const FLUENT: [u64; 2] = [45, 88];

/// Tenths of a nat that the head of a line may cost more than its share.
const AHEAD: u64 = 300;

static SINGLES: LazyLock<[&'static Single; 3]> =
    LazyLock::new(|| ["cp1251", "koi8-r", "cp1252"].map(single));

/// The encoding that reads a line that costs `least` in Chinese.
pub(super) fn explains(line: &[u8], least: u64) -> Option<StepEncoding> {
    use StepEncoding::{EucJp, EucKr, ShiftJis, Single};
    let singles = SINGLES.map(Single);
    let mut most = least.saturating_sub(FAR);
    let mut found = None;
    for encoding in [EucKr, ShiftJis, EucJp].into_iter().chain(singles) {
        let shares = matches!(encoding, EucJp) && has_kana(line);
        let most_here = match shares {
            true => most.max(least.saturating_sub(KANA_SHARED)),
            false => most,
        };
        if let Some(cost) = cost_of_whole(line, encoding, most_here) {
            (most, found) = (cost.min(most), Some(encoding));
        }
    }
    found
}

/// Whether there are hiragana as EUC-JP and GB 2312 both have them, but for の, which Chinese borrows.
fn has_kana(line: &[u8]) -> bool {
    let pairs = line.windows(2).filter(|pair| pair[0] == 0xA4);
    pairs
        .filter(|pair| matches!(pair[1], 0xA1..=0xCD | 0xCF..=0xF3))
        .count()
        >= KANA
}

/// What a line costs that an encoding reads without an error and as running text, if it is no more than `most`.
fn cost_of_whole(line: &[u8], encoding: StepEncoding, most: u64) -> Option<u64> {
    let (mut at, mut last, mut cost, mut high) = (0, [likelihood::START; 2], 0, [0; 2]);
    let (mut syllables, mut cyrillic) = (0, 0);
    while at < line.len() {
        let Step::Character(character, length) = encoding.step(&line[at..]) else {
            return None;
        };
        let (both, count) = expand(character);
        for &one in &both[..count] {
            cost += u64::from(price(last, one));
            last = [last[1], one];
            syllables += usize::from(is_syllable(one));
            cyrillic += usize::from(matches!(one, 0x400..=0x4FF));
        }
        // So much of the line may cost no more than its share: most encodings are out after a few characters.
        if cost > most || (cost - cost.min(AHEAD)) * line.len() as u64 > most * (at + length) as u64
        {
            return None;
        }
        high[usize::from(length > 1)] += u64::from(line[at] >= 0x80);
        at += length;
    }
    let is_enough = match encoding {
        StepEncoding::Single(_) => cyrillic == 0 || cyrillic >= ENOUGH_LETTERS,
        _ => syllables >= ENOUGH_SYLLABLES,
    };
    let ascii = line.iter().filter(|byte| byte.is_ascii()).count() as u64;
    let fluent = FLUENT[0] * high[0] + FLUENT[1] * high[1] + FLUENT[0] * ascii;
    (is_enough && cost <= fluent).then_some(cost)
}

/// What Japanese or Korean has and Chinese has not; half-width kana are single bytes, which chance makes too.
fn is_syllable(character: u32) -> bool {
    matches!(character, 0xAC00..=0xD7A3) || (is_kana(character) && character < 0xFF00)
}
