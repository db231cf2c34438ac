//! The cheapest way through the words around open characters.
//!
//! Comes in: a text, and the place of an open character. Goes out: how far its island reaches, and what
//! every open character of the island is read as. Never: an island longer than [`MOST`] characters,
//! so that time grows with the text alone; memory beyond one island.

use super::alphabet::{Alphabet, is_form_of};
use super::channel::{self, FLIP, NEVER, Place, STATES};
use super::context::Told;
use super::memo::Memo;
use super::near::{Near, Window};
use super::{Passage, Script, quick};
use crate::tables::readings::{EMPTY, LONGEST, LONGEST_PLAIN, NO_READING, UNSEEN, spread};
use crate::text::CodeUnit;
use std::ops::Range;

/// Islands of running text have 3.5 characters, and fewer than one in a million has 40; what is longer
/// is cut, and goes on as the next island.
pub(super) const MOST: usize = 64;
/// A reading that the key does not list.
const OTHER: u8 = NO_READING as u8;
const OTHER_COST: i32 = UNSEEN as i32 + 20;

/// A way that costs as much leads through a [`NEVER`]; all that context takes off are some thousands.
const UNREACHED: i32 = NEVER / 2;

/// The state of text that is Traditional only.
const TRADITIONAL: usize = 1;

/// A word that stands in an island.
#[derive(Clone, Copy, Debug)]
struct Word {
    start: u8,
    length: u8,
    /// See [`crate::tables::readings::Readings::words`].
    value: u16,
}

/// How a place was reached in a state.
#[derive(Clone, Copy, Debug, Default)]
struct Step {
    length: u8,
    /// Readings as in a word, or that of a single character.
    readings: u8,
    /// The state before the first character.
    from: u8,
}

/// The memory of an island, used again for the next.
pub(super) struct Scratch {
    pub(super) alphabet: &'static Alphabet,
    passage: Passage,
    start: usize,
    near: Window,
    /// What was decided.
    pub(super) memo: Memo,
    /// Where islands end that come before what is decided.
    pub(super) before: Memo,
    pub(super) places: Vec<Place>,
    words: Vec<Word>,
    best: [[i32; STATES]; MOST + 1],
    steps: [[Step; STATES]; MOST + 1],
    /// The end of what is weighed: plain words may cross the end of the island.
    last: usize,
    /// The state at the end of the cheapest way.
    state: usize,
    pub(super) decided: [u8; MOST],
}

impl Scratch {
    pub(super) fn new(alphabet: &'static Alphabet, passage: Passage) -> Scratch {
        Scratch {
            alphabet,
            passage,
            start: 0,
            near: Window::new(),
            memo: Memo::new(),
            before: Memo::new(),
            places: Vec::with_capacity(MOST),
            words: Vec::new(),
            best: [[0; STATES]; MOST + 1],
            steps: [[Step::default(); STATES]; MOST + 1],
            last: 0,
            state: 0,
            decided: [OTHER; MOST],
        }
    }

    /// Weigh the island of the open character at `at`, that begins at `floor` or later; answers its end.
    pub(super) fn weigh<T: CodeUnit>(
        &mut self,
        text: &[T],
        floor: usize,
        at: usize,
        mut told: Told,
    ) -> usize {
        let start = self.start_of(text, floor, at);
        let end = self.gather(text, start, at);
        self.places.clear();
        for place in self.start..self.last {
            let place = Place::of(self.alphabet, self.passage, text, place, &mut told);
            self.places.push(place);
        }
        self.solve(text);
        end
    }

    /// The cheapest way through the places and words.
    pub(super) fn solve<T: CodeUnit>(&mut self, text: &[T]) {
        match self.passage.script {
            Script::Simplified => self.search::<0, 0>([0; STATES]),
            Script::Traditional => self.search::<1, 1>([0; STATES]),
            Script::Mixed => self.search::<0, 1>(channel::edge(text[..self.start].iter().rev())),
        }
        self.trace_back(text);
    }

    /// For another passage of another text.
    pub(super) fn renew(&mut self, alphabet: &'static Alphabet, passage: Passage) {
        (self.alphabet, self.passage) = (alphabet, passage);
        self.near.forget();
        self.memo.renew(alphabet.region, passage);
        self.before.renew(alphabet.region, passage);
    }

