//! Lookalikes: kana, circles and boxes that OCR and input methods put for an ideograph.
//!
//! Off unless asked for: by form alone, ニ and 二 cannot be told apart. Only between ideographs,
//! and never on a line of Japanese or of Bopomofo.

use super::Context;
use crate::edit::{Edit, Kind};
use crate::text::{CodeUnit, is_han, is_kana, lines};

/// Katakana, and what it is taken for.
const KATAKANA: [(u32, char); 8] = [
    (0x30CB, '二'),
    (0x30A8, '工'),
    (0x30AB, '力'),
    (0x30ED, '口'),
    (0x30FC, '一'),
    (0x30BF, '夕'),
    (0x30C8, '卜'),
    (0x30CF, '八'),
];

pub fn edits<T: CodeUnit>(text: &[T], context: &Context) -> Vec<Edit> {
    let mut edits = Vec::new();
    for line in lines(text) {
        let start = line.start;
        let line = &text[line];
        let mut made = Vec::new();
        for (at, unit) in line.iter().enumerate() {
            if let Some(meant) = meant(line, at, unit.wide()) {
                made.push((start + at, meant));
            }
        }
        for (at, meant) in made {
            if !context.is_protected(at) {
                edits.push(Edit::new(at, at + 1, [u32::from(meant)], Kind::Lookalikes));
            }
        }
    }
    edits
}

fn meant<T: CodeUnit>(line: &[T], at: usize, code_point: u32) -> Option<char> {
    let before = at.checked_sub(1).map_or(0, |k| line[k].wide());
    let after = line.get(at + 1).map_or(0, |unit| unit.wide());
    match code_point {
        // ○ ◯ in 一九九○年: beside a numeral, and no row of them.
        0x25CB | 0x25EF | 0x3007 if code_point != 0x3007 => {
            let in_number = is_numeral(before) && (is_numeral(after) || is_counted(after));
            in_number.then_some('〇')
        }
        0x56D7 if is_han(before) && is_han(after) && after != u32::from('部') => Some('口'),
        0x3127 => {
            let counts = at == 0 && matches!(after, 0x3001 | 0xFF0E | 0x2E);
            let alone = line[1..].iter().all(|unit| !is_bopomofo(unit.wide()));
            (counts && alone).then_some('一')
        }
        // 三カ月: the counter of Japanese.
        0x30AB if is_numeral(before) || is_digit_of_many(before) => None,
        _ if is_kana(code_point) => {
            let between = is_han(before) && is_han(after);
            let kana = line
                .iter()
                .filter(|unit| is_kana(unit.wide()))
                .take(2)
                .count();
            let known = KATAKANA.iter().find(|(kana, _)| *kana == code_point);
            known
                .filter(|_| between && kana == 1)
                .map(|(_, meant)| *meant)
        }
        _ => None,
    }
}

fn is_numeral(code_point: u32) -> bool {
    char::from_u32(code_point).is_some_and(|c| "〇一二三四五六七八九十○".contains(c))
}

/// What stands for a number beside these, and what asks for one.
fn is_digit_of_many(code_point: u32) -> bool {
    char::from_u32(code_point).is_some_and(|c| "百千万萬数數何".contains(c))
}

/// What a number written in characters stands before.
fn is_counted(code_point: u32) -> bool {
    char::from_u32(code_point).is_some_and(|c| "年月日號号時时分秒度室路樓楼".contains(c))
}

fn is_bopomofo(code_point: u32) -> bool {
    (0x3105..=0x312F).contains(&code_point)
}
