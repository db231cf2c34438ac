//! UTF-16 and UTF-32: every byte is somebody's second half, so a lost one shifts all that follow.
//!
//! In: bytes and the encoding. Out: text, spans and losses. Never rereads what it has read: text is
//! looked at in blocks, and only one that makes no sense is weighed byte by byte.

use super::Reading;
use crate::codec::{Step, StepEncoding};
use crate::tables::likelihood;

/// Bytes looked at together: enough to tell, few enough to weigh again.
const BLOCK: usize = 1024;
/// Tenths of a nat for characters by themselves: 60 to 80 in running text of any language that the
/// model knows; ASCII read as UTF-16 of the wrong half, and Chinese, 110 and more.
const USUAL: u32 = 90;
/// Tenths of a nat by which some stretch of a block that makes sense may be less likely: four
/// characters misread.
const UNUSUAL: u32 = 160;
/// For a byte passed over, and for a character read behind it: see `damage`.
const LOST: u32 = 145;
/// Tenths of a nat that a way with damage must be better by than the reading as it stands.
const CONVINCING: u32 = 190;
const NEVER: u32 = u32::MAX / 2;

/// Read from `start` on; the answer is how far.
pub(super) fn read(
    data: &[u8],
    start: usize,
    is_end: bool,
    encoding: StepEncoding,
    reading: &mut Reading,
) -> usize {
    let width = match encoding {
        StepEncoding::Utf16(_) => 2,
        StepEncoding::Utf32(_) => 4,
        _ => 1,
    };
    if width != 2 {
        let end = match is_end {
            true => data.len(),
            false => start + (data.len() - start) / width * width,
        };
        reading.read_strictly(data, end, encoding);
        return end;
    }
    let mut at = start;
    loop {
        let end = at + BLOCK;
        // Four bytes beyond, for a pair of surrogates that the block would cut.
        let is_whole = end + 4 <= data.len();
        if !is_whole && (!is_end || at == data.len()) {
            return at;
        }
        let end = if is_whole { end } else { data.len() };
        at = read_block(data, at, end, encoding, reading);
    }
}

/// Read a block, up to its end, a byte before it, or the end of the character that it cuts.
fn read_block(
    data: &[u8],
    start: usize,
    end: usize,
    encoding: StepEncoding,
    reading: &mut Reading,
) -> usize {
    let (mut at, mut excess, mut most, mut errors) = (start, 0_u32, 0, 0);
    while at < end {
        match encoding.step(&data[at..]) {
            Step::Character(character, bytes) => {
                excess = (excess + likelihood::alone(character)).saturating_sub(USUAL);
                most = most.max(excess);
                at += bytes;
            }
            Step::Bad(bytes) => {
                errors += 1;
                at += bytes;
            }
        }
    }
    if errors > 0 || most > UNUSUAL {
        return resynchronise(data, start, end, encoding, reading);
    }
    reading.read_strictly(data, at, encoding);
    at
}

/// The likeliest way through a block in which any byte may have been lost, or one too many.
fn resynchronise(
    data: &[u8],
    start: usize,
    end: usize,
    encoding: StepEncoding,
    reading: &mut Reading,
) -> usize {
    let block = &data[start..end];
    // (cost, bytes back, the last character, whether bytes were passed over)
    let mut nodes = vec![(NEVER, 0_usize, likelihood::START, false); block.len() + 1];
    let mut whole = vec![NEVER; block.len() + 1];
    (nodes[0].0, whole[0]) = (0, 0);
    for at in 0..block.len() {
        let (cost, _, last, _) = nodes[at];
        let (step, price, character) = match encoding.step(&block[at..]) {
            Step::Character(character, bytes) => (
                bytes,
                likelihood::cost(last, character).min(2 * LOST),
                character,
            ),
            Step::Bad(bytes) => (bytes, 2 * LOST, likelihood::START),
        };
        whole[at + step] = whole[at].saturating_add(price).min(NEVER);
        let is_bad = price == 2 * LOST && character == likelihood::START;
        if cost + price < nodes[at + step].0 {
            nodes[at + step] = (cost + price, step, character, is_bad);
        }
        if cost + LOST < nodes[at + 1].0 {
            nodes[at + 1] = (cost + LOST, 1, last, true);
        }
    }
    // A block that ends in the middle of a character leaves that byte to the next one.
    let mut at = block.len();
    let spared = nodes[at - 1].0.saturating_add(likelihood::cost(0x20, 0x20));
    if end < data.len() && at > 1 && spared < nodes[at].0 {
        at -= 1;
    }
    if whole[at] <= nodes[at].0.saturating_add(CONVINCING) {
        reading.read_strictly(data, start + at, encoding);
        return start + at;
    }
    let mut way = Vec::new();
    let mut back = at;
    while back > 0 {
        way.push((back, nodes[back].3));
        back -= nodes[back].1;
    }
    let mut steps = way.into_iter().rev().peekable();
    while let Some((mut to, is_lost)) = steps.next() {
        while let Some((next, _)) = steps.next_if(|step| step.1 == is_lost) {
            to = next;
        }
        if is_lost {
            let done = reading.done();
            let characters = (start + to - done).div_ceil(2);
            reading.lose(data, start + to, encoding.name(), characters);
        } else {
            reading.read_strictly(data, start + to, encoding);
        }
    }
    start + at
}
