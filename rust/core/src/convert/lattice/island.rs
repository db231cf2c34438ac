//! The cheapest way through the words around open characters.
//!
//! Comes in: a text, and the place of an open character. Goes out: how far its island reaches, and what
//! every open character of the island is read as. Never: an island longer than [`MOST`] characters,
//! so that time grows with the text alone; memory beyond one island.

use super::Passage;
use super::alphabet::{Alphabet, is_form_of};
use super::context;
use crate::tables::readings::{EMPTY, Key, LONGEST, UNSEEN, spread};
use crate::text::CodeUnit;

/// Islands of running text have 3.5 characters, and fewer than one in a million has 40; what is longer
/// is cut, and goes on as the next island.
pub(super) const MOST: usize = 64;
const NEVER: i32 = i32::MAX / 4;
/// A reading that the key does not list.
const OTHER: u8 = 4;
const OTHER_COST: i32 = UNSEEN as i32 + 20;

/// A word that stands in an island.
#[derive(Clone, Copy, Debug)]
struct Word {
    start: u8,
    length: u8,
    /// See [`crate::tables::readings::Readings::words`].
    value: u16,
}

/// What one character may be read as.
#[derive(Clone, Copy, Debug)]
struct Place {
    code: u32,
    key: Option<&'static Key>,
    /// Cost of each reading in this context; [`NEVER`] for what the character cannot be.
    costs: [i32; 4],
    /// Whether it stands for its key, so that a reading is written.
    is_open: bool,
}

/// How a place was reached.
#[derive(Clone, Copy, Debug, Default)]
struct Step {
    length: u8,
    /// Readings as in a word, or that of a single character.
    readings: u8,
}

/// The memory of an island, used again for the next.
pub(super) struct Scratch {
    alphabet: &'static Alphabet,
    passage: Passage,
    start: usize,
    places: Vec<Place>,
    words: Vec<Word>,
    best: [i32; MOST + 1],
    steps: [Step; MOST + 1],
    decided: [u8; MOST],
}

impl Scratch {
    pub(super) fn new(alphabet: &'static Alphabet, passage: Passage) -> Scratch {
        Scratch {
            alphabet,
            passage,
            start: 0,
            places: Vec::with_capacity(MOST),
            words: Vec::new(),
            best: [0; MOST + 1],
            steps: [Step::default(); MOST + 1],
            decided: [OTHER; MOST],
        }
    }

    /// Weigh the island of the open character at `at`, that begins at `floor` or later; answers its end.
    pub(super) fn weigh<T: CodeUnit>(&mut self, text: &[T], floor: usize, at: usize) -> usize {
        self.start = self.start_of(text, floor, at);
        let end = self.gather(text, at);
        self.places.clear();
        for place in self.start..end {
            let place = self.place(text, place);
            self.places.push(place);
        }
        self.search();
        self.trace_back();
        end
    }

    /// What is written at a place of the last island, if it is open.
    pub(super) fn decision(&self, at: usize) -> Option<u32> {
        let index = at - self.start;
        let place = self.places.get(index).filter(|place| place.is_open)?;
        let reading = self.decided[index];
        let key = place.key.filter(|_| reading < OTHER)?;
        Some(self.alphabet.written(key, usize::from(reading), place.code))
    }

    /// Where the last island begins.
    #[cfg(test)]
    pub(super) fn start(&self) -> usize {
        self.start
    }

    /// What the cheapest way through the last island costs.
    #[cfg(test)]
    pub(super) fn cost(&self) -> i32 {
        self.best[self.places.len()]
    }

    /// The first place at which a word begins that reaches `at`.
    fn start_of<T: CodeUnit>(&self, text: &[T], floor: usize, at: usize) -> usize {
        let first = at.saturating_sub(LONGEST - 1).max(floor);
        let mut reaching = first..at;
        let found = reaching.find(|&place| {
            let mut reaches = false;
            self.each_word(text, place, at - place + 1, |_, _| reaches = true);
            reaches
        });
        found.unwrap_or(at)
    }

    /// Collect the words from the start on, for as long as they overlap; answers where that ends.
    fn gather<T: CodeUnit>(&mut self, text: &[T], at: usize) -> usize {
        let mut words = std::mem::take(&mut self.words);
        words.clear();
        let (start, limit) = (self.start, self.start + MOST);
        let (mut end, mut place) = (at + 1, start);
        while place < end {
            self.each_word(text, place, 2, |length, value| {
                end = end.max(place + length).min(limit);
                words.push(Word {
                    start: (place - start) as u8,
                    length: length as u8,
                    value,
                });
            });
            place += 1;
        }
        self.words = words;
        end
    }

