//! Bytes that are not known, as sets.
//!
//! In: the wrong encoding, and what stands behind a mark. Out: which bytes the mark may stand for.
//! An encoding replaces just those bytes that it has no character for, so the byte behind a mark
//! tells much about the one in it: of 64 continuation bytes, GBK drops ten before most leads.

use super::super::chains::Wrong;
use crate::codec::{StepEncoding, big5_unicode, euc_kr, gbk_table, shift_jis};
use crate::tables::likelihood;
use std::sync::OnceLock;

/// A known byte, or 256 and the number of a set.
pub(super) type Slot = u16;

/// A character of the basic plane, and its two bytes.
pub(super) type Lost = (u16, [u8; 2]);

/// Bytes that a mark, or nothing, stands for.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    pub(super) slots: [Slot; 2],
    pub(super) length: usize,
    pub(super) cost: u32,
}

/// Tenths of a nat for two bytes under one mark: Windows and the web take the second along.
const BOTH: u32 = 10;
/// For a byte that should have been read with what stands behind the mark: a `?` may have eaten
/// what stood between.
const EATEN: u32 = 60;
/// For characters that are gone without a mark.
const STRIPPED: u32 = 45;
/// The same at an end, where a half character is cut off.
const CUT: u32 = 35;

/// A set of bytes: in order, and a bit for each.
struct Set {
    members: Vec<u8>,
    bits: [u64; 4],
}

pub(super) struct Slots {
    wrong: Wrong,
    sets: Vec<Set>,
    /// For every byte behind a mark, and for none (256), the set of what the mark may be.
    marks: [Slot; 257],
    any: Slot,
    pairs: Vec<[Slot; 2]>,
    /// Bytes of a one-byte encoding that are nothing to see.
    unseen: Slot,
}

impl Slots {
    pub(super) fn new(text: &[u32], wrong: Wrong) -> Slots {
        let mut slots = Slots {
            wrong,
            sets: Vec::new(),
            marks: [0; 257],
            any: 0,
            pairs: Vec::new(),
            unseen: 0,
        };
        slots.any = slots.add((0x80..=0xFF).collect());
        let pairs: &[[std::ops::RangeInclusive<u8>; 2]] = match wrong {
            // Private use in Windows' cp936, undefined elsewhere.
            Wrong::Gbk => &[
                [0xAA..=0xAF, 0xA1..=0xFE],
                [0xA1..=0xA7, 0x80..=0xA0],
                [0xF8..=0xFE, 0xA1..=0xFE],
            ],
            // Second bytes that Big5 never has, and rows that are private use in cp950.
            Wrong::Big5 => &[
                [0x81..=0xFE, 0x80..=0xA0],
                [0x81..=0xA0, 0xA1..=0xFE],
                [0xFA..=0xFE, 0xA1..=0xFE],
            ],
            Wrong::ShiftJis => &[[0x85..=0x87, 0x80..=0xFC], [0xEB..=0xFC, 0x80..=0xFC]],
            Wrong::EucKr => &[[0x81..=0xFE, 0x80..=0xA0]],
            Wrong::Single(_) => &[],
        };
        for [first, second] in pairs {
            let pair = [
                slots.add(first.clone().collect()),
                slots.add(second.clone().collect()),
            ];
            slots.pairs.push(pair);
        }
        if let Wrong::Single(single) = wrong {
            // A text that shows what cp1252 has in place of the controls was read as cp1252, where
            // only five bytes are controls; otherwise as latin-1, where all of 80 to 9F are.
            let shows = text.iter().any(|&character| {
                character > 0xFF && single.encode(character).is_some_and(|byte| byte < 0xA0)
            });
            let is_unseen = |byte: &u8| match single.decode(*byte) {
                None | Some(0x80..=0xA0 | 0xAD) => true,
                Some(_) => !shows && single.name == "cp1252" && *byte < 0xA0,
            };
            slots.unseen = slots.add((0x80..=0xFF).filter(is_unseen).collect());
        }
        slots
    }

    fn add(&mut self, members: Vec<u8>) -> Slot {
        let mut bits = [0; 4];
        for byte in &members {
            bits[usize::from(byte >> 6)] |= 1_u64 << (byte & 63);
        }
        self.sets.push(Set { members, bits });
        (0xFF + self.sets.len()) as Slot
    }

