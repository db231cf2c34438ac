//! A line that no encoding reads whole: the likeliest way through its bytes.
//!
//! In: a line and the document's encoding. Out: text, spans and losses. A byte may be passed over
//! at a price, and the encoding may change at a price; the cheapest way finds where a byte was
//! lost and where characters begin again. Every byte has one best way per encoding, so the time is
//! the length's, whatever the bytes.

use super::{Reading, foreign};
use crate::codec::{Step, StepEncoding, expand};
use crate::tables::likelihood;

/// Tenths of a nat for a byte passed over: more than half of what any character of two costs, so
/// that none is dropped for being rare.
const LOST: u32 = 145;
/// More for each further byte of what was one character.
const FRAGMENT: u32 = 20;
/// For a change of encoding within a line.
const CHANGED: u32 = 110;
/// What a character of several bytes is worth that UTF-8 reads.
const UTF8_PROOF: u32 = 30;
const NEVER: u32 = u32::MAX / 2;

#[derive(Clone, Copy)]
struct Node {
    cost: u32,
    /// The last character; that of the last byte that was read.
    last: u32,
    /// Bytes back to the node before.
    back: u8,
    /// The row of the node before.
    row: u8,
    /// Whether the bytes back to there were passed over.
    is_lost: bool,
}

const NOWHERE: Node = Node {
    cost: NEVER,
    last: likelihood::START,
    back: 0,
    row: 0,
    is_lost: false,
};

/// Tenths of a nat that a way with damage in it must be better by than a reading without errors.
pub(super) const CONVINCING: u64 = 190;

/// Read a line, or a piece of one, that costs `whole` if it is read as it stands without errors.
pub(super) fn read(
    data: &[u8],
    start: usize,
    end: usize,
    main: StepEncoding,
    whole: Option<(u64, StepEncoding)>,
    reading: &mut Reading,
) {
    let is_chinese = matches!(
        main,
        StepEncoding::Utf8 | StepEncoding::Gb18030 | StepEncoding::Big5 | StepEncoding::Big5Unicode
    );
    let mut rows = vec![main];
    for other in [
        StepEncoding::Utf8,
        StepEncoding::Gb18030,
        StepEncoding::Big5,
    ] {
        if other.name() != main.name() {
            rows.push(other);
        }
    }
    let line = &data[start..end];
    let count = rows.len();
    let nodes = ways(line, &rows);
    let last = &nodes[line.len() * count..];
    let best = (0..count).min_by_key(|row| last[*row].cost).unwrap_or(0);
    let least = whole.map_or(u64::MAX, |(cost, _)| cost);
    let least = least.min(u64::from(last[best].cost));
    if is_chinese && let Some(encoding) = foreign::explains(line, least) {
        return reading.read_strictly(data, end, encoding);
    }
    if let Some((cost, encoding)) = whole
        && cost
            <= u64::from(last[best].cost)
                + if is_chinese {
                    CONVINCING
                } else {
                    3 * CONVINCING
                }
    {
        return reading.read_strictly(data, end, encoding);
    }
    write(data, start, end, &rows, &nodes, best, reading);
}

/// The cheapest way to every place in a line, in each encoding: row by row, place by place.
fn ways(line: &[u8], rows: &[StepEncoding]) -> Vec<Node> {
    let count = rows.len();
    let mut nodes = vec![NOWHERE; (line.len() + 1) * count];
    for (row, node) in nodes[..count].iter_mut().enumerate() {
        node.cost = if row == 0 { 0 } else { CHANGED / 2 };
        node.row = row as u8;
    }
    for at in 0..line.len() {
        change(&mut nodes[at * count..(at + 1) * count]);
        for (row, encoding) in rows.iter().enumerate() {
            let node = nodes[at * count + row];
            if let Step::Character(character, length) = encoding.step(&line[at..]) {
                let (both, pair) = expand(character);
                let (added, last) = likelihood::run_cost(node.last, &both[..pair]);
                let mut cost = node.cost + added;
                if row_is_utf8(*encoding) && length > 1 {
                    cost = cost.saturating_sub(UTF8_PROOF).max(node.cost);
                }
                let next = Node {
                    cost,
                    last,
                    back: length as u8,
                    row: row as u8,
                    is_lost: false,
                };
                improve(&mut nodes[(at + length) * count + row], next);
            }
            if line[at] >= 0x80 || line[at] == 0 {
                let length = if row_is_utf8(*encoding) {
                    fragment(&line[at..])
                } else {
                    1
                };
                let next = Node {
                    cost: node.cost + LOST + FRAGMENT * (length as u32 - 1),
                    last: node.last,
                    back: length as u8,
                    row: row as u8,
                    is_lost: true,
                };
                improve(&mut nodes[(at + length) * count + row], next);
            }
        }
    }
    nodes
}

