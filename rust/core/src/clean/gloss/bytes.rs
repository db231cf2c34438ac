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
            if !(is_lost(text[at].wide()) && stream.put_back_lead(at)) {
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
    is_mended: bool,
}

impl<'a, T: CodeUnit> Stream<'a, T> {
    fn new(text: &'a [T], line_end: usize) -> Self {
        Stream {
            text,
            line_end,
            items: Vec::new(),
            lead: None,
            is_mended: false,
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
        self.lead = match (self.lead, item.byte()) {
            (None, byte) => byte.filter(|byte| *byte >= 0x81),
            (Some(_), _) => None,
        };
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
        let seconds = read_so.filter_map(|character| match gbk_of(character).as_deref() {
            Some(&[lead, trail]) if lead == first => Some(trail),
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

    /// Put back the first byte of a character whose second byte a full-width mark has swallowed.
    ///
    /// 。” is A1A3 A1B1; a mirror that replaces ！ A3A1 parts it, and `?！敝` is left. Behind the `?`
    /// stands a character of the row A3, and the byte lost is mostly A1 (。), but any is possible:
    /// 顆粒 C1A3. So it is weighed what follows.
    fn put_back_lead(&mut self, lost: usize) -> bool {
        let next = self.text.get(lost + 1).map_or(0, |unit| unit.wide());
        let is_row_a3 = gbk_of(next).is_some_and(|bytes| bytes.first() == Some(&0xA3));
        if !is_row_a3 || lost + 1 >= self.line_end || self.lead.is_some() {
            return false;
        }
        let before = self.previous_character();
        let mut leads: Vec<(u32, u8)> = (0x81..=0xFE)
            .filter_map(|lead| Some((lead, gbk_table().decode(lead, 0xA3)?)))
            .filter(|(_, character)| is_han(*character) || *character == 0x3002)
            .map(|(lead, character)| (likelihood::cost(before, character), lead))
            .collect();
        leads.sort_unstable();
        // Four: the right one was never further back among 400 drawn cases; each costs a look ahead.
        leads.truncate(4);
        let readable = leads
            .into_iter()
            .filter_map(|(_, lead)| Some((self.read_on(lead, lost + 1)?, lead)));
        match readable.max_by(|a, b| a.0.total_cmp(&b.0)) {
            Some((gain, byte)) if gain > MARGIN => {
                self.put(Item::PutBack { byte });
                self.is_mended = true;
                true
            }
            _ => false,
        }
    }

    fn previous_character(&self) -> u32 {
        match self.items.last() {
            Some(
                Item::First { source, .. } | Item::Second { source, .. } | Item::Other { source },
            ) => self.text[*source].wide(),
            _ => likelihood::START,
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
                _ if is_lost(code_point) => break,
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
        let before = self.previous_character();
        let now = self.text[at..end].iter().map(|unit| unit.wide());
        let gain = cost(before, now) - cost(before, read.iter().copied());
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
                    match pair.and_then(|(lead, trail)| gbk_table().decode(lead, trail)) {
                        Some(character) => change.new.push(character),
                        None => change.new.push(self.guess_trail(first, at + 2, &change)),
                    }
                    at += 2;
                }
            }
        }
        change.keep(self.line_end, context, edits);
    }

    /// The character whose second byte was lost: the likeliest, if it is so by far; else `?`.
    fn guess_trail(&self, lead: Item, next: usize, change: &Change) -> u32 {
        let lost = u32::from(b'?');
        let Some(lead) = lead.byte() else { return lost };
        let before = change.new.last().copied().unwrap_or(likelihood::START);
        let after = match self.items.get(next) {
            Some(Item::First { source, .. } | Item::Other { source }) => self.text[*source].wide(),
            _ => likelihood::START,
        };
        let mut costs: Vec<(u32, u32)> = (0x40..=0xFE)
            .filter_map(|trail| gbk_table().decode(lead, trail))
            .filter(|character| is_han(*character))
            .map(|c| (likelihood::cost(before, c) + likelihood::cost(c, after), c))
            .collect();
        costs.sort_unstable();
        match costs[..] {
            [(best, character), (second, _), ..] if second - best > MARGIN as u32 => character,
            _ => lost,
        }
    }
}

/// Two nats, in tenths: a reading must be some seven times as likely as the other.
const MARGIN: f64 = 20.0;

fn cost(before: u32, text: impl Iterator<Item = u32>) -> f64 {
    let mut last = before;
    let costs = text.map(|c| likelihood::cost(std::mem::replace(&mut last, c), c));
    costs.map(f64::from).sum()
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
