//! One pass that finds where a text is too unlikely to be what was meant.
//!
//! In: a text. Out: the first place worth a closer look. Never decides: that costs more, and is
//! done only where this pass stops.
//!
//! Every character has a weight: what it costs by itself, less what the rarer half of clean text
//! costs. The sum of weights, never below zero, stays near zero in clean text and climbs at once in
//! mojibake, which is made of characters nobody writes.

use crate::repair::chains::{self, GROUPS, Ways, Wrong};
use crate::repair::lattice::Encoded;
use crate::repair::losses;
use crate::tables::{characters, likelihood};
use crate::text::{CodeUnit, line_around};
use std::ops::Range;
use std::sync::LazyLock;

/// Tenths of a nat: a character that costs this adds nothing.
const USUAL: i32 = 88;
/// The sum that stops the pass: two characters of mojibake reach it, or three or four kana of Big5
/// read as GBK; single rare names do not.
const ALARM: i32 = 50;
/// The sum that a line must reach if it has room for more: half of the lines that stop at less are looked at for
/// nothing (571 MB/s of clean text instead of 384), and of mojibake only very short lines are.
const LONG_ALARM: i32 = 75;
/// Code points of a line that has no room for more.
const SHORT: usize = 10;
/// Tenths of a nat that a character of running text costs behind another.
const RUNNING: u32 = 68;

/// What U+FFFD adds to a stretch: six in a row are worth a look, one in clean text is not.
const REPLACED: u32 = RUNNING + 15;

static WEIGHTS: LazyLock<Box<[i8]>> = LazyLock::new(|| {
    let weight = |code_point: u32| -> i32 {
        match code_point {
            // A question mark for every character: ??????
            0x3F => 18,
            // Line ends start afresh.
            0x0A | 0x0D => -127,
            0..=0x7F => -30,
            // Letters of pinyin, which GBK has beside kana: そń is 公里 in Big5. By themselves they
            // cost no more than kana do, and where they mean pinyin, ASCII stands beside them.
            0x100.. if characters::is_pinyin_letter(code_point) => ALARM + 10,
            // What UTF-8's first bytes look like: Â Ã â ð, and Ð Ñ before Cyrillic.
            0xC2 | 0xC3 | 0xE2 | 0xF0 | 0xD0 | 0xD1 => 30,
            // 锟 葺 烫 屯: what is left of lost text; see `losses`.
            0x951F | 0x847A | 0xFFFD => ALARM + 10,
            0x70EB | 0x5C6F => 18,
            // Every letter is a usual one where bytes are read as Cyrillic; only their order is not.
            0x0400..=0x045F => 16,
            _ => likelihood::alone(code_point) as i32 - USUAL,
        }
    };
    (0..0x1_0000)
        .map(|code_point| weight(code_point).clamp(-60, 100) as i8)
        .collect()
});

/// Characters that are summed before the sums are looked at: a branch for each took half of the pass.
const AT_ONCE: usize = 8;
/// So many groups of them are summed side by side: one after the other, each waits for the one before it, and the
/// pass takes twice as long.
const GROUPS_AT_ONCE: usize = 8;
const BLOCK: usize = AT_ONCE * GROUPS_AT_ONCE;
/// A number for each group of a block.
type Each = [i16; GROUPS_AT_ONCE];

/// The sums of some groups, whatever the sum before each is.
#[derive(Default)]
struct Sums {
    /// Of all of a group, and of its first few at most.
    whole: Each,
    most_of_first: Each,
    /// If the sum before it is nothing: at its end, and at most.
    last: Each,
    most: Each,
}

impl Sums {
    /// Of weights that stand by their place in a group, and then by group.
    #[inline(always)]
    fn of(weights: &[Each; AT_ONCE]) -> Sums {
        let mut sums = Sums::default();
        for weights in weights {
            for (group, weight) in weights.iter().enumerate() {
                sums.whole[group] += weight;
                sums.most_of_first[group] = sums.most_of_first[group].max(sums.whole[group]);
                sums.last[group] = (sums.last[group] + weight).max(0);
                sums.most[group] = sums.most[group].max(sums.last[group]);
            }
        }
        sums
    }

    /// The greatest sum in a group, and that at its end, behind another sum.
    #[inline(always)]
    fn behind(&self, group: usize, before: i32) -> (i32, i32) {
        let at = |each: &Each| i32::from(each[group]);
        let most = at(&self.most).max(before + at(&self.most_of_first));
        (most, at(&self.last).max(before + at(&self.whole)))
    }
}