    /// Every word of at least so many characters that begins at a place.
    #[inline(always)]
    fn each_word<T: CodeUnit>(
        &self,
        text: &[T],
        at: usize,
        least: usize,
        mut word: impl FnMut(usize, u16),
    ) {
        let table = self.alphabet.table;
        let Some(second) = text.get(at + 1) else {
            return;
        };
        let first = spread(EMPTY, self.alphabet.key(text[at].wide()));
        let mut hash = spread(first, self.alphabet.key(second.wide()));
        let skipped = (1_u8 << (least - 2).min(7)) - 1;
        let mut lengths = table.lengths(hash) & !skipped;
        let mut length = 2;
        while lengths != 0 {
            if lengths & 1 != 0 {
                table.words(hash).for_each(|value| word(length, value));
            }
            lengths >>= 1;
            let Some(next) = text.get(at + length) else {
                return;
            };
            hash = spread(hash, self.alphabet.key(next.wide()));
            length += 1;
        }
    }

    fn place<T: CodeUnit>(&self, text: &[T], at: usize) -> Place {
        let code = text[at].wide();
        let key_code = self.alphabet.key(code);
        let number = self.alphabet.number(key_code);
        let Some(key) = self.alphabet.open(number) else {
            return Place {
                code: key_code,
                key: None,
                costs: [NEVER; 4],
                is_open: false,
            };
        };
        let is_open = code == key_code;
        let mut costs = [NEVER; 4];
        let listed = costs.iter_mut().take(usize::from(key.count)).enumerate();
        if is_open {
            let weights =
                context::weights(self.alphabet, self.passage, text, at, number, key.contexts);
            for ((reading, cost), weight) in listed.zip(weights) {
                *cost = -weight;
                if self.passage.mixed && is_form_of(key, reading, code) {
                    *cost -= context::stay(self.alphabet, text, at);
                }
            }
        } else {
            // Bound: what is Traditional already is what it is.
            for (reading, cost) in listed {
                if is_form_of(key, reading, code) {
                    *cost = 0;
                }
            }
        }
        Place {
            code,
            key: Some(key),
            costs,
            is_open,
        }
    }

    /// Best cost and last step of every prefix; of equals, the one found first.
    fn search(&mut self) {
        let size = self.places.len();
        self.best[..=size].fill(NEVER);
        self.best[0] = 0;
        let mut words = self.words.iter().peekable();
        for (at, place) in self.places.iter().enumerate() {
            let so_far = self.best[at];
            let (single, reading) = single(self.alphabet, place);
            if so_far + single < self.best[at + 1] {
                self.best[at + 1] = so_far + single;
                self.steps[at + 1] = Step {
                    length: 1,
                    readings: reading,
                };
            }
            while let Some(word) = words.next_if(|word| usize::from(word.start) == at) {
                let end = at + usize::from(word.length);
                let Some(covered) = self.places.get(at..end) else {
                    continue;
                };
                let cost = so_far + cost_of(word.value, covered);
                if cost < self.best[end] {
                    self.best[end] = cost;
                    self.steps[end] = Step {
                        length: word.length,
                        readings: word.value as u8,
                    };
                }
            }
        }
    }

    fn trace_back(&mut self) {
        let mut end = self.places.len();
        while end > 0 {
            let step = self.steps[end];
            let start = end - usize::from(step.length);
            let mut readings = step.readings;
            for at in start..end {
                if self.places[at].key.is_some() {
                    self.decided[at] = if step.length == 1 {
                        readings
                    } else {
                        readings & 3
                    };
                    readings >>= 2;
                }
            }
            end = start;
        }
    }
}

/// Cost and reading of a character as a word of its own.
fn single(alphabet: &Alphabet, place: &Place) -> (i32, u8) {
    let Some(key) = place.key else {
        return (alphabet.table.character(place.code), OTHER);
    };
    let mut best = (NEVER, OTHER);
    for (reading, (extra, alone)) in (0..).zip(place.costs.iter().zip(key.costs)) {
        let cost = extra + i32::from(alone);
        if cost < best.0 {
            best = (cost, reading);
        }
    }
    if best.0 >= NEVER / 2 {
        (OTHER_COST, OTHER)
    } else {
        best
    }
}

/// Cost of a word over the characters it covers; out of reach if one of them cannot be what it says.
#[inline(always)]
fn cost_of(value: u16, covered: &[Place]) -> i32 {
    let mut cost = i32::from(value >> 8);
    let mut readings = value as u8;
    for place in covered {
        if place.key.is_some() {
            let extra = place.costs[usize::from(readings & 3)];
            if extra >= NEVER / 2 {
                return NEVER;
            }
            cost += extra;
            readings >>= 2;
        }
    }
    cost
}
