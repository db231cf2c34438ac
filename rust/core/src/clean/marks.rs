//! Marks: doubled punctuation, and quotation marks of another region.
//!
//! Both off unless asked for: emphasis and the choice of marks are the writer's.

use super::{Context, QuoteStyle};
use crate::edit::{Edit, Kind};
use crate::tables::scripts::Counts;
use crate::text::{CodeUnit, is_cjk_mark, is_han, lines};
use std::cmp::Ordering;

/// ！！！ to ！, ，， to ，; 。。。 to ……. Pairs that are one mark (……, ——) stay.
pub fn doubled<T: CodeUnit>(text: &[T], context: &Context) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let mark = text[at].wide();
        let run = text[at..].iter().take_while(|unit| unit.wide() == mark);
        let length = run.count();
        let single = match mark {
            0x3001 | 0xFF0C | 0xFF1A | 0xFF1B | 0xFF01 | 0xFF1F => vec![mark],
            0x3002 if length >= 3 => vec![0x2026, 0x2026],
            0x3002 => vec![mark],
            _ => Vec::new(),
        };
        if length >= 2 && !single.is_empty() && !context.protects(at..at + length) {
            edits.push(Edit::new(at, at + length, single, Kind::Punctuation));
        }
        at += length;
    }
    edits
}

const CORNER: [[u32; 2]; 2] = [[0x300C, 0x300D], [0x300E, 0x300F]];
const CURLY: [[u32; 2]; 2] = [[0x201C, 0x201D], [0x2018, 0x2019]];

/// “‘’” to 「『』」 or back, levels in turn, wherever they pair up within a line.
pub fn quotes<T: CodeUnit>(text: &[T], context: &Context) -> Vec<Edit> {
    let to = match context.options.quotes {
        QuoteStyle::Corner => CORNER,
        QuoteStyle::Curly => CURLY,
        QuoteStyle::ByScript => {
            let counts = Counts::of(text);
            match counts.traditional.cmp(&counts.simplified) {
                Ordering::Greater => CORNER,
                Ordering::Less => CURLY,
                Ordering::Equal => return Vec::new(),
            }
        }
    };
    let mut edits = Vec::new();
    for line in lines(text) {
        let pairs = pairs(text, line, context);
        let mut made: Vec<(usize, u32)> = Vec::new();
        for (from, end, level) in pairs {
            let [open, close] = to[level % 2];
            made.extend([(from, open), (end, close)]);
        }
        made.sort_unstable();
        for (at, mark) in made {
            if text[at].wide() != mark {
                edits.push(Edit::new(at, at + 1, [mark], Kind::Quotes));
            }
        }
    }
    edits
}

/// Opening and closing marks that belong together, and how deep they stand.
fn pairs<T: CodeUnit>(
    text: &[T],
    line: std::ops::Range<usize>,
    context: &Context,
) -> Vec<(usize, usize, usize)> {
    let (mut open, mut found) = (Vec::new(), Vec::new());
    for at in line.clone() {
        let mark = text[at].wide();
        let is_quote = CORNER.iter().chain(&CURLY).any(|pair| pair.contains(&mark));
        if !is_quote || context.is_protected(at) || is_apostrophe(text, at) {
            continue;
        }
        if let Some(closing) = CORNER.iter().chain(&CURLY).find(|pair| pair[0] == mark) {
            open.push((at, closing[1]));
        } else if let Some(last) = open.iter().rposition(|(_, closing)| *closing == mark) {
            let (from, _) = open[last];
            open.truncate(last);
            found.push((from, at, last));
        }
    }
    // Quotations in another language keep their marks.
    found.retain(|(from, end, _)| {
        let beside = [
            from.checked_sub(1),
            Some(from + 1),
            end.checked_sub(1),
            Some(end + 1),
        ];
        let beside = beside.into_iter().flatten().filter(|k| line.contains(k));
        beside
            .map(|k| text[k].wide())
            .any(|c| is_han(c) || is_cjk_mark(c))
    });
    found
}

/// ’ between letters: it’s.
fn is_apostrophe<T: CodeUnit>(text: &[T], at: usize) -> bool {
    let is_letter = |k: Option<usize>| {
        let letter = k.and_then(|k| text.get(k)).map_or(0, |unit| unit.wide());
        u8::try_from(letter).is_ok_and(|byte| byte.is_ascii_alphabetic())
    };
    text[at].wide() == 0x2019 && is_letter(at.checked_sub(1)) && is_letter(Some(at + 1))
}

#[cfg(test)]
mod tests {
    use super::super::{Options, Steps, clean};
    use super::QuoteStyle;
    use crate::edit::Kind;
    use crate::text::{from_str, to_string};
    use proptest::prelude::*;

    proptest! {
        /// Where the style is given, no line says anything about another.
        #[test]
        fn quotation_marks_of_a_given_style_may_be_written_line_by_line(
            lines in prop::collection::vec("[中發发a ，“”‘’「」『』]{0,12}", 1..5),
            style in prop::sample::select(&[QuoteStyle::Corner, QuoteStyle::Curly][..]),
        ) {
            let options = Options {
                steps: Steps::of(&[Kind::Quotes]),
                quotes: style,
                ..Options::default()
            };
            let tidied = |text: &str| {
                let text = from_str(text);
                to_string(&clean(&text, &options).map_or(text, |cleaned| cleaned.text.into_wide()))
            };
            let apart: Vec<String> = lines.iter().map(|line| tidied(line)).collect();
            prop_assert_eq!(tidied(&lines.join("\n")), apart.join("\n"));
        }
    }
}
