//! Damage beyond repair, named.
//!
//! In: a line and what was repaired in it. Out: where text was lost, and how. Never changes text;
//! a line that only speaks of 锟斤拷 is clean.

use crate::edit::{Edit, Loss};
use crate::text::is_han;
use std::ops::Range;

const REPLACED_TWICE: &str = "GBK read as UTF-8, and what that left as U+FFFD read as GBK";
const REPLACED: &str = "bytes that could not be read, replaced by U+FFFD";
const QUESTIONED: &str = "characters that an encoding lacked, replaced by question marks";
const UNINITIALISED: &str = "memory that was never written, read as GBK";

const UNTOLD: &str = "bytes lost in a wrong decoding, and what is left does not tell the character";

/// 锟 U+951F and 拷 U+62F7: bytes EF BF and BF BD; 斤 U+65A4 is BD EF between.
const HEAD: u32 = 0x951F;
const TAIL: u32 = 0x62F7;
const WHOLE: [u32; 3] = [HEAD, 0x65A4, TAIL];
/// Characters between a head and its tail where real bytes survived.
const REACH: usize = 8;

/// What debuggers fill memory with, read as GBK, and how many of it are no accident: 烫 CC CC,
/// 屯 CD CD, 葺 DD DD.
const FILLERS: [(u32, usize); 3] = [(0x70EB, 4), (0x5C6F, 4), (0x847A, 3)];

/// Whether a character is a sign of text that was lost: 锟, 烫, 屯, 葺.
pub(super) fn is_sign(code_point: u32) -> bool {
    code_point == HEAD || FILLERS.iter().any(|(filler, _)| *filler == code_point)
}

/// The losses of a line, in order; in `untold` places, a repair left U+FFFD.
pub(super) fn find(line: &[u32], edits: &[Edit], untold: &[Range<usize>]) -> Vec<Loss> {
    let mut found: Vec<(Range<usize>, &'static str)> = Vec::new();
    found.extend(
        replaced_twice(line)
            .into_iter()
            .map(|range| (range, REPLACED_TWICE)),
    );
    for run in runs(line, |character| character == 0xFFFD) {
        found.push((run, REPLACED));
    }
    for (filler, least) in FILLERS {
        for run in runs(line, |character| character == filler) {
            let is_all = line.len() == run.len() && run.len() >= 3;
            // 烫烫烫烫 at the head of a sentence about it is a mention.
            if is_all || run.len() > least || (run.len() == least && !is_mentioned(line, &run)) {
                found.push((run, UNINITIALISED));
            }
        }
    }
    for run in runs(line, |character| character == 0x3F) {
        let is_before = run.start > 0 && is_han(line[run.start - 1]);
        let is_behind = line.get(run.end).is_some_and(|behind| is_han(*behind));
        let is_all = line
            .iter()
            .all(|&character| matches!(character, 0x3F | 0x20));
        if run.len() >= 4 && ((is_before && is_behind) || is_all) {
            found.push((run, QUESTIONED));
        }
    }
    let touched = |range: &Range<usize>| {
        edits
            .iter()
            .any(|edit| edit.start < range.end && range.start < edit.end)
    };
    let is_untold = |range: &Range<usize>| {
        let meets = |other: &Range<usize>| other.start < range.end && range.start < other.end;
        untold.iter().any(meets)
    };
    found.retain(|(range, _)| !touched(range) && !is_untold(range));
    found.extend(untold.iter().map(|range| (range.clone(), UNTOLD)));
    found.sort_by_key(|(range, _)| range.start);
    let losses = found.into_iter().map(|(range, cause)| Loss {
        start: range.start,
        end: range.end,
        cause,
    });
    losses.collect()
}

/// Maximal runs of what belongs.
fn runs(line: &[u32], belongs: impl Fn(u32) -> bool) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, &character) in line.iter().enumerate() {
        if belongs(character) {
            match runs.last_mut() {
                Some(last) if last.end == at => last.end = at + 1,
                _ => runs.push(at..at + 1),
            }
        }
    }
    runs
}

/// Whether a run stands in running text that is otherwise whole.
fn is_mentioned(line: &[u32], run: &Range<usize>) -> bool {
    line.len() - run.len() >= 4
}

/// Runs from 锟 to 拷. One 锟斤拷 by itself is a mention; two in a row, or one with real bytes
/// between head and tail, is damage, and then every one in the line is.
fn replaced_twice(line: &[u32]) -> Vec<Range<usize>> {
    let mut units: Vec<(Range<usize>, bool)> = Vec::new();
    let mut at = 0;
    while let Some(start) = line[at..]
        .iter()
        .position(|&c| c == HEAD)
        .map(|found| at + found)
    {
        let limit = (start + REACH).min(line.len());
        let tail = line[start + 1..limit]
            .iter()
            .take_while(|&&c| c != HEAD)
            .position(|&c| c == TAIL);
        let end = tail.map_or(start + 1, |found| start + 2 + found);
        units.push((start..end, line[start..end] == WHOLE));
        at = end;
    }
    let broken = units
        .iter()
        .any(|(range, is_whole)| !is_whole && range.len() > 2);
    let doubled = units
        .windows(2)
        .any(|pair| pair[0].0.end == pair[1].0.start);
    if !broken && !doubled {
        return Vec::new();
    }
    let mut merged: Vec<Range<usize>> = Vec::new();
    for (range, _) in units {
        match merged.last_mut() {
            Some(last) if range.start - last.end <= 1 => last.end = range.end,
            _ => merged.push(range),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::from_str;

    fn found(text: &str) -> Vec<(usize, usize)> {
        let losses = find(&from_str(text), &[], &[]);
        losses
            .into_iter()
            .map(|loss| (loss.start, loss.end))
            .collect()
    }

    #[test]
    fn what_is_lost_is_named() {
        assert_eq!(found("锟斤拷锟斤拷"), [(0, 6)]);
        assert_eq!(found("状态锟矫革拷未知"), [(2, 6)]);
        assert_eq!(found("屯屯屯屯屯屯"), [(0, 6)]);
        assert_eq!(found("葺葺葺"), [(0, 3)]);
        assert_eq!(found("姓名：\u{FFFD}\u{FFFD}先生"), [(3, 5)]);
        assert_eq!(found("我叫????今年"), [(2, 6)]);
        assert_eq!(found("????"), [(0, 4)]);
    }

    #[test]
    fn what_is_only_mentioned_is_clean() {
        for clean in [
            "网页上出现“锟斤拷”怎么办",
            "烫烫烫是什么",
            "真的吗???",
            "什么??我不信",
            "屯兵屯田",
            "手里锟斤拷，嘴里烫烫烫",
        ] {
            assert_eq!(found(clean), [], "{clean}");
        }
    }
}
