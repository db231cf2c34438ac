//! Tables by code point, drawn from `readings.bin` when a region is first asked for.
//!
//! Comes in: a code point. Goes out: its key, the number of its key if that is open, and what becomes
//! of it if it is not. Never: a search for what lies below U+10000.

use super::{Passage, channel, context};
use crate::tables::readings::{Key, NO_READING, Readings, readings};
use std::sync::OnceLock;

/// Whose forms are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Region {
    /// A form that is Traditional stays; what is converted is written as OpenCC's standard has it.
    Any = 0,
    /// Taiwan.
    Taiwan = 1,
    /// Hong Kong.
    HongKong = 2,
}

const SIZE: usize = 0x1_0000;
/// The bit of what Traditional text has seldom, in [`Alphabet::read`].
const SELDOM: u32 = 0x80;
pub(super) type Table<U> = Box<[U; SIZE]>;

/// What a region's passes look up.
#[derive(Debug)]
pub(super) struct Alphabet {
    pub(super) region: Region,
    pub(super) table: &'static Readings,
    /// What becomes of a code point; 0 where it is a form of an open key, or not that simple.
    pub(super) direct: Table<u16>,
    /// 1 where a character of Traditional text may become another, or is far. Of bytes, so that those of running text
    /// stay in the nearest memory.
    pub(super) may_change: Table<u8>,
    /// What becomes of a code point without regard to its neighbours, open or not; 0 where that is far.
    usual: Table<u16>,
    keys: &'static Keys,
    open: Vec<Open>,
    /// The open key of a code point, eight bits further up, and the reading that this is a form of, as it is
    /// usually written, with [`SELDOM`]'s bit; 0 where the key is not open.
    read: Table<u32>,
}

/// What is known of an open key, where its Simplified form stands, without a look at a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    /// What it is read as by itself as a rule.
    pub(super) rule: u8,
    /// What it is read as by itself, in text that is not Cantonese and in text that is; [`NO_READING`] if that
    /// hangs on its neighbours.
    pub(super) alone: [u8; 2],
    /// A bit for each reading that its Simplified form is a form of.
    pub(super) stays: u8,
    /// Its readings as the region writes them.
    pub(super) written: [u32; 4],
    /// The reading that most of it is in Cantonese.
    cantonese: u8,
}

/// What is the same for all regions.
#[derive(Debug)]
struct Keys {
    fold: Table<u16>,
    /// One more than the number of a key that is open; 0 for others.
    numbers: Table<u16>,
    /// Which reading of its key a character is a form of.
    own: Table<u8>,
    /// How strongly a key speaks for names: [`Alphabet::sound`], and two bits higher [`Alphabet::given`].
    names: Table<u8>,
}