/// The length of what is left of one character in UTF-8: a first byte with too few behind it, or
/// bytes whose first is missing.
fn fragment(bytes: &[u8]) -> usize {
    let behind = |most: usize| {
        bytes[1..]
            .iter()
            .take(most)
            .take_while(|byte| (0x80..0xC0).contains(*byte))
            .count()
    };
    1 + match bytes[0] {
        0x80..=0xBF => behind(1),
        0xE0..=0xEF => behind(1),
        0xF0..=0xF4 => behind(2),
        _ => 0,
    }
}

fn row_is_utf8(encoding: StepEncoding) -> bool {
    matches!(encoding, StepEncoding::Utf8)
}

fn improve(node: &mut Node, other: Node) {
    if other.cost < node.cost {
        *node = other;
    }
}

/// Let every row be reached from the cheapest one.
fn change(nodes: &mut [Node]) {
    let best = (0..nodes.len())
        .min_by_key(|row| nodes[*row].cost)
        .unwrap_or(0);
    let from = nodes[best];
    for node in nodes.iter_mut() {
        if from.cost + CHANGED < node.cost {
            *node = Node {
                cost: from.cost + CHANGED,
                last: from.last,
                back: 0,
                row: best as u8,
                is_lost: false,
            };
        }
    }
}

/// Follow the way back from the end, and write it forwards.
fn write(
    data: &[u8],
    start: usize,
    end: usize,
    rows: &[StepEncoding],
    nodes: &[Node],
    best: usize,
    reading: &mut Reading,
) {
    // (end of the step in the line, its row, whether it was lost), last first.
    let mut way: Vec<(usize, usize, bool)> = Vec::new();
    let (mut at, mut row) = (end - start, best);
    while at > 0 {
        let node = nodes[at * rows.len() + row];
        if node.back > 0 {
            way.push((at, row, node.is_lost));
        }
        at -= node.back as usize;
        row = node.row as usize;
    }
    let mut from = start;
    let mut steps = way.into_iter().rev().peekable();
    while let Some((to, row, is_lost)) = steps.next() {
        let mut to = to;
        while let Some((next, ..)) = steps.next_if(|step| (step.1, step.2) == (row, is_lost)) {
            to = next;
        }
        if is_lost {
            // What was lost was characters: of three bytes in UTF-8, of two elsewhere.
            let width = if row_is_utf8(rows[row]) { 3 } else { 2 };
            reading.lose(
                data,
                start + to,
                rows[row].name(),
                (start + to - from).div_ceil(width),
            );
        } else {
            reading.read_strictly(data, start + to, rows[row]);
        }
        from = start + to;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same, from the end: what could have come last, and what it costs to get to before it.
    /// Tries everything, and tries it again for each place.
    fn slowly(line: &[u8], rows: &[StepEncoding], at: usize, row: usize, may_change: bool) -> Node {
        let mut best = NOWHERE;
        if at == 0 {
            best.cost = if row == 0 { 0 } else { CHANGED / 2 };
        }
        // The longest first: of two ways that cost the same, the one that begins first stands.
        for length in (1..=at.min(6)).rev() {
            let head = at - length;
            let before = slowly(line, rows, head, row, true);
            let rest = &line[head..];
            if let Step::Character(character, bytes) = rows[row].step(rest)
                && bytes == length
            {
                let (both, count) = expand(character);
                let (added, last) = likelihood::run_cost(before.last, &both[..count]);
                let mut cost = before.cost + added;
                if row_is_utf8(rows[row]) && length > 1 {
                    cost = cost.saturating_sub(UTF8_PROOF).max(before.cost);
                }
                improve(
                    &mut best,
                    Node {
                        cost,
                        last,
                        ..NOWHERE
                    },
                );
            }
            let lost = match row_is_utf8(rows[row]) {
                true => fragment(rest),
                false => 1,
            };
            if lost == length && (rest[0] >= 0x80 || rest[0] == 0) {
                let cost = before.cost + LOST + FRAGMENT * (length as u32 - 1);
                improve(
                    &mut best,
                    Node {
                        cost,
                        last: before.last,
                        ..NOWHERE
                    },
                );
            }
        }
        if may_change && at < line.len() {
            let others = (0..rows.len()).map(|other| slowly(line, rows, at, other, false));
            let cheapest = others.min_by_key(|node| node.cost).unwrap_or(NOWHERE);
            let cost = cheapest.cost + CHANGED;
            improve(
                &mut best,
                Node {
                    cost,
                    last: cheapest.last,
                    ..NOWHERE
                },
            );
        }
        best
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]
        #[test]
        fn every_place_is_reached_as_cheaply_as_can_be(line in prop::collection::vec(
            prop::sample::select(vec![b'a', 0, 0xB4, 0xBA, 0xCC, 0xE4, 0xB8, 0xAD, 0xA4, 0x40, 0xED, 0xFF]), 0..6))
        {
            let rows = [StepEncoding::Gb18030, StepEncoding::Utf8, StepEncoding::Big5];
            let nodes = ways(&line, &rows);
            for at in 0..=line.len() {
                for row in 0..rows.len() {
                    let quick = nodes[at * rows.len() + row].cost;
                    prop_assert_eq!(quick, slowly(&line, &rows, at, row, true).cost, "{} {}", at, row);
                }
            }
        }
    }
}
