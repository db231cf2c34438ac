//! A line with glosses, taken back to its GBK bytes, mended there, and read again.
//!
//! In: a line of a document whose glosses are damage. Out: edits. A gloss goes only if the bytes
//! before it are a character that it is a reading of; a byte is put back only if what follows can
//! then be read, and reads better than what stands there.

use super::token::{Form, Token, is_lost};
use crate::clean::Context;
use crate::codec::{Bytes, gbk, gbk_table};
use crate::edit::{Edit, Kind};
use crate::tables::characters::{common_traditional_read_as, reading};
use crate::tables::likelihood;
use crate::text::{CodeUnit, is_cjk_mark, is_han};
use std::ops::Range;

/// The GBK bytes of a character: two, or one for ASCII.
pub fn gbk_of(code_point: u32) -> Option<Bytes> {
    gbk::encode_two(code_point)
}

pub fn undo<T: CodeUnit>(
    text: &[T],
    line: Range<usize>,
    tokens: &[Token],
    context: &Context,
    edits: &mut Vec<Edit>,
) {
    let mut stream = Stream::new(text, line.end);
    let mut tokens = tokens.iter().peekable();
    let mut at = line.start;
    while at < line.end {
        let token = tokens.next_if(|token| token.start == at);
        let undone = token.is_some_and(|token| {
            !context.protects(token.start..token.end) && stream.take_back(token)
        });
        if let (true, Some(token)) = (undone, token) {
            at = token.end;
        } else {
            if !(is_lost(text[at].wide()) && stream.put_back(at)) {
                stream.push(at);
            }
            at += 1;
        }
    }
    if stream.is_mended {
        stream.edits(line.start, context, edits);
    }
}

/// A byte of the line, or a character that GBK has no bytes for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Item {
    /// A byte that stands for itself, or the first of two.
    First {
        byte: u8,
        source: usize,
        is_alone: bool,
    },
    /// The second byte of the character at `source`.
    Second {
        byte: u8,
        source: usize,
    },
    /// A byte that was lost.
    PutBack {
        byte: u8,
    },
    Other {
        source: usize,
    },
}

impl Item {
    fn byte(self) -> Option<u8> {
        match self {
            Item::First { byte, .. } | Item::Second { byte, .. } | Item::PutBack { byte } => {
                Some(byte)
            }
            Item::Other { .. } => None,
        }
    }
}

struct Stream<'a, T> {
    text: &'a [T],
    line_end: usize,
    items: Vec<Item>,
    /// The first byte of a character whose second is still to come.
    lead: Option<u8>,
    /// The last character that the bytes so far make.
    last: u32,
    is_mended: bool,
    /// How many bytes may still be guessed: keeps hostile lines linear.
    guesses: usize,
}

impl<'a, T: CodeUnit> Stream<'a, T> {
    fn new(text: &'a [T], line_end: usize) -> Self {
        Stream {
            text,
            line_end,
            items: Vec::new(),
            lead: None,
            last: likelihood::START,
            is_mended: false,
            guesses: 64,
        }
    }

    fn push(&mut self, source: usize) {
        let bytes = gbk_of(self.text[source].wide());
        match bytes.as_deref() {
            Some(&[byte]) => self.put(Item::First {
                byte,
                source,
                is_alone: true,
            }),
            Some(&[byte, second]) => {
                self.put(Item::First {
                    byte,
                    source,
                    is_alone: false,
                });
                self.put(Item::Second {
                    byte: second,
                    source,
                });
            }
            _ => self.put(Item::Other { source }),
        }
    }

    fn put(&mut self, item: Item) {
        self.items.push(item);
        match (self.lead, item.byte()) {
            (Some(lead), Some(byte)) => {
                self.last = gbk_table().decode(lead, byte).unwrap_or(LOST);
                self.lead = None;
            }
            (None, Some(byte)) if byte >= 0x81 || byte == UNKNOWN => self.lead = Some(byte),
            (None, Some(byte)) => self.last = u32::from(byte),
            (_, None) => (self.lead, self.last) = (None, LOST),
        }
    }

