//! What words may begin at the places around an island, looked up once for each place.
//!
//! Comes in: a text, and places in it, that go on rather than back. Goes out: which lengths words have
//! that begin there. Never: a look-up again for the next island, which goes over the same places;
//! memory beyond [`SIZE`] places.

use super::alphabet::Alphabet;
use crate::tables::readings::{EMPTY, spread};
use crate::text::CodeUnit;

/// More than an island and what is looked at around it.
const SIZE: usize = 128;

/// What begins at a place.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Near {
    /// Of the keys of this character and the next.
    pub(super) hash: u32,
    /// One of the two is open.
    pub(super) is_open: bool,
    /// The lengths of words that begin with the two: bit 0 for two characters.
    pub(super) lengths: u8,
}

/// The places that are known, up to `end`.
pub(super) struct Window {
    places: [Near; SIZE],
    start: usize,
    end: usize,
}

impl Window {
    pub(super) fn new() -> Window {
        Window {
            places: [Near::default(); SIZE],
            start: 0,
            end: 0,
        }
    }

    /// Nothing is known.
    pub(super) fn forget(&mut self) {
        (self.start, self.end) = (0, 0);
    }

    /// What begins at a place that is known.
    #[inline(always)]
    pub(super) fn at(&self, at: usize) -> Near {
        self.places[at % SIZE]
    }

    /// Look at the places of a range that are not known.
    #[inline(always)]
    pub(super) fn know<T: CodeUnit>(
        &mut self,
        alphabet: &Alphabet,
        text: &[T],
        start: usize,
        end: usize,
    ) {
        if start < self.start || start > self.end {
            (self.start, self.end) = (start, start);
        }
        if end > self.end {
            self.look(alphabet, text, end);
        }
    }

    fn look<T: CodeUnit>(&mut self, alphabet: &Alphabet, text: &[T], end: usize) {
        let key = |at: usize| text.get(at).map(|unit| alphabet.key(unit.wide()));
        let mut one = key(self.end);
        for at in self.end..end {
            let two = key(at + 1);
            self.places[at % SIZE] = match (one, two) {
                (Some(one), Some(two)) => {
                    let hash = spread(spread(EMPTY, one), two);
                    Near {
                        hash,
                        is_open: alphabet.number(one) | alphabet.number(two) != 0,
                        lengths: alphabet.table.lengths(hash),
                    }
                }
                _ => Near::default(),
            };
            one = two;
        }
        self.end = end;
        self.start = self.start.max(end.saturating_sub(SIZE));
    }
}
