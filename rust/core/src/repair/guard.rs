//! Whether a repaired run is good enough to stand.
//!
//! In: a run with its gain. Out: yes or no. A gain alone is not enough where it was cheap to come
//! by: a table of characters, a line of box drawing and a rare name all read "better" some way.

use super::chains::{Chain, Wrong};
use super::lattice::Run;
use super::{korean, signs, twice};
use crate::codec::StepEncoding;
use crate::tables::likelihood;
use crate::text::{is_han, is_kana};
use hanfix_trie::ids;

/// Tenths of a nat. UTF-8 is its own proof: chance makes three bytes of it once in a hundred.
const UTF8_MARGIN: i64 = 60;
/// What any two bytes can be read as proves nothing, so the gain must.
const PAIR_MARGIN: i64 = 110;
/// More for short texts, over the square of their length: symbols that stand alone (π², РДТТ) cost
/// as much as mojibake, but never many in a row.
const SHORT_MARGIN: i64 = 480;
/// Tenths of a nat a character: foreign names come to 101 to 112 (麦勒·班纳), UTF-8 that lost its
/// controls and is read as pairs to 120 and more, noise of rare ideographs read as less rare ones to
/// 110 and more.
const PLAUSIBLE: u32 = 113;
/// The same for three ideographs read as others, which chance makes likely more often: 罗蟥香 102,
/// 德諗騎 100.
const PLAUSIBLE_SHORT: u32 = 97;
/// What running text costs at most: most sentences come to 55 to 75.
const FLUENT: u32 = 85;
/// Japanese without kana could as well be Chinese, so it must be what everyone writes: 設定画面
/// (愝掕夋柺).
const WELL_KNOWN: u32 = 60;
/// What is guessed among pairs must cost less: 總鉻?鎳?鎘 could be 羆惶悸禧吗.
const GUESSED: u32 = 95;
/// A run with few characters that are told stands if all of its guesses are as sure as this, in hundredths, and it
/// gains so much (tenths of a nat): 涓枃 is 中文 by 97 and 131 to 149. 閲嶈, which is 重要 or 重复, is sure of neither.
const COMPELLING_SHARE: u8 = 90;
const COMPELLING_GAIN: i64 = 130;
/// Of single bytes the gain alone tells: letters that no language puts together so. Two characters that lost their
/// controls gain 340 (ç»å½) to 540 (ä¸è½½).
const COMPELLING_SINGLE: i64 = 300;
/// More for every ideograph beyond the basic plane that stands there now.
const FAR_MARGIN: i64 = 100;
/// More for every operator that describes a character (⿰), which costs 280 more than a character of running text:
/// 於為⿰ is 춞驊 in UTF-8, and who describes characters writes it.
const DESCRIBED_MARGIN: i64 = 250;
/// More where the languages of both readings are better known than their models.
const FOREIGN_MARGIN: i64 = 50;
/// What must be gained over Hangul that costs what Korean does ([`korean`]). Of 15,000 Chinese lines with Korean names,
/// places and words, 3,254 were read as GBK without this, four at 0, two at 10 and one at 20; of 927 times four
/// ideographs in GBK read as cp949, 902 came back without it, 899 at 0 and 891 at 20.
const KOREAN_MARGIN: i64 = 10;
/// More for every sign of a list (①②③④, ㄅㄆㄇㄈ, ▁▂▃▅): no text that the costs come from has these in a row, so each
/// seems to gain 40 to 110 as anything else (情顷请皮, 乳事些亞, 虫血行衣).
const LISTED_MARGIN: i64 = 120;