impl Alphabet {
    /// The tables of a region.
    pub(super) fn of(region: Region) -> &'static Alphabet {
        static ALPHABETS: [OnceLock<Alphabet>; 3] = [const { OnceLock::new() }; 3];
        ALPHABETS[region as usize].get_or_init(|| Alphabet::new(region))
    }

    fn new(region: Region) -> Alphabet {
        let (table, keys) = (readings(), Keys::shared());
        let mut direct: Table<u16> = boxed(0);
        for (code, new) in (0..=u16::MAX).zip(direct.iter_mut()) {
            *new = code;
        }
        for &[from, to] in table.direct[region as usize] {
            if let Some(new) = direct.get_mut(from as usize) {
                *new = u16::try_from(to).unwrap_or(0);
            }
        }
        let usual = direct.clone();
        let mut may_change: Table<u8> = boxed(0);
        for (code, key) in (0..=u16::MAX).zip(keys.fold.iter()) {
            let at = usize::from(code);
            let is_open = keys.numbers[usize::from(*key)] != 0;
            // No more than the region's forms is written, and without a region not even these.
            let has_form = region != Region::Any && direct[at] != code;
            may_change[at] = u8::from(is_open || has_form);
            if is_open {
                direct[at] = 0;
            }
        }
        let mut alphabet = Alphabet {
            region,
            table,
            direct,
            may_change,
            usual,
            keys,
            open: Vec::new(),
            read: boxed(0),
        };
        let keys = table.keys.iter().zip(table.alone);
        alphabet.open = keys
            .zip(1..)
            .map(|((key, alone), number)| alphabet.known(key, number, *alone))
            .collect();
        let mut read: Table<u32> = boxed(0);
        for (code_point, read) in (0..).zip(read.iter_mut()) {
            let key = alphabet.key(code_point);
            if alphabet.number(key) != 0 {
                *read = key << 8 | alphabet.own_reading(channel::usual(&alphabet, code_point));
            }
        }
        for key in table.keys.iter().filter(|key| is_seldom(key)) {
            read[usize::from(key.code)] |= SELDOM;
        }
        alphabet.read = read;
        alphabet
    }

    fn known(
        &self,
        key: &Key,
        number: u16,
        [rule, everywhere, hong_kong, cantonese]: [u8; 4],
    ) -> Open {
        let code = u32::from(key.code);
        let mut written = [0; 4];
        for (reading, written) in written.iter_mut().enumerate().take(key.count.into()) {
            *written = self.written(key, reading, code);
        }
        Open {
            rule,
            alone: match self.region {
                Region::HongKong => [hong_kong, cantonese],
                _ => [everywhere; 2],
            },
            stays: forms_of(key, code),
            written,
            cantonese: context::commonest(self, key, number),
        }
    }

    /// What is known of the open key with a number.
    #[inline(always)]
    pub(super) fn known_of(&self, number: u16) -> Option<&Open> {
        self.open.get(usize::from(number).wrapping_sub(1))
    }

    /// The key that stands for a character in all its forms.
    #[inline(always)]
    pub(super) fn key(&self, code_point: u32) -> u32 {
        match self.keys.fold.get(code_point as usize) {
            Some(&key) => u32::from(key),
            None => code_point,
        }
    }

    /// One more than the number of a key that is open; 0 for any other code point.
    #[inline(always)]
    pub(super) fn number(&self, key: u32) -> u16 {
        self.keys.numbers.get(key as usize).copied().unwrap_or(0)
    }

    /// The open key with a number.
    #[inline(always)]
    pub(super) fn open(&self, number: u16) -> Option<&'static Key> {
        self.table.keys.get(usize::from(number).wrapping_sub(1))
    }

    /// Which reading of its key a character is a form of; [`NO_READING`] if none.
    #[inline(always)]
    pub(super) fn own_reading(&self, code_point: u32) -> u32 {
        let own = self.keys.own.get(code_point as usize);
        own.map_or(NO_READING, |&own| u32::from(own))
    }

    /// The open key of a code point, and which of its readings this is a form of, as it is usually written, or
    /// [`NO_READING`].
    #[inline(always)]
    pub(super) fn key_and_reading(&self, code_point: u32) -> Option<(u32, u32)> {
        let read = self.read.get(code_point as usize).copied().unwrap_or(0);
        (read != 0).then_some((read >> 8, read & (SELDOM - 1)))
    }

    /// Whether Traditional text has a character of both scripts seldom.
    #[inline(always)]
    pub(super) fn is_seldom(&self, code_point: u32) -> bool {
        let read = self.read.get(code_point as usize);
        read.is_some_and(|read| read & SELDOM != 0)
    }

    /// How strongly it speaks for a transliteration: 2, 1, or not at all.
    #[inline(always)]
    pub(super) fn sound(&self, key: u32) -> u8 {
        self.names(key) & 3
    }

    /// How strongly it speaks for a given name: from 3 down, or not at all.
    #[inline(always)]
    pub(super) fn given(&self, key: u32) -> u8 {
        self.names(key) >> 2 & 3
    }

    #[inline(always)]
    fn names(&self, key: u32) -> u8 {
        self.keys.names.get(key as usize).copied().unwrap_or(0)
    }

    /// What becomes of a character without regard to its neighbours.
    #[inline(always)]
    pub(super) fn alone(&self, code_point: u32) -> u32 {
        match self.usual.get(code_point as usize) {
            Some(&new) if new != 0 => u32::from(new),
            _ => self.searched(code_point),
        }
    }

    /// What a key usually is in a passage: in Cantonese 係, and not 系.
    pub(super) fn usual_in(&self, passage: Passage, key: u32) -> u32 {
        match self.known_of(self.number(key)) {
            Some(open) if passage.cantonese => open.written[usize::from(open.cantonese)],
            _ => self.alone(key),
        }
    }

    fn searched(&self, code_point: u32) -> u32 {
        let rows = self.table.direct[self.region as usize];
        match rows.binary_search_by_key(&code_point, |row| row[0]) {
            Ok(at) => rows[at][1],
            Err(_) => code_point,
        }
    }

    /// A reading of an open character as the region writes it; `own` is what stands there.
    pub(super) fn written(&self, key: &Key, reading: usize, own: u32) -> u32 {
        let forms = match self.region {
            Region::Any if is_form_of(key, reading, own) => return own,
            Region::Any => &key.standard,
            Region::Taiwan => &key.taiwan,
            Region::HongKong => &key.hong_kong,
        };
        u32::from(forms[reading])
    }
}