    /// Whether every open word that covers an open character, and that a way may lead through, reads it so.
    pub(super) fn words_agree<T: CodeUnit>(&mut self, text: &[T], at: usize, reading: u8) -> bool {
        let first = quick::gap(self.alphabet, text, at.saturating_sub(LONGEST - 1), at);
        self.near.know(self.alphabet, text, first, at + 1);
        let is_open = |unit: &T| self.alphabet.number(self.alphabet.key(unit.wide())) != 0;
        // How many open characters stand between a place and this one.
        let mut between = 0;
        for place in (first..=at).rev() {
            if place < at {
                between += u32::from(is_open(&text[place]));
            }
            // No word has more open characters than a value has room for.
            if between > 3 {
                break;
            }
            let differs = |value: u16| value as u8 >> (2 * between) & 3 != reading;
            let least = (at - place + 1).max(2);
            if self.each_word(text, place, least, |length, is_open, value| {
                is_open && differs(value) && !self.is_dearer(text, place..place + length, value)
            }) {
                return false;
            }
        }
        true
    }

    /// Whether a word of Traditional text costs more than its characters one by one, so that no cheapest way leads
    /// through it: of the words that may have been converted wrongly, most. (Of those of Simplified text few, and to
    /// ask took longer than to weigh them: 20.0 ms for 2 million characters instead of 18.5.)
    #[inline(never)]
    fn is_dearer<T: CodeUnit>(&self, text: &[T], word: Range<usize>, value: u16) -> bool {
        if self.passage.script != Script::Traditional {
            return false;
        }
        let (mut more, mut readings) = (i32::from(value >> 8), value as u8);
        for at in word {
            let code = self.alphabet.key(text[at].wide());
            if self.alphabet.number(code) == 0 {
                more -= self.alphabet.table.character(code);
                continue;
            }
            let place = Place::of(self.alphabet, self.passage, text, at, &mut Told::default());
            let cost = place.costs[TRADITIONAL][usize::from(readings & 3)];
            if cost >= NEVER {
                return true;
            }
            more += cost - single(&place, TRADITIONAL).0;
            readings >>= 2;
        }
        more > 0
    }

    /// What is written at a place of the last island, if it is open.
    pub(super) fn decision(&self, at: usize) -> Option<u32> {
        let index = at - self.start;
        let place = self.places.get(index)?;
        let reading = usize::from(self.decided[index]);
        let key = place.key.filter(|_| reading < usize::from(OTHER))?;
        // What is bound and stays has its region's form.
        let is_bound = place.own != place.code && is_form_of(key, reading, place.own);
        (!is_bound).then(|| self.alphabet.written(key, reading, place.own))
    }

    /// Where the last island begins, with the plain words that reach into it.
    pub(super) fn start(&self) -> usize {
        self.start
    }

    /// Where what was weighed ends.
    pub(super) fn last(&self) -> usize {
        self.last
    }

    /// What the cheapest way through the last island costs, with what is beyond it.
    pub(super) fn cost(&self) -> i32 {
        self.best[self.places.len()][self.state]
    }

    /// The first place at which an open word begins that reaches `at`; in Traditional text, or that reaches
    /// such a place: elsewhere an open character has begun the island there already.
    fn start_of<T: CodeUnit>(&mut self, text: &[T], floor: usize, at: usize) -> usize {
        let floor = floor.max(at.saturating_sub(MOST / 2));
        let is_chain = self.passage.script == Script::Traditional;
        let mut start = at;
        loop {
            let first = start.saturating_sub(LONGEST - 1).max(floor);
            self.near.know(self.alphabet, text, first, start);
            let found = (first..start).find(|&place| {
                let least = start - place + 1;
                self.each_word(text, place, least, |_, is_open, _| is_open)
            });
            match found {
                Some(place) if is_chain => start = place,
                Some(place) => return place,
                None => return start,
            }
        }
    }