/// Whether the run may replace what stands in a text, which is Japanese elsewhere or not.
pub(super) fn accepts(run: &Run, line: &[u32], chain: Chain, is_japanese: bool) -> bool {
    let old = &line[run.start..run.end];
    // A guess is no evidence for what surrounds it: 蜉 and a mark could be 动, and are not.
    let is_high = |character: &&u32| **character >= 0x80;
    let told = run.text.iter().filter(is_high).count();
    if run.guessed > 0
        && told < run.guessed + 2
        && !is_compelling(run, chain, old.len() == line.len())
    {
        return false;
    }
    // By two bytes, one character is read as UTF-8 now and then: 路 as ·, 靚𡃉 as 谋n. Never one of four bytes: that is
    // two characters, the first of which is 馃 in GBK.
    let is_double = !matches!(chain.wrong, Wrong::Single(_));
    let is_picture = |character: u32| chain.is_utf8() && is_emoji(character);
    let letters = run.text.iter().map(|&character| match character {
        _ if is_picture(character) => 2,
        _ => usize::from(is_letter(character)),
    });
    if is_double && letters.sum::<usize>() < 2 {
        return false;
    }
    // What stays lost says nothing, and most of what is no ASCII must say something.
    let told: Vec<u32>;
    let text = if run.lost.is_empty() {
        &run.text
    } else {
        told = run
            .text
            .iter()
            .copied()
            .filter(|&character| character != 0xFFFD)
            .collect();
        if told.iter().filter(is_high).count() < run.text.len() - told.len() {
            return false;
        }
        &told
    };
    // A control character that was there before is no sign of how the others were read: no chain makes one.
    let was_there = |character: u32| character < 0x80 && old.contains(&character);
    let is_wrong = |&character: &u32| is_never_meant(character) && !was_there(character);
    if text.is_empty() || text.iter().any(is_wrong) {
        return false;
    }
    let east_asian = text
        .iter()
        .filter(|&&character| is_east_asian(character) || is_picture(character))
        .count();
    let ascii = text.iter().filter(|&&character| character < 0x80).count();
    // Most of what is no ASCII: a sentence may hold an é or a dash, not be made of them.
    if east_asian == 0 || (text.len() - ascii - east_asian) * 4 > text.len() - ascii {
        return false;
    }
    // One ideograph, or one over and over: °C read as 蚓, ㅜㅜ as 厄厄.
    let mut letters = text.iter().filter(|&&character| is_letter(character));
    let first = letters.next();
    if !chain.is_utf8() && letters.all(|letter| Some(letter) == first) {
        return false;
    }
    let wants_kana = matches!(chain.right, StepEncoding::ShiftJis | StepEncoding::EucJp);
    let has_kana = text.iter().any(|&character| is_kana(character));
    if wants_kana && !has_kana && !costs_at_most(text, WELL_KNOWN) {
        return false;
    }
    let is_single = matches!(chain.wrong, Wrong::Single(_));
    if !chain.is_utf8() && repeats(text, is_single) {
        return false;
    }
    // 岦 岺 峵 崧: a list of characters that nobody writes is a list, however rare they are.
    let is_half = |character: &u32| (0xFF61..=0xFF9F).contains(character);
    let is_wide = !matches!(chain.wrong, Wrong::Single(_)) && !old.iter().any(is_half);
    let is_half_wide = !chain.is_utf8() && is_half_width(old, is_half);
    if is_half_wide && (text.len() - ascii < 3 || !costs_at_most(text, FLUENT)) {
        return false;
    }
    if is_wide && !chain.is_utf8() && !has_neighbours(old) {
        return false;
    }
    // Kana are near one another, and so are the ideographs that Shift_JIS's are read as: ている is 偰偄傞.
    if is_wide && !chain.is_utf8() && !has_kana && signs::are_near(old) {
        return false;
    }
    // A letter and two marks are one ideograph and no more: é›… is 雅, and what a French sentence may end with.
    if is_single && chain.is_utf8() && is_letter_with_marks(old) {
        return false;
    }
    if is_single && !chain.is_utf8() && (is_doubled(old) || signs::is_drawing(old)) {
        return false;
    }
    if !chain.is_utf8()
        && (signs::is_alphabet(old) || signs::are_capitals(line, &(run.start..run.end)))
    {
        return false;
    }
    if is_double && !chain.is_utf8() && signs::is_spelt(old) {
        return false;
    }
    if is_single && !chain.is_utf8() && twice::explains(line, run) {
        return false;
    }
    let margin = if chain.is_utf8() {
        UTF8_MARGIN
    } else {
        let length = (text.len() - ascii) as i64;
        PAIR_MARGIN + SHORT_MARGIN / (length * length) + living_language(chain, is_japanese)
    };
    // One ideograph of another plane (𡃉) costs as much as two of mojibake, and Cantonese has it.
    let far = old.iter().filter(|&&character| character > 0xFFFF).count() as i64;
    if !chain.is_utf8() && run.guessed > 0 && !costs_at_most(text, GUESSED) {
        return false;
    }
    let described = old.iter().filter(|one| ids::is_operator(**one)).count() as i64;
    let listed = match is_double && !chain.is_utf8() {
        true => signs::listed(old) as i64,
        false => 0,
    };
    let margin = margin + far * FAR_MARGIN + described * DESCRIBED_MARGIN + listed * LISTED_MARGIN;
    // Hangul that costs no more than Korean does was meant, whatever marks it stands between.
    let is_korean = matches!(chain.wrong, Wrong::EucKr) && !chain.is_utf8() && {
        let before = run.start.checked_sub(1);
        let before = before.map_or(likelihood::START, |last| line[last]);
        run.gain - korean::overcharged(before, old) < KOREAN_MARGIN
    };
    run.gain >= margin && !is_korean && (chain.is_utf8() || is_plausible(text, is_single))
}