/// Whether a character is a form of a reading, in any region.
#[inline(always)]
pub(super) fn is_form_of(key: &Key, reading: usize, code_point: u32) -> bool {
    [&key.taiwan, &key.standard, &key.hong_kong]
        .iter()
        .any(|forms| u32::from(forms[reading]) == code_point)
}

/// A bit for each reading of a key that a character is a form of.
pub(super) fn forms_of(key: &Key, code_point: u32) -> u8 {
    (0..usize::from(key.count))
        .filter(|&reading| is_form_of(key, reading, code_point))
        .fold(0, |forms, reading| forms | 1 << reading)
}

/// Whether Traditional text has the Simplified form of a key seldom, see [`channel::SELDOM`].
fn is_seldom(key: &Key) -> bool {
    let costs = &key.costs[..usize::from(key.count)];
    let own = costs
        .iter()
        .zip(&key.taiwan)
        .find(|(_, form)| **form == key.code);
    let least = costs.iter().min();
    own.zip(least)
        .is_some_and(|((own, _), least)| i32::from(*own) - i32::from(*least) >= channel::SELDOM)
}

impl Keys {
    fn shared() -> &'static Keys {
        static KEYS: OnceLock<Keys> = OnceLock::new();
        KEYS.get_or_init(|| {
            let table = readings();
            let (mut fold, mut numbers, mut names) = (boxed(0), boxed(0), boxed(0));
            for (code, key) in (0..=u16::MAX).zip(fold.iter_mut()) {
                *key = code;
            }
            for &[from, to] in table.folds {
                fold[usize::from(from)] = to;
            }
            for (key, number) in table.keys.iter().zip(1..) {
                numbers[usize::from(key.code)] = number;
            }
            let mut own = boxed(NO_READING as u8);
            for key in table.keys {
                for reading in (0..usize::from(key.count)).rev() {
                    for forms in [&key.taiwan, &key.standard, &key.hong_kong] {
                        let form = forms[reading];
                        if fold[usize::from(form)] == key.code {
                            own[usize::from(form)] = reading as u8;
                        }
                    }
                }
            }
            for &[code, levels] in table.names {
                names[usize::from(code)] = levels as u8;
            }
            Keys {
                fold,
                numbers,
                own,
                names,
            }
        })
    }
}

fn boxed<U: Copy>(value: U) -> Table<U> {
    Box::new([value; SIZE])
}