    fn last_byte(&self, back: usize) -> Option<u8> {
        let at = self.items.len().checked_sub(back)?;
        self.items[at].byte()
    }

    /// Leave a gloss out, if the bytes before it are a character that is read so.
    fn take_back(&mut self, token: &Token) -> bool {
        let undone = match token.form {
            Form::Bracket => {
                let (Some(lead), Some(trail)) = (self.last_byte(2), self.last_byte(1)) else {
                    return false;
                };
                let glossed = gbk_table().decode(lead, trail);
                let known = glossed.and_then(|character| reading(character, token.syllable));
                known.is_some_and(|known| known.of_common_traditional)
            }
            Form::LostByte => self.put_back_trail(token),
        };
        self.is_mended |= undone;
        undone
    }

    /// Put back the second byte of a glossed character, which is the first of another.
    fn put_back_trail(&mut self, token: &Token) -> bool {
        let Some(first) = self.last_byte(1) else {
            return false;
        };
        let completes = self.lead.is_some();
        let read_so = common_traditional_read_as(token.syllable);
        // The decoder took it for a first byte, so it cannot be one of ASCII.
        let seconds = read_so.filter_map(|character| match gbk_of(character).as_deref() {
            Some(&[lead, trail]) if lead == first && trail >= 0x81 => Some(trail),
            _ => None,
        });
        // Behind a byte that was put back, this one may be the second of its character.
        let readable = seconds.filter_map(|byte| match completes {
            true => Some((0.0, byte)),
            false => Some((self.read_on(byte, token.end)?, byte)),
        });
        match readable.max_by(|a, b| a.0.total_cmp(&b.0)) {
            Some((_, byte)) => {
                self.put(Item::PutBack { byte });
                true
            }
            None => false,
        }
    }

    /// Put back what stood where a decoder found no character.
    fn put_back(&mut self, lost: usize) -> bool {
        if self.guesses == 0 {
            return false;
        }
        let bytes = match self.lead {
            None => self.guess_lead(lost),
            Some(lead) => self.guess_between(lead, lost),
        };
        self.is_mended |= !bytes.is_empty();
        for &byte in &bytes {
            self.put(Item::PutBack { byte });
        }
        !bytes.is_empty()
    }

    /// The first byte of a character whose second byte a full-width mark has swallowed.
    ///
    /// 。” is A1A3 A1B1; a mirror that replaces ！ A3A1 parts it, and `?！敝` is left. Behind the `?`
    /// stands a character of the row A3, and the byte lost is mostly A1 (。), but any is possible:
    /// 顆粒 C1A3. So it is weighed what follows.
    fn guess_lead(&mut self, lost: usize) -> Vec<u8> {
        let next = self.text.get(lost + 1).map_or(0, |unit| unit.wide());
        let is_row_a3 = gbk_of(next).is_some_and(|bytes| bytes.first() == Some(&0xA3));
        if !is_row_a3 || lost + 1 >= self.line_end {
            return Vec::new();
        }
        self.guesses -= 1;
        let mut leads: Vec<(u32, u8)> = (0x81..=0xFE)
            .filter_map(|lead| Some((lead, gbk_table().decode(lead, 0xA3)?)))
            .filter(|(_, character)| is_text(*character))
            .map(|(lead, character)| (likelihood::cost(self.last, character), lead))
            .collect();
        leads.sort_unstable();
        // Each costs a look ahead, and one beyond the eighth has not been the right one.
        leads.truncate(8);
        let readable = leads
            .into_iter()
            .filter_map(|(_, lead)| Some((self.read_on(lead, lost + 1)?, lead)));
        match readable.max_by(|a, b| a.0.total_cmp(&b.0)) {
            Some((gain, byte)) if gain > f64::from(MARGIN) => vec![byte],
            _ => Vec::new(),
        }
    }