    /// Collect the words: open ones for as long as they overlap, plain ones as far as they cross the edges
    /// of that. Answers where open words end.
    fn gather<T: CodeUnit>(&mut self, text: &[T], start: usize, at: usize) -> usize {
        let mut words = std::mem::take(&mut self.words);
        words.clear();
        // The first place where a plain word begins that reaches the start.
        let first = start.saturating_sub(LONGEST_PLAIN - 1);
        self.near.know(self.alphabet, text, first, at + 1);
        let crosses = |&place: &usize| {
            let least = start - place + 1;
            self.each_word(text, place, least, |_, is_open, _| !is_open)
        };
        let first = (first..start).find(crosses).unwrap_or(start);
        let limit = first + MOST;
        let (mut end, mut last, mut place) = (at + 1, at + 1, first);
        while place < end {
            self.each_word(text, place, 2, |length, is_open, value| {
                if is_open && !self.may_read(text, place..place + length, value) {
                    return false;
                }
                if is_open && place >= start {
                    end = end.max(place + length).min(limit);
                }
                if !is_open || place >= start {
                    last = last.max(place + length).min(limit);
                    words.push(Word {
                        start: (place - first) as u8,
                        length: length as u8,
                        value,
                    });
                }
                false
            });
            place += 1;
            if place < end {
                self.near.know(self.alphabet, text, place, place + 1);
            }
        }
        (self.words, self.start, self.last) = (words, first, last.max(end));
        end
    }

    /// Every word of at least so many characters that begins at a place, and whether it has open ones, until
    /// one is what is looked for; answers whether one is.
    #[inline(always)]
    fn each_word<T: CodeUnit>(
        &self,
        text: &[T],
        at: usize,
        least: usize,
        mut word: impl FnMut(usize, bool, u16) -> bool,
    ) -> bool {
        let table = self.alphabet.table;
        let Near {
            mut hash,
            mut is_open,
            lengths,
        } = self.near.at(at);
        let mut lengths = lengths >> (least - 2) << (least - 2);
        let mut length = 2;
        while lengths != 0 {
            if lengths & 1 != 0 {
                let mut words = table.words(hash).peekable();
                let is_word = words.peek().is_some()
                    && (!is_open || self.may_be_word(&text[at..at + length]));
                if is_word && words.any(|value| word(length, is_open, value)) {
                    return true;
                }
            }
            lengths >>= 1;
            let Some(next) = text.get(at + length).filter(|_| lengths != 0) else {
                break;
            };
            let next = self.alphabet.key(next.wide());
            hash = spread(hash, next);
            is_open |= self.alphabet.number(next) != 0;
            length += 1;
        }
        false
    }

    /// Whether a text that has the hash of an open word may be one. Hashes have 32 bits, and running text
    /// meets those of other words: 出入口之衔接 has that of 岳钟琪.
    fn may_be_word<T: CodeUnit>(&self, text: &[T]) -> bool {
        let key = |unit: &T| self.alphabet.key(unit.wide());
        text.windows(2).all(|pair| {
            let hash = spread(spread(EMPTY, key(&pair[0])), key(&pair[1]));
            self.alphabet.table.may_be_inside(hash)
        })
    }

    /// Whether a word may read what it covers so: what is certain without a look at words is not theirs to change.
    /// 是里只干 has the hash of a word, all of its pairs stand in words, and yet none has this 里.
    fn may_read<T: CodeUnit>(&self, text: &[T], word: Range<usize>, value: u16) -> bool {
        let mut readings = value as u8;
        word.into_iter().all(|at| {
            let code = self.alphabet.key(text[at].wide());
            let Some(known) = self.alphabet.known_of(self.alphabet.number(code)) else {
                return true;
            };
            let is_rule = readings & 3 == known.rule;
            readings >>= 2;
            is_rule || !quick::words_keep_the_rule(self.alphabet, text, at, code)
        })
    }

