//! What a character may have been of which some bytes are known.
//!
//! In: a pattern of known bytes and sets. Out: the characters it leaves possible. Never lists what
//! nobody writes.

use super::slots::{Slot, Slots};
use crate::codec::{Step, StepEncoding};
use crate::tables::{likelihood, scripts};
use std::collections::HashMap;
use std::sync::LazyLock;

/// Tenths of a nat by itself: what costs more is not guessed. Six thousand ideographs cost less.
const COMMON: u32 = 128;
/// Patterns with two unknown bytes list only as many.
const MOST: usize = 400;
/// Where no byte is left, only the commonest come up to what such a guess must.
const MOST_GONE: usize = 250;

/// Everything of the basic plane that may be guessed, in order.
static KNOWN: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let is_written = |code_point: &u16| {
        matches!(u32::from(*code_point), 0xB7 | 0x2014..=0x2026 | 0x3001..=0x301F | 0x3105..=0x3129
            | 0x4E00..=0x9FA5 | 0xFF01..=0xFF5E)
            && likelihood::alone(u32::from(*code_point)) < COMMON
    };
    (0x80..=0xFFFF).filter(is_written).collect()
});

/// Tenths of a nat for a guess of the other script, by how many characters more are of the first.
const OTHER_SCRIPT: [u32; 4] = [0, 25, 40, 50];

/// A character, and what it costs besides its likelihood.
pub(super) type Possible = (u32, u32);

/// Whether a character may be guessed at all.
#[cfg(test)]
pub(super) fn is_known(character: u32) -> bool {
    u16::try_from(character).is_ok_and(|character| KNOWN.binary_search(&character).is_ok())
}

/// Lists of possible characters, by pattern.
#[derive(Default)]
pub(super) struct Guesses {
    pool: Vec<Possible>,
    /// Flags of the script that the rest of the text is not written in, and what having one costs.
    pub(super) other_script: (u8, u32),
    places: HashMap<[Slot; 4], (u32, u32)>,
}

impl Guesses {
    /// Guesses beside characters of which so many belong to one script only.
    pub(super) fn beside(told: &scripts::Counts) -> Guesses {
        let (most, flag) = match told.simplified > told.traditional {
            true => (told.simplified - told.traditional, scripts::TRADITIONAL),
            false => (told.traditional - told.simplified, scripts::SIMPLIFIED),
        };
        Guesses {
            other_script: (flag, OTHER_SCRIPT[most.min(OTHER_SCRIPT.len() - 1)]),
            ..Guesses::default()
        }
    }

    /// The characters that a pattern leaves possible.
    pub(super) fn of(
        &mut self,
        pattern: [Slot; 4],
        length: usize,
        right: StepEncoding,
        slots: &Slots,
    ) -> &[Possible] {
        let (start, end) = self.place(pattern, length, right, slots);
        &self.pool[start as usize..end as usize]
    }

    /// The same, of a pattern that has been asked for.
    pub(super) fn again(&self, pattern: [Slot; 4]) -> &[Possible] {
        let (start, end) = self.places.get(&pattern).copied().unwrap_or_default();
        &self.pool[start as usize..end as usize]
    }

    fn place(
        &mut self,
        pattern: [Slot; 4],
        length: usize,
        right: StepEncoding,
        slots: &Slots,
    ) -> (u32, u32) {
        match self.places.get(&pattern) {
            Some(&place) => place,
            None => {
                let start = self.pool.len() as u32;
                let mut found = match right {
                    StepEncoding::Utf8 => utf8(&pattern[..length], slots),
                    _ => pairs(&pattern[..length], right, slots),
                };
                if found.len() > MOST {
                    found.sort_by_cached_key(|character| likelihood::alone(*character));
                    found.truncate(MOST);
                }
                let (flag, price) = self.other_script;
                self.pool.extend(found.into_iter().map(|character| {
                    let is_other = scripts::flags(character) & flag != 0;
                    (character, if is_other { price } else { 0 })
                }));
                let place = (start, self.pool.len() as u32);
                self.places.insert(pattern, place);
                place
            }
        }
    }
}

fn utf8(pattern: &[Slot], slots: &Slots) -> Vec<u32> {
    let [lead, first, second] = pattern else {
        // Two and four bytes: what Chinese hardly has.
        return Vec::new();
    };
    let mut found = Vec::new();
    for &lead in slots
        .members(*lead)
        .iter()
        .filter(|lead| (0xE2..=0xEF).contains(*lead))
    {
        let low = (u32::from(lead) & 0xF) << 12;
        let range = match u8::try_from(*first) {
            Ok(byte) => {
                low + ((u32::from(byte) & 0x3F) << 6)..low + ((u32::from(byte) & 0x3F) << 6) + 0x40
            }
            Err(_) => low..low + 0x1000,
        };
        let from = KNOWN.partition_point(|character| u32::from(*character) < range.start);
        for &character in KNOWN[from..]
            .iter()
            .take_while(|character| u32::from(**character) < range.end)
        {
            let character = u32::from(character);
            let middle = 0x80 | (character >> 6 & 0x3F) as u8;
            let last = 0x80 | (character & 0x3F) as u8;
            if slots.holds(*first, middle)
                && slots.holds(*second, last)
                && slots.may_be_lost(*first, *second, [middle, last])
            {
                found.push(character);
            }
        }
    }
    found
}

fn pairs(pattern: &[Slot], right: StepEncoding, slots: &Slots) -> Vec<u32> {
    let [lead, trail] = pattern else {
        return Vec::new();
    };
    if *lead > 0xFF && *trail > 0xFF {
        return both_lost(*lead, *trail, right, slots);
    }
    let mut found = Vec::new();
    for &lead in slots.members(*lead) {
        for &trail in slots.members(*trail) {
            if let Step::Character(character, 2) = right.step(&[lead, trail])
                && character <= 0xFFFF
                && KNOWN.binary_search(&(character as u16)).is_ok()
            {
                found.push(character);
            }
        }
    }
    found
}

/// The characters both bytes of which may be lost.
fn both_lost(lead: Slot, trail: Slot, right: StepEncoding, slots: &Slots) -> Vec<u32> {
    let may = |slot: Slot| {
        let mut may = [false; 256];
        for &byte in slots.members(slot) {
            may[byte as usize] = true;
        }
        may
    };
    let (leads, trails) = (may(lead), may(trail));
    let all = slots.lost_together(right, |bytes| match right.step(&bytes) {
        Step::Character(character, 2) => {
            let character = u16::try_from(character).ok()?;
            KNOWN.binary_search(&character).is_ok().then_some(character)
        }
        _ => None,
    });
    all.iter()
        .filter(|(_, [lead, trail])| leads[*lead as usize] && trails[*trail as usize])
        .map(|(character, _)| u32::from(*character))
        .take(MOST_GONE)
        .collect()
}