    /// The bytes between a first byte and what stands behind the `?`: the second byte of a
    /// character that ended the run, or a pair that GBK has no character for, whose halves belong
    /// to two characters. Which of the two must be clear; a byte that is not is left unknown.
    fn guess_between(&mut self, lead: u8, lost: usize) -> Vec<u8> {
        self.guesses -= 1;
        let end = self.line_end.min(lost + 4);
        let ahead = self.text[lost + 1..end].iter().map(|unit| unit.wide());
        let ahead: Vec<u32> = ahead.take_while(|c| !is_lost(*c)).collect();
        let mut firsts: Vec<(u32, u32, u8)> = (0x40..=0xFE)
            .filter_map(|byte| Some((byte, gbk_table().decode(lead, byte)?)))
            .filter(|(_, character)| is_text(*character))
            .map(|(byte, character)| (likelihood::cost(self.last, character), character, byte))
            .collect();
        firsts.sort_unstable();
        let mut on_step = Vec::new();
        let stays_out = out_of_step(&ahead);
        if lost + 1 == self.line_end && lead == 0xA1 {
            // Of the marks of this row, a line ends with a stop, A1A3.
            return vec![0xA3];
        }
        for &(so_far, character, byte) in &firsts {
            on_step.push((so_far + cost(character, &ahead), [byte, UNKNOWN]));
        }
        let mut out = Vec::new();
        if let Some((first, rest)) = stays_out {
            // Sixteen: the right character was never further back; each is tried with 190 others.
            for &(so_far, character, byte) in firsts.iter().take(16) {
                let pairs = (0x81..=0xFE).filter(|second| has_no_character(byte, *second));
                out.extend(pairs.filter_map(|second| {
                    let next = gbk_table().decode(second, first).filter(|c| is_text(*c))?;
                    let cost = so_far + likelihood::cost(character, next) + cost(next, &rest);
                    Some((cost, [byte, second]))
                }));
            }
        }
        let best = |readings: &[(u32, [u8; 2])]| readings.iter().map(|(cost, _)| *cost).min();
        match (best(&on_step), best(&out)) {
            (Some(on), out) if out.is_none_or(|out| on + MARGIN < out) => {
                vec![clearest(&on_step, 0)]
            }
            (on, Some(cost)) if on.is_none_or(|on| cost + MARGIN < on) => {
                let first = clearest(&out, 0);
                out.retain(|(_, bytes)| first == UNKNOWN || bytes[0] == first);
                vec![first, clearest(&out, 1)]
            }
            _ => Vec::new(),
        }
    }

    /// Read on from `at` with a byte before it, as far as the characters stay out of step.
    ///
    /// What it gains over what stands there, in tenths of a nat; `None` if the bytes are no text:
    /// then the byte before them was another.
    fn read_on(&self, byte: u8, at: usize) -> Option<f64> {
        let (mut lead, mut read) = (byte, Vec::new());
        let (mut end, mut in_step) = (at, false);
        // Forty characters decide; the rest of a long line need not be read for each gloss.
        let limit = self.line_end.min(at + 40);
        while end < limit && !in_step {
            let code_point = self.text[end].wide();
            match gbk_of(code_point).as_deref() {
                // What was lost, or the next gloss: no bytes to read on with.
                _ if is_lost(code_point) || code_point == 0x28 => break,
                Some(&[first, second]) => {
                    read.push(gbk_table().decode(lead, first)?);
                    lead = second;
                }
                Some(&[trail]) => {
                    read.push(gbk_table().decode(lead, trail)?);
                    in_step = true;
                }
                _ => return None,
            }
            end += 1;
        }
        if end == self.line_end && !in_step {
            return None; // a first byte is left over
        }
        let now: Vec<u32> = self.text[at..end].iter().map(|unit| unit.wide()).collect();
        let gain = f64::from(cost(self.last, &now)) - f64::from(cost(self.last, &read));
        let is_text = read.iter().all(|c| is_text(*c));
        is_text.then_some(gain)
    }