    /// The bytes that a slot may be.
    pub(super) fn members(&self, slot: Slot) -> &[u8] {
        static ALL: [u8; 256] = {
            let mut all = [0; 256];
            let mut at = 0;
            while at < 256 {
                all[at] = at as u8;
                at += 1;
            }
            all
        };
        match slot.checked_sub(0x100) {
            None => &ALL[slot as usize..=slot as usize],
            Some(number) => &self.sets[number as usize].members,
        }
    }

    /// Whether a slot may be a byte.
    #[inline]
    pub(super) fn holds(&self, slot: Slot, byte: u8) -> bool {
        match slot.checked_sub(0x100) {
            None => slot == Slot::from(byte),
            Some(number) => {
                self.sets[number as usize].bits[usize::from(byte >> 6)] >> (byte & 63) & 1 != 0
            }
        }
    }

    /// Whether a slot may be a byte of the range.
    fn may_be(&self, slot: Slot, range: std::ops::RangeInclusive<u8>) -> bool {
        match u8::try_from(slot) {
            Ok(byte) => range.contains(&byte),
            Err(_) => self.members(slot).iter().any(|byte| range.contains(byte)),
        }
    }

    /// What a mark may stand for, before a known byte (`Some(Some(_))`), something that has no bytes
    /// (`Some(None)`), or the end.
    pub(super) fn marked(&mut self, behind: Option<Option<u8>>, is_question: bool) -> Vec<Reading> {
        let mut readings = Vec::with_capacity(2 + self.pairs.len());
        let expected = self.before(behind.flatten());
        readings.push(one(expected, 0));
        if expected != self.any && is_question && !matches!(self.wrong, Wrong::Single(_)) {
            readings.push(one(self.any, EATEN));
        }
        readings.extend(self.pairs.iter().map(|pair| both(*pair, BOTH)));
        readings
    }

    /// What may be gone without a mark.
    pub(super) fn stripped(&mut self, behind: Option<u8>) -> Vec<Reading> {
        let mut readings: Vec<Reading> = match self.wrong {
            Wrong::Single(_) => vec![one(self.unseen, STRIPPED)],
            Wrong::Gbk => self
                .pairs
                .iter()
                .map(|pair| both(*pair, STRIPPED))
                .collect(),
            _ => Vec::new(),
        };
        // Half a character, cut off at the end or dropped by a reader that ignores errors.
        if !matches!(self.wrong, Wrong::Single(_)) {
            let is_end = behind.is_none_or(|behind| behind < 0x80);
            let half = if is_end {
                self.any
            } else {
                self.before(behind)
            };
            readings.push(one(half, if is_end { CUT } else { STRIPPED }));
        }
        readings
    }

    /// How many characters may be gone from one place.
    pub(super) fn stripped_in_a_row(&self) -> usize {
        match self.wrong {
            Wrong::Single(_) => 2,
            _ => 1,
        }
    }

    /// Whether two bytes may be what two slots in a row stand for: had the wrong encoding a character
    /// for the two, it would not have lost them.
    pub(super) fn may_be_lost(&self, first: Slot, second: Slot, bytes: [u8; 2]) -> bool {
        first <= 0xFF || second <= 0xFF || {
            let is_single = matches!(self.wrong, Wrong::Single(_));
            is_single || !has_pair(self.wrong, bytes[0], bytes[1])
        }
    }