/// Whether a run that few whole characters support is certain all the same. Two characters by themselves may be a name,
/// however rare they are: 涓枃 stays, and 涓枃.txt does not.
fn is_compelling(run: &Run, chain: Chain, is_alone: bool) -> bool {
    let is_told = |character: &&u32| **character >= 0x80 && **character != 0xFFFD;
    let few = run.text.iter().filter(is_told).count() < 2;
    match chain.wrong {
        _ if few || !chain.is_utf8() => false,
        Wrong::Single(_) => run.gain >= COMPELLING_SINGLE,
        _ if is_alone => false,
        _ => run.lost.is_empty() && run.sure >= COMPELLING_SHARE && run.gain >= COMPELLING_GAIN,
    }
}

/// Whether most of what is no ASCII are letters written twice: ЖЖЖЖ-АА-КК is how Kyrgyz names the parts of a date,
/// and one ideograph in 94 has the same byte twice.
fn is_doubled(text: &[u32]) -> bool {
    let high = text.iter().filter(|character| **character >= 0x80).count();
    let (mut doubled, mut at) = (0, 0);
    while at + 1 < text.len() {
        let is_twice = text[at] >= 0x80 && text[at] == text[at + 1];
        doubled += 2 * usize::from(is_twice);
        at += 1 + usize::from(is_twice);
    }
    doubled * 2 > high
}

/// Whether a text is, but for its ASCII, a Latin letter and two marks that Latin languages print behind one.
fn is_letter_with_marks(text: &[u32]) -> bool {
    let is_mark = |character: &u32| {
        matches!(
            character,
            0xA0 | 0xA1
                | 0xAB
                | 0xB7
                | 0xBB
                | 0xBF
                | 0x2013..=0x2014
                | 0x2018..=0x201E
                | 0x2020..=0x2022
                | 0x2026
                | 0x2039..=0x203A
        )
    };
    let mut beyond = text.iter().filter(|character| **character >= 0x80);
    matches!(beyond.next(), Some(0xC0..=0xFF)) && beyond.clone().count() == 2 && beyond.all(is_mark)
}

/// Whether the characters cost what someone might write. Of noise (a list of rare ideographs) some
/// reading is always likelier; that does not make it a text.
fn is_plausible(text: &[u32], is_single: bool) -> bool {
    let count = text.iter().filter(|character| **character >= 0x80).count();
    costs_at_most(
        text,
        if count > 3 || is_single {
            PLAUSIBLE
        } else {
            PLAUSIBLE_SHORT
        },
    )
}

/// Whether the characters that are no ASCII cost no more than so much each, behind one another.
fn costs_at_most(text: &[u32], most: u32) -> bool {
    let mut last = likelihood::START;
    let (mut sum, mut count) = (0, 0);
    for &character in text {
        if character >= 0x80 {
            sum += likelihood::cost(last, character);
            count += 1;
        }
        last = character;
    }
    sum <= count * most
}