/// The first place where the sum of weights is too high.
pub(super) fn next<T: CodeUnit>(text: &[T]) -> Option<usize> {
    let weights: &[i8; 0x1_0000] = WEIGHTS[..].try_into().expect("65,536 weights");
    let weight = |unit: &T| {
        let code_point = unit.wide();
        // Beyond the basic plane live emoji and rare ideographs: neither way.
        match weights.get(code_point as usize) {
            Some(&weight) => i16::from(weight),
            None => 0,
        }
    };
    let mut before = 0;
    for (number, block) in text.chunks(BLOCK).enumerate() {
        // What a block lacks at the end of the text adds nothing.
        let mut each = [[0; GROUPS_AT_ONCE]; AT_ONCE];
        let (groups, rest) = block.as_chunks::<AT_ONCE>();
        for (group, units) in groups.iter().enumerate() {
            for (each, unit) in each.iter_mut().zip(units) {
                each[group] = weight(unit);
            }
        }
        for (each, unit) in each.iter_mut().zip(rest) {
            each[groups.len()] = weight(unit);
        }
        let sums = Sums::of(&each);
        let (mut befores, mut most_of_all) = ([0; GROUPS_AT_ONCE], 0);
        for (group, at_start) in befores.iter_mut().enumerate() {
            let (most, behind) = sums.behind(group, before);
            (*at_start, before, most_of_all) = (before, behind, most_of_all.max(most));
        }
        if most_of_all > ALARM {
            let starts = (number * BLOCK..).step_by(AT_ONCE).zip(befores);
            let mut places = starts
                .filter_map(|(start, before)| alarm(text, start..start + AT_ONCE, before, weight));
            if let Some(place) = places.next() {
                return Some(place);
            }
        }
    }
    None
}

/// The first place of a range where the sum of weights is too high.
fn alarm<T: CodeUnit>(
    text: &[T],
    range: Range<usize>,
    mut sum: i32,
    weight: impl Fn(&T) -> i16,
) -> Option<usize> {
    let range = range.start..range.end.min(text.len());
    range.into_iter().find(|&at| {
        sum = (sum + i32::from(weight(&text[at]))).max(0);
        sum > LONG_ALARM || sum > ALARM && is_short(text, at)
    })
}

/// Whether the line of a place has no more than a few characters.
fn is_short<T: CodeUnit>(text: &[T], at: usize) -> bool {
    let near = &text[at.saturating_sub(SHORT)..text.len().min(at + SHORT + 1)];
    let line = line_around(near, at.min(SHORT));
    line.len() <= SHORT
}

/// Sums that no chain adds to.
const BREAK: i8 = i8::MIN;
/// One sum for each way of misreading.
type Row = [i8; chains::WAYS];

/// What each character of the basic plane adds to the sum of each way in which it may have been misread: its
/// weight, but no more than reading it so would gain. What cannot have been misread so ends the stretch.
static ROWS: LazyLock<Box<[Row]>> = LazyLock::new(|| {
    let row = |(code_point, &weight): (u32, &i8)| match code_point {
        // What says nothing of how it was read, and what is left where all was lost.
        0..=0x7F | 0xFFFD => [weight; chains::WAYS],
        sign if losses::is_sign(sign) => [weight; chains::WAYS],
        _ => chains::most_gained(code_point).map(|most| match most {
            Some(most) => i32::from(weight).min(most).max(-127) as i8,
            None => BREAK,
        }),
    };
    (0..).zip(WEIGHTS.iter()).map(row).collect()
});

/// The ways in which what makes a line suspicious could have been misread, all of it in one. Rare names (蝾螈, 砗磲)
/// often could not: their bytes are nothing that anybody writes. Most lines that stop the pass are clean, and two
/// thirds of them end here, for one row in 570 of Japanese; the others are tried by the chains of these ways alone.
pub(super) fn ways<T: CodeUnit>(line: &[T]) -> Ways {
    let rows = &**ROWS;
    let alarm = match line.len() <= SHORT {
        true => ALARM,
        false => LONG_ALARM,
    };
    let mut sums = [0_i32; chains::WAYS];
    let mut most = sums;
    for unit in line {
        let row = match rows.get(unit.wide() as usize) {
            Some(row) => row,
            None => continue,
        };
        for ((sum, most), &weight) in sums.iter_mut().zip(&mut most).zip(row) {
            let goes_on = i32::from(weight != BREAK);
            *sum = (*sum + i32::from(weight)).max(0) * goes_on;
            *most = (*most).max(*sum);
        }
    }
    Ways::that(|way| most[way] > alarm)
}

/// What every character of a text costs where it stands.
pub(super) struct Costs(Vec<u32>);

