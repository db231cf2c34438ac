//! Spaces: the single spaces that OCR and PDF extraction leave between characters.
//!
//! Decided by the line: at least 60 % of the gaps between its ideographs are single spaces, and
//! there are enough of them to be no list of names. Wider gaps or ruled lines mean a table, or names
//! set apart; characters that hardly stand beside one another, or that one counts by, are a list.

use super::Context;
use crate::edit::{Edit, Kind};
use crate::tables::likelihood;
use crate::text::{CodeUnit, from_str, is_cjk_mark, is_han, line_around};
use std::sync::LazyLock;

/// Tenths of a nat that a character costs behind another in running text: less than this on average in 99 of 100
/// sentences of any region, also of one clause; more in lists of rare characters (115) and of surnames (84).
const RUNNING: u32 = 82;
/// What lists are made of that one reads aloud: 一 二 三, 甲 乙 丙, 東 南 西 北.
const COUNTED_BY: &str = "〇零一二三四五六七八九十百千萬万兩两甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥\
    東东南西北中上下左右前後后春夏秋冬金木水火土日月年時时分秒大小多少男女老";
static LISTED: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let mut listed = from_str(COUNTED_BY);
    listed.sort_unstable();
    listed
});

/// Fewer gaps could be a name or a title set wide: 王 小 明 has two, 前 言 one.
const FEWEST_GAPS: usize = 4;
/// Of ten gaps so many are spaces, where spaces stand between characters rather than between words.
const SPACES_OF_TEN: usize = 6;
const FEWEST_SPACES: usize = (FEWEST_GAPS * SPACES_OF_TEN).div_ceil(10);

pub fn edits<T: CodeUnit>(text: &[T], context: &Context) -> Vec<Edit> {
    let mut edits = Vec::new();
    let is_between = |at: &usize| {
        let is_han_at = |at: usize| text.get(at).is_some_and(|unit| is_han(unit.wide()));
        at.checked_sub(1).is_some_and(is_han_at) && is_han_at(at + 1)
    };
    // Of a statute with numbers in it hardly any other space is left, and so few lines are looked at.
    let mut spaces = context
        .runs
        .places_of(text, Kind::Spaces, |one| one == 0x20)
        .filter(is_between)
        .peekable();
    while let Some(first) = spaces.next() {
        let line = line_around(text, first);
        let others = std::iter::from_fn(|| spaces.next_if(|at| *at < line.end));
        if others.count() + 1 < FEWEST_SPACES || !is_spaced_out(&text[line.clone()]) {
            continue;
        }
        for at in line.start + 1..line.end.saturating_sub(1) {
            let [before, after] = [text[at - 1].wide(), text[at + 1].wide()];
            let parts = text[at].wide() == 0x20 && belongs(before) && belongs(after);
            if parts && !context.is_protected(at) {
                edits.push(Edit::new(at, at + 1, [], Kind::Spaces));
            }
        }
    }
    edits
}

fn belongs(code_point: u32) -> bool {
    is_han(code_point)
        || is_cjk_mark(code_point)
        || matches!(
            code_point,
            0x2018 | 0x2019 | 0x201C | 0x201D | 0x2026 | 0x2014
        )
}

fn is_spaced_out<T: CodeUnit>(line: &[T]) -> bool {
    let (mut spaced, mut gaps) = (0, 0);
    for (at, unit) in line.iter().enumerate() {
        if is_ruling(unit.wide()) {
            return false;
        }
        if !is_han(unit.wide()) {
            continue;
        }
        let next = |k: usize| line.get(at + k).map_or(0, |unit| unit.wide());
        if is_han(next(1)) {
            gaps += 1;
        } else if next(1) == 0x20 {
            if matches!(next(2), 0x20 | 0x3000) {
                return false;
            }
            if is_han(next(2)) {
                (gaps, spaced) = (gaps + 1, spaced + 1);
            }
        } else if next(1) == 0x3000 || next(1) == 0x09 {
            return false;
        }
    }
    gaps >= FEWEST_GAPS && spaced * 10 >= gaps * SPACES_OF_TEN && !is_list(line)
}

/// Whether the ideographs of a line are no sentence.
fn is_list<T: CodeUnit>(line: &[T]) -> bool {
    let han = || {
        line.iter()
            .map(|unit| unit.wide())
            .filter(|one| is_han(*one))
    };
    if han().all(|one| LISTED.binary_search(&one).is_ok()) {
        return true;
    }
    let (mut before, mut sum, mut count) = (likelihood::START, 0, 0);
    for one in han() {
        sum += u64::from(likelihood::cost(before, one));
        (before, count) = (one, count + 1);
    }
    sum > count * u64::from(RUNNING)
}

/// Box drawing, and the bar that tables in plain text are ruled with.
fn is_ruling(code_point: u32) -> bool {
    matches!(code_point, 0x2500..=0x257F | 0x7C | 0xFF5C)
}