/// Whether what is no ASCII are half-width kana: ｱｲｳｴｵ is Japanese, unless what it hides is fluent. So
/// it is beside Chinese, of which an odd number of them takes half a character along (ﾄｷｴﾞﾆｳ測試 as
/// 姆崔瞥應試).
fn is_half_width(old: &[u32], is_half: impl Fn(&u32) -> bool) -> bool {
    let high: Vec<&u32> = old.iter().filter(|character| **character >= 0x80).collect();
    let inner = match high.as_slice() {
        [first, inner @ ..] if is_letter(**first) => inner,
        [inner @ .., last] if is_letter(**last) => inner,
        all => all,
    };
    !inner.is_empty() && inner.iter().all(|character| is_half(character))
}

/// More where the text as it stands may be a language of its own that is known too little of: Korean
/// (농민신문 reads as four ideographs), and Chinese where Japanese is proposed.
fn living_language(chain: Chain, is_japanese: bool) -> i64 {
    let is_korean = matches!(chain.wrong, Wrong::EucKr);
    let is_single = matches!(chain.wrong, Wrong::Single(_));
    let to_japanese = matches!(chain.right, StepEncoding::ShiftJis | StepEncoding::EucJp);
    match () {
        () if is_japanese && !to_japanese => 3 * FOREIGN_MARGIN,
        // Any four ideographs have some reading as kana.
        () if to_japanese && !is_single => 2 * FOREIGN_MARGIN,
        () if is_korean => FOREIGN_MARGIN,
        () => 0,
    }
}

/// Whether UTF-8 explains the run, though as nothing that we may write: another language, or one
/// more layer than is peeled off.
pub(super) fn is_explained(run: &Run) -> bool {
    run.gain >= UTF8_MARGIN
        && !run
            .text
            .iter()
            .any(|&character| matches!(character, 0xD800..=0xF8FF | 0xFFFD..))
}

/// What no one writes: its presence says that this is not how it was meant.
fn is_never_meant(character: u32) -> bool {
    matches!(character,
        0..=0x08 | 0x0A..=0x1F | 0x7F..=0x9F | 0xD800..=0xF8FF | 0xFDD0..=0xFDEF
        | 0xFFF0..=0xFFFF | 0xF_0000.. | 0x2028 | 0x2029 | 0xFEFF)
}

fn is_letter(character: u32) -> bool {
    is_han(character) || matches!(character, 0x3041..=0x30FE | 0xAC00..=0xD7A3)
}

/// Faces, hands, animals: four bytes in UTF-8. Chinese of today is full of them.
fn is_emoji(character: u32) -> bool {
    matches!(character, 0x1_F300..=0x1_FAFF)
}

fn is_east_asian(character: u32) -> bool {
    is_letter(character)
        || matches!(character,
            0x2014 | 0x2018..=0x201D | 0x2026 | 0xB7 | 0x3000..=0x303F | 0x3105..=0x312F
            | 0xFE30..=0xFE6F | 0xFF00..=0xFFEF)
}

/// Whether two characters that are no ASCII stand together.
fn has_neighbours(text: &[u32]) -> bool {
    text.windows(2)
        .any(|pair| pair[0] >= 0x80 && pair[1] >= 0x80)
}

/// Whether a few characters make up the whole: rulers, boxes, fillers.
fn repeats(text: &[u32], is_single: bool) -> bool {
    let mut distinct: Vec<u32> = text.iter().take(64).copied().collect();
    let looked_at = distinct.len();
    distinct.sort_unstable();
    distinct.dedup();
    // 论闽论闽, 鎔鎔,基基: drawn from a handful.
    let high = |character: &&u32| **character >= 0x80;
    let letters = text.iter().take(12).filter(high).count();
    let kinds = text
        .iter()
        .take(12)
        .filter(high)
        .collect::<std::collections::BTreeSet<_>>()
        .len();
    if !is_single && letters > 3 && kinds * 2 <= letters {
        return true;
    }
    let limit = if is_single { 6 } else { looked_at.min(24) / 4 };
    let is_filled = distinct.len() <= 2 && (!is_single || looked_at >= limit);
    looked_at >= 3 && (is_filled || (!is_single && distinct.len() <= limit))
}