impl Costs {
    pub(super) fn of(text: &[u32], before: u32) -> Costs {
        // What is lost says little by itself, and nothing of what stands behind it.
        let behind = |at: usize| match at.checked_sub(1).map_or(before, |last| text[last]) {
            0xFFFD if at > 0 => likelihood::START,
            last => last,
        };
        let mut costs = Vec::with_capacity(text.len());
        likelihood::costs(text, behind, &mut costs);
        for (cost, _) in costs
            .iter_mut()
            .zip(text)
            .filter(|(_, one)| **one == 0xFFFD)
        {
            *cost = REPLACED;
        }
        Costs(costs)
    }

    /// One for each character.
    pub(super) fn each(&self) -> &[u32] {
        &self.0
    }

    /// Tenths of a nat by which the least likely stretch is less likely than running text, as far as `enough`.
    /// A stretch ends at a gap, so gaps never make it more.
    pub(super) fn potential(&self, enough: u32, is_gap: impl Fn(usize) -> bool) -> u32 {
        let (mut sum, mut most) = (0, 0);
        for (at, cost) in self.0.iter().enumerate() {
            sum = if is_gap(at) {
                0
            } else {
                (sum + cost).saturating_sub(RUNNING)
            };
            most = most.max(sum);
            if most >= enough {
                break;
            }
        }
        most
    }
}

/// Whether a byte that begins a character of several in UTF-8 was read as one of these by a one-byte
/// encoding: a look that most lines of Chinese end with.
pub(super) fn has_utf8_lead(text: &[u32], wrong: Wrong) -> bool {
    let Wrong::Single(single) = wrong else {
        return true;
    };
    let is_lead = |character: &u32| matches!(single.encode(*character), Some(0xC2..=0xF4));
    text.iter().any(is_lead)
}

/// Whether some characters are UTF-8's bytes read one by one: é for é, ’ for ’.
pub(super) fn has_other_mojibake(text: &[u32]) -> bool {
    let singles = GROUPS
        .iter()
        .filter(|(wrong, _)| matches!(wrong, Wrong::Single(_)));
    singles
        .take(3)
        .filter(|(wrong, _)| has_utf8_lead(text, *wrong))
        .any(|(wrong, _)| Encoded::new(text, *wrong).evidence().1 > 0)
}

/// Whether the text, by itself, would stop the pass.
pub(super) fn alarms(text: &[u32]) -> bool {
    next(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::from_str;
    use proptest::prelude::*;

    proptest! {
        /// One character at a time, by the definition.
        #[test]
        fn the_first_place_is_found(text in "[一-龥a-z，。é😀\\n]{0,40}") {
            let text = from_str(&text);
            let mut sum = 0;
            let slowly = text.iter().enumerate().position(|(at, &character)| {
                let weight = WEIGHTS.get(character as usize).copied().unwrap_or(0);
                sum = (sum + i32::from(weight)).max(0);
                sum > if line_around(&text, at).len() <= SHORT { ALARM } else { LONG_ALARM }
            });
            prop_assert_eq!(next(&text), slowly);
        }
    }

    #[test]
    fn clean_sentences_pass() {
        for clean in [
            "我们今天下午三点在图书馆门口见面，别忘了带上笔记本。",
            "昨天晚上的會議討論了明年的預算，大家都沒有意見。",
            "The quick brown fox — she said “no” — jumps over 12 dogs.",
            "佢哋琴日去咗海邊食海鮮，好開心㗎。",
        ] {
            assert_eq!(next(&from_str(clean)), None, "{clean}");
        }
    }

    #[test]
    fn mojibake_stops_the_pass() {
        for garbled in [
            "涓枃",
            "é›…é›…",
            "ÖÐÎÄ",
            "浣犲ソ",
            "烫烫烫烫烫",
            "锟斤拷",
            "??????",
        ] {
            assert!(next(&from_str(garbled)).is_some(), "{garbled}");
        }
    }

    #[test]
    fn rare_names_could_not_be_misread() {
        for clean in [
            "溪边的石头下有火蝾螈和蝾螈卵。",
            "院子里长满了猪殃殃，殃及菜畦。",
            "渔民捞到两只砗磲蛤，砗磲壳很重。",
        ] {
            let text = from_str(clean);
            assert!(next(&text).is_some() && ways(&text).is_none(), "{clean}");
        }
        for garbled in [
            "涓枃",
            "é›…é›…",
            "浣犲ソ",
            "烫烫烫烫烫",
            "锟斤拷",
            "??????",
            "愝掕夋柺",
        ] {
            assert!(!ways(&from_str(garbled)).is_none(), "{garbled}");
        }
    }

    #[test]
    fn other_languages_are_told_by_their_bytes() {
        assert!(has_other_mojibake(&from_str("cafÃ©")));
        assert!(has_other_mojibake(&from_str("itâ€™s")));
        assert!(!has_other_mojibake(&from_str("café “quoted” naïve")));
    }
}