    /// Read the bytes, and say where what they are differs from what stands in the text.
    fn edits(&self, line_start: usize, context: &Context, edits: &mut Vec<Edit>) {
        let mut change = Change {
            from: line_start,
            new: Vec::new(),
        };
        let mut at = 0;
        while let Some(item) = self.items.get(at) {
            let next = self.items.get(at + 1).copied();
            match (*item, next) {
                (Item::Other { source }, _)
                | (
                    Item::First {
                        source,
                        is_alone: true,
                        ..
                    },
                    _,
                ) => {
                    change.keep(source, context, edits);
                    at += 1;
                }
                (Item::First { source, .. }, Some(Item::Second { source: same, .. }))
                    if same == source =>
                {
                    change.keep(source, context, edits);
                    at += 2;
                }
                (first, second) => {
                    let second = second.and_then(Item::byte);
                    let pair = first.byte().zip(second);
                    let read = pair.and_then(|(lead, trail)| gbk_table().decode(lead, trail));
                    change.new.push(read.unwrap_or(LOST));
                    at += 2;
                }
            }
        }
        change.keep(self.line_end, context, edits);
    }
}

/// Two nats, in tenths: a reading must be some seven times as likely as the next.
const MARGIN: u32 = 20;

/// A character is clear where the next likely one is a nat behind, in tenths.
const CLEAR: u32 = 10;

/// What stays where nothing can be told.
const LOST: u32 = 0x3F;

/// A byte that was lost and cannot be told: no character has it, so what it is part of is `?`.
const UNKNOWN: u8 = 0;

/// The byte at one place of the cheapest reading, if the others are dearer by far.
fn clearest(readings: &[(u32, [u8; 2])], place: usize) -> u8 {
    let Some((cost, best)) = readings.iter().min() else {
        return UNKNOWN;
    };
    let others = readings
        .iter()
        .filter(|(_, bytes)| bytes[place] != best[place]);
    let is_clear = others
        .map(|(cost, _)| *cost)
        .min()
        .is_none_or(|next| cost + CLEAR < next);
    if is_clear { best[place] } else { UNKNOWN }
}

/// Tenths of a nat that characters cost behind another.
fn cost(before: u32, text: &[u32]) -> u32 {
    let mut last = before;
    let costs = text
        .iter()
        .map(|c| likelihood::cost(std::mem::replace(&mut last, *c), *c));
    costs.sum()
}

/// Characters read one byte on: the first byte, and what the others make.
fn out_of_step(text: &[u32]) -> Option<(u8, Vec<u32>)> {
    let (mut first, mut lead, mut read) = (None, None, Vec::new());
    for code_point in text {
        let bytes = gbk_of(*code_point)?;
        match (first, lead) {
            (None, _) => first = bytes.first().copied(),
            (Some(_), Some(lead)) => read.push(gbk_table().decode(lead, bytes[0])?),
            (Some(_), None) => break,
        }
        lead = bytes.get(1).copied();
    }
    Some((first?, read)).filter(|(_, read)| read.iter().all(|c| is_text(*c)))
}

/// Whether two bytes are a pair that decoders show as `?`: none, or private use.
fn has_no_character(first: u8, second: u8) -> bool {
    let read = gbk_table().decode(first, second);
    first >= 0x81 && read.is_none_or(|c| (0xE000..0xF900).contains(&c))
}

/// What Chinese text is made of, as far as GBK's two bytes reach.
fn is_text(code_point: u32) -> bool {
    is_han(code_point)
        || is_cjk_mark(code_point)
        || matches!(code_point, 0xB7 | 0x2010..=0x2026 | 0x3000..=0x303F | 0xFF01..=0xFFE5)
}

/// A stretch of the line that reads otherwise than it stands.
struct Change {
    /// One past the last character that stays.
    from: usize,
    new: Vec<u32>,
}

impl Change {
    /// The character at `source` stays: what lies before it and has not been kept is replaced.
    fn keep(&mut self, source: usize, context: &Context, edits: &mut Vec<Edit>) {
        let new = std::mem::take(&mut self.new);
        let range = self.from..source;
        if (!range.is_empty() || !new.is_empty()) && !context.protects(range.clone()) {
            edits.push(Edit::new(range.start, range.end, new, Kind::Gloss));
        }
        self.from = source + 1;
    }
}