    /// Best cost and last step of every prefix in the states from `FIRST` to `LAST`; of equals, the one
    /// found first.
    fn search<const FIRST: usize, const LAST: usize>(&mut self, before: [i32; STATES]) {
        let size = self.places.len();
        self.best[..=size].fill([NEVER; STATES]);
        self.best[0] = before;
        let mut words = self.words.iter().peekable();
        for (at, place) in self.places.iter().enumerate() {
            let entry = self.best[at];
            let now = flipped::<FIRST, LAST>([0, 1].map(|state| (entry[state], state as u8)));
            for (state, &(so_far, from)) in now.iter().enumerate().take(LAST + 1).skip(FIRST) {
                let (cost, reading) = match place.key {
                    None => {
                        let (cost, reading) = place.alone(state);
                        (cost + self.alphabet.table.character(place.code), reading)
                    }
                    Some(_) if FIRST == LAST || place.is_other => single(place, state),
                    Some(_) => place.alone(state),
                };
                reach(
                    &mut self.best,
                    &mut self.steps,
                    at,
                    1,
                    state,
                    so_far + cost,
                    reading,
                    from,
                );
            }
            while let Some(word) = words.next_if(|word| usize::from(word.start) == at) {
                let length = usize::from(word.length);
                let Some(covered) = self.places.get(at..at + length) else {
                    continue;
                };
                let reached = through::<FIRST, LAST>(word.value, covered, entry);
                for (state, &(cost, from)) in reached.iter().enumerate().take(LAST + 1).skip(FIRST)
                {
                    reach(
                        &mut self.best,
                        &mut self.steps,
                        at,
                        length,
                        state,
                        cost,
                        word.value as u8,
                        from,
                    );
                }
            }
        }
    }

    fn trace_back<T: CodeUnit>(&mut self, text: &[T]) {
        let mut end = self.places.len();
        let mut state = match self.passage.script {
            Script::Simplified => 0,
            Script::Traditional => 1,
            Script::Mixed => {
                let behind = channel::edge(text[self.last..].iter());
                for (cost, behind) in self.best[end].iter_mut().zip(behind) {
                    *cost += behind;
                }
                usize::from(self.best[end][1] < self.best[end][0])
            }
        };
        self.state = state;
        // No way leads through, where a place may not be what every way makes of it: there is nothing to trace.
        if self.best[end][state] >= NEVER {
            return;
        }
        while end > 0 {
            let step = self.steps[end][state];
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
            (end, state) = (start, usize::from(step.from));
        }
    }
}

/// An open character as a word of its own, where it must be something.
#[inline(always)]
fn single(place: &Place, state: usize) -> (i32, u8) {
    match place.alone(state) {
        (NEVER.., _) => (OTHER_COST, OTHER),
        listed => listed,
    }
}

type Costs = [(i32, u8); STATES];

/// The states, and where they came from, before the next character: the script may change.
#[inline(always)]
fn flipped<const FIRST: usize, const LAST: usize>(now: Costs) -> Costs {
    if FIRST == LAST {
        return now;
    }
    let mut then = now;
    for state in 0..STATES {
        let (cost, from) = now[1 - state];
        if cost + FLIP < now[state].0 {
            then[state] = (cost + FLIP, from);
        }
    }
    then
}

/// Cost of a word over the characters it covers, and the state before them; out of reach if one of them
/// cannot be what it says.
#[inline(always)]
fn through<const FIRST: usize, const LAST: usize>(
    value: u16,
    covered: &[Place],
    entry: [i32; STATES],
) -> Costs {
    let word = i32::from(value >> 8);
    let mut now = [0, 1].map(|state| (entry[state] + word, state as u8));
    let mut readings = value as u8;
    for place in covered {
        now = flipped::<FIRST, LAST>(now);
        let reading = match place.key {
            Some(_) => usize::from(readings & 3),
            None => 0,
        };
        if place.key.is_some() {
            readings >>= 2;
        }
        let each = now.iter_mut().zip(&place.costs).take(LAST + 1).skip(FIRST);
        for ((cost, _), costs) in each {
            *cost = (*cost + costs[reading]).min(NEVER);
        }
    }
    now
}

#[inline(always)]
#[allow(clippy::too_many_arguments)]
fn reach(
    best: &mut [[i32; STATES]; MOST + 1],
    steps: &mut [[Step; STATES]; MOST + 1],
    at: usize,
    length: usize,
    state: usize,
    cost: i32,
    readings: u8,
    from: u8,
) {
    let end = at + length;
    // With what context takes off, a way through a NEVER costs less than one. Of 隻发面 with 隻 as 只 it was taken, and
    // traced back for ever.
    if cost < best[end][state].min(UNREACHED) {
        best[end][state] = cost;
        steps[end][state] = Step {
            length: length as u8,
            readings,
            from,
        };
    }
}
