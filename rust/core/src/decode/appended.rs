//! UTF-16 behind text of another encoding: what a shell of Windows appends to a file with `>>`.
//!
//! In: bytes, and where a line may begin. Out: where lines of UTF-16 begin and end. Never takes for one what is text as
//! it stands, nor what makes little sense. No mark tells of them: only that their line ends have two bytes.

use super::candidates::price;
use crate::codec::{Step, StepEncoding, utf8};
use crate::tables::likelihood;
use memchr::memmem;

/// Bytes of such a line at the most: what is not plain waits for so many.
pub(super) const LONGEST: usize = 2048;
/// What the shells of Windows write: the low byte first.
pub(super) const ENCODING: StepEncoding = StepEncoding::Utf16(false);

const LINE_END: &[u8] = b"\n\0";
/// Tenths of a nat that a character costs at the most: pairs of other encodings' bytes cost 110 and more.
const FLUENT: u32 = 90;
/// Reading on is of no use when it costs so much more than that.
const HOPELESS: u32 = 400;
/// Characters of such a line, and of one that the end of the bytes ends.
const FEW: usize = 2;
const FEW_WITHOUT_END: usize = 4;

/// What stands at some place.
pub(super) enum Line {
    Other,
    /// What comes next decides.
    Unknown,
    /// A line of UTF-16, up to there.
    Wide(usize),
}

/// The line that begins at a place.
pub(super) fn line(data: &[u8], at: usize, is_end: bool) -> Line {
    let near = &data[at..data.len().min(at + LONGEST)];
    let is_line_end = |pair: &[u8]| pair == LINE_END;
    match near.chunks_exact(2).position(is_line_end) {
        Some(pairs) if is_wide(&near[..2 * pairs], FEW) => Line::Wide(at + 2 * pairs + 2),
        None if near.len() < LONGEST && !is_end => Line::Unknown,
        None if near.len() < LONGEST && is_wide(near, FEW_WITHOUT_END) => Line::Wide(data.len()),
        _ => Line::Other,
    }
}

/// Where the first line of UTF-16 begins behind something else.
pub(super) fn begins(data: &[u8]) -> Option<usize> {
    let mut from = 0;
    for end in memmem::find_iter(data, LINE_END) {
        // No line of UTF-16 holds a line end, but some of its characters have such a byte (上).
        let near = from.max(end.saturating_sub(LONGEST));
        let behind = memchr::memchr_iter(b'\n', &data[near..end]).map(|at| near + at + 1);
        let first = (near == from).then_some(from);
        let mut starts = first.into_iter().chain(behind);
        let is_begun =
            |start: &usize| (end - start).is_multiple_of(2) && is_wide(&data[*start..end], FEW);
        if let Some(start) = starts.find(is_begun) {
            return (start > 0).then_some(start);
        }
        from = end + LINE_END.len();
    }
    None
}

/// Whether a line without its end is text in UTF-16, and none otherwise.
fn is_wide(line: &[u8], few: usize) -> bool {
    if line == b"\r\0" {
        return true;
    }
    // ASCII with its line ends is ASCII, though a rule of slashes costs nothing in any encoding.
    let is_control = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
    if !line.len().is_multiple_of(2) || (!line.iter().any(is_control) && utf8::is_valid(line)) {
        return false;
    }
    let (mut at, mut last, mut cost, mut count) = (0, [likelihood::START; 2], 0, 0);
    while at < line.len() {
        let Step::Character(character, length) = ENCODING.step(&line[at..]) else {
            return false;
        };
        cost += price(last, character);
        last = [last[1], character];
        count += 1;
        at += length;
        if cost > FLUENT * count + HOPELESS {
            return false;
        }
    }
    count as usize >= few && cost <= FLUENT * count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn lines_of_utf_16_begin_behind_what_is_none() {
        let head = "第一行，服务已启动。\n".as_bytes();
        let data = [head, &wide("在上海的服务已停止。\r\n")].concat();
        assert_eq!(begins(&data), Some(head.len()));
        assert!(matches!(line(&data, head.len(), true), Line::Wide(end) if end == data.len()));
        assert!(matches!(line(&data, head.len(), false), Line::Wide(_)));
        assert!(matches!(
            line(&data[..data.len() - 2], head.len(), false),
            Line::Unknown
        ));
    }

    #[test]
    fn text_that_is_utf_16_throughout_begins_nowhere() {
        assert_eq!(
            begins(&wide("在上海的服务已停止。\r\n第二行上还有字。\r\n")),
            None
        );
        assert_eq!(begins(b"plain text\n\0and a zero\n\0"), None);
    }
}