    /// Every character of two bytes that the wrong encoding may have lost both of, as `read` reads
    /// them, the commonest first. Kept for good: there are 24,000 pairs to look at.
    pub(super) fn lost_together(
        &self,
        right: StepEncoding,
        read: impl Fn([u8; 2]) -> Option<u16>,
    ) -> &'static [Lost] {
        static KEPT: [[OnceLock<Vec<Lost>>; 2]; 5] = [const { [const { OnceLock::new() }; 2] }; 5];
        let wrong = match self.wrong {
            Wrong::Gbk => 0,
            Wrong::Big5 => 1,
            Wrong::ShiftJis => 2,
            Wrong::EucKr => 3,
            Wrong::Single(_) => 4,
        };
        let is_big5 = matches!(right, StepEncoding::Big5);
        KEPT[wrong][usize::from(is_big5)].get_or_init(|| {
            let pairs = (0x81..=0xFE_u8)
                .flat_map(|first| (0x80..=0xFE_u8).map(move |second| [first, second]));
            let lost = pairs.filter(|[first, second]| !has_pair(self.wrong, *first, *second));
            let found = lost.filter_map(|bytes| Some((read(bytes)?, bytes)));
            let mut found: Vec<Lost> = found.collect();
            found.sort_by_key(|(character, _)| likelihood::alone(u32::from(*character)));
            found
        })
    }

    /// The set of bytes that the wrong encoding has no character for, before another byte.
    fn before(&mut self, behind: Option<u8>) -> Slot {
        let key = behind.map_or(256, usize::from);
        if self.marks[key] == 0 {
            self.marks[key] = match (self.wrong, behind) {
                (Wrong::Single(_), _) => self.unseen,
                (_, None | Some(0..=0x3F)) => self.any,
                (wrong, Some(behind)) => {
                    let lacks = (0x80..=0xFF)
                        .filter(|byte| !has_pair(wrong, *byte, behind))
                        .collect();
                    self.add(lacks)
                }
            };
        }
        self.marks[key]
    }

    /// How many bytes a character takes that begins so; `None` if none does.
    #[inline]
    pub(super) fn needed(&self, first: Slot, right: StepEncoding) -> Option<u8> {
        if first < 0x80 {
            return Some(1);
        }
        match right {
            StepEncoding::Utf8 => match first {
                0xC2..=0xDF => Some(2),
                0xE0..=0xEF => Some(3),
                0xF0..=0xF4 => Some(4),
                // An unknown lead is one of three bytes: so is nearly all of Chinese.
                0x100.. if self.may_be(first, 0xE2..=0xEF) => Some(3),
                _ => None,
            },
            _ => self.may_be(first, 0x81..=0xFE).then_some(2),
        }
    }

    /// The same, when one more byte is known; GB 18030 tells four bytes by the second.
    #[inline]
    pub(super) fn continued(
        &self,
        held: u8,
        needed: u8,
        slot: Slot,
        right: StepEncoding,
    ) -> Option<u8> {
        let is_gb18030 = matches!(right, StepEncoding::Gb18030);
        match right {
            StepEncoding::Utf8 => self.may_be(slot, 0x80..=0xBF).then_some(needed),
            _ if is_gb18030 && held == 1 && matches!(slot, 0x30..=0x39) => Some(4),
            _ if needed == 4 => (slot <= 0xFF).then_some(4),
            _ => self.may_be(slot, 0x40..=0xFE).then_some(needed),
        }
    }
}

fn one(slot: Slot, cost: u32) -> Reading {
    Reading {
        slots: [slot, 0],
        length: 1,
        cost,
    }
}

fn both(slots: [Slot; 2], cost: u32) -> Reading {
    Reading {
        slots,
        length: 2,
        cost,
    }
}

/// Whether every implementation of the encoding reads the two bytes as a character.
fn has_pair(wrong: Wrong, lead: u8, trail: u8) -> bool {
    match wrong {
        Wrong::Single(_) => true,
        Wrong::Gbk => {
            // What GB 18030 added since: vertical marks (A6DB is 自 in Big5), description characters,
            // ideographs of Extension A; older implementations lack them.
            let is_new = matches!(
                (lead, trail),
                (0xA2, 0xE3)
                    | (0xA6, 0xD9..=0xDF | 0xEC..=0xED | 0xF3)
                    | (0xA8, 0xBC | 0xBF)
                    | (0xA9, 0x89..=0x95)
                    | (0xFE, 0x50..=0xA0)
            );
            let read = gbk_table().decode(lead, trail).filter(|_| !is_new);
            read.is_some_and(|character| !(0xE000..=0xF8FF).contains(&character))
        }
        Wrong::Big5 => {
            // ETEN's and HKSCS' rows are in some only, and so are the web's pictures of controls
            // (A3C0 to A3E0): 。 before 他 lost its second byte to them.
            let is_plain = match lead {
                0xA3 => trail < 0xC0,
                0xC6 => trail < 0x80,
                0xF9 => trail < 0xD6,
                _ => matches!(lead, 0xA1..=0xC5 | 0xC9..=0xF8),
            };
            is_plain && big5_unicode().decode(lead, trail).is_some()
        }
        Wrong::ShiftJis => matches!(lead, 0xA1..=0xDF) || shift_jis().decode(lead, trail).is_some(),
        Wrong::EucKr => euc_kr().decode(lead, trail).is_some(),
    }
}
