//! How a character came to stand where it stands: the channel that the lattice reads a text through.
//!
//! Comes in: a text, and a place in it. Goes out: for every reading of the character, what it costs that
//! it was written so in Simplified, and in Traditional. Never: a reading that would have been written in
//! another way, except as a word that was converted wrongly (皇後), or not at all (終于).
//!
//! In text of one script, every character is read in that one. In mixed text there are two states, and
//! going from one to the other costs [`FLIP`]: what stands among Traditional characters rather is one.

use super::alphabet::{Alphabet, is_form_of};
use super::context::Told;
use super::{Passage, Script};
use crate::tables::likelihood;
use crate::tables::readings::{EMPTY, Key, NO_READING, spread};
use crate::tables::scripts::{self, FORM, SIMPLIFIED, TRADITIONAL};
use crate::text::CodeUnit;

pub(super) const NEVER: i32 = i32::MAX / 4;
/// Simplified, Traditional.
pub(super) const STATES: usize = 2;
/// That the script changes between two characters: one place in nine, in mixtures of stretches of one
/// to eight characters, against eight in nine.
pub(super) const FLIP: i32 = 21;
/// The same at a distance of 1, 2, 3 … characters, over which it may change back.
const FLIP_AT: [i32; 14] = [21, 14, 10, 8, 6, 5, 4, 3, 2, 2, 1, 1, 1, 1];
/// How far the nearest character that tells the script is looked for.
pub(super) const FAR: usize = FLIP_AT.len();
/// That a Traditional character in a Traditional text stands for another: 皇後. At 80 an eighth fewer of
/// the characters that an author wrote are changed, but 乾部 and 三公裡 stay as they are.
const WRONG: i32 = 60;
/// That a character of both scripts was left in Simplified in a Traditional text: 終于. At 45 公司制造汽車
/// stays as it is, and at 28 采蓮 and 中游戲院 do not.
const LEFT_OVER: i32 = 35;
/// Tenths of a nat by which a character of both scripts must be rarer, by itself and as what it is in Traditional text,
/// than the commonest that it stands for in Simplified, to be put right where no word says so: 种 is by 90, 胜 by 65.
/// 么 is by 60, 几 by 57 and 涌 by 54, and stand in 么喝, 几上 (on a low table) and places of Hong Kong; 后 and 于 are
/// by 42 and 里 by 18, and names have them (`docs/decisions/left-over.md`).
pub(super) const SELDOM: i32 = 62;
/// Both are less by half of what the right character costs less between its neighbours, and by so much at
/// most. What is left must be more than nothing, so that what was decided once is decided again.
const COMPANY: i32 = 25;

/// What one character may be read as.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Its key.
    pub(super) code: u32,
    pub(super) key: Option<&'static Key>,
    /// Cost of each reading in either state; [`NEVER`] for what the character cannot be. Of a
    /// character that is not open, the first is that of the state.
    pub(super) costs: [[i32; 4]; STATES],
    /// By state, a bit for every reading that only a word may give it.
    pub(super) within: [u8; STATES],
    /// It is a form that its key does not list, and stays.
    pub(super) is_other: bool,
    /// What stands there; of an open key, the usual variant.
    pub(super) own: u32,
}

impl Place {
    pub(super) fn of<T: CodeUnit>(
        alphabet: &Alphabet,
        passage: Passage,
        text: &[T],
        at: usize,
        told: &mut Told,
    ) -> Place {
        let code = alphabet.key(text[at].wide());
        let number = alphabet.number(code);
        let mut place = Place {
            code,
            key: alphabet.open(number),
            costs: [[0; 4]; STATES],
            within: [0; STATES],
            is_other: false,
            own: text[at].wide(),
        };
        let flags = match passage.script {
            Script::Mixed => scripts::flags(text[at].wide()),
            _ => 0,
        };
        let never = [
            flags & (TRADITIONAL | FORM) == TRADITIONAL,
            flags & SIMPLIFIED != 0,
        ];
        let Some(key) = place.key else {
            place.costs = never.map(|never| [if never { NEVER } else { 0 }; 4]);
            return place;
        };
        let own = usual(alphabet, text[at].wide());
        place.own = own;
        let weights = told.weights(alphabet, passage, text, at, number, key.contexts);
        let is_key = own == code;
        // What was left in Simplified is Simplified, but where all else is Traditional.
        let may_be_wrong =
            (!is_key || passage.script != Script::Simplified) && is_suspect(alphabet, text, at);
        let [no_hans, no_hant] = never;
        // 覆写, 一座座, 王丙乾: what Simplified text has beside its key stands for nothing else there.
        let is_settled_in_hans = !is_key && scripts::flags(own) & TRADITIONAL == 0;
        place.is_other = alphabet.own_reading(own) == NO_READING && !is_key;
        let own_company = match alphabet.own_reading(own) {
            _ if !may_be_wrong => 0,
            NO_READING => company(alphabet, passage, text, at, own),
            reading => company(
                alphabet,
                passage,
                text,
                at,
                u32::from(key.taiwan[reading as usize]),
            ),
        };
        for (reading, &weight) in weights.iter().enumerate() {
            let listed = reading < usize::from(key.count);
            let stays = listed && is_form_of(key, reading, own);
            let may_be = listed && !place.is_other && (stays || may_be_wrong);
            let moved = if stays || !may_be {
                0
            } else {
                let prior = if is_key { LEFT_OVER } else { WRONG };
                let company = company(alphabet, passage, text, at, u32::from(key.taiwan[reading]));
                prior + ((company - own_company) / 2).max(-COMPANY)
            };
            let cost = if may_be { moved - weight } else { NEVER };
            place.costs[1][reading] = if no_hant { NEVER } else { cost };
            // A Traditional character in a Simplified text is what it is there as well.
            place.costs[0][reading] = match (no_hans, listed && is_key) {
                (true, _) => NEVER,
                _ if is_settled_in_hans && !stays => NEVER,
                (_, true) => -weight,
                _ => cost,
            };
            if !stays {
                place.within = [
                    place.within[0] | u8::from(!is_key) << reading,
                    place.within[1] | u8::from(!alphabet.is_seldom(own)) << reading,
                ];
            }
        }
        place
    }

    /// The cheapest reading of the character as a word of its own, in a state.
    pub(super) fn alone(&self, state: usize) -> (i32, u8) {
        let Some(key) = self.key else {
            return (self.costs[state][0], NO_READING as u8);
        };
        let mut best = (NEVER, NO_READING as u8);
        for reading in 0..4 {
            let cost = self.costs[state][reading] + i32::from(key.costs[reading]);
            if cost < best.0 && self.within[state] >> reading & 1 == 0 {
                best = (cost, reading as u8);
            }
        }
        best
    }
}

/// A character, or the usual one for a variant that its key does not list (麺 for 麵).
#[inline(always)]
pub(super) fn usual(alphabet: &Alphabet, code_point: u32) -> u32 {
    if alphabet.own_reading(code_point) == NO_READING && alphabet.key(code_point) != code_point {
        alphabet.alone(code_point)
    } else {
        code_point
    }
}

/// What a character costs between its neighbours, as these usually are: by their keys, so that it costs the
/// same once they are converted.
fn company<T: CodeUnit>(
    alphabet: &Alphabet,
    passage: Passage,
    text: &[T],
    at: usize,
    code_point: u32,
) -> i32 {
    let usual = |unit: &T| alphabet.usual_in(passage, alphabet.key(unit.wide()));
    let written = |unit: Option<&T>| unit.map_or(likelihood::START, usual);
    let before = written(at.checked_sub(1).and_then(|before| text.get(before)));
    let behind = written(text.get(at + 1));
    (likelihood::cost(before, code_point) + likelihood::cost(code_point, behind)) as i32
}

/// Whether a character, as it stands beside its neighbours, may be part of a word that was converted
/// wrongly or not at all, or is one that Traditional text has seldom.
#[inline(always)]
pub(super) fn is_suspect<T: CodeUnit>(alphabet: &Alphabet, text: &[T], at: usize) -> bool {
    let Some((key, own)) = alphabet.key_and_reading(text[at].wide()) else {
        return false;
    };
    if alphabet.is_seldom(text[at].wide()) {
        return true;
    }
    let asks = |neighbour: &T, side: u32| {
        let beside = spread(EMPTY, alphabet.key(neighbour.wide()));
        let hash = spread(spread(beside, key), own << 1 | side);
        alphabet.table.may_be_wrong(hash)
    };
    let before = at.checked_sub(1).and_then(|before| text.get(before));
    // Both are asked: which of them says so is seldom foreseen.
    before.is_some_and(|unit| asks(unit, 0)) | text.get(at + 1).is_some_and(|unit| asks(unit, 1))
}

/// What the states cost at the edge of an island, by the characters beyond it: the nearest that tells
/// the script.
pub(super) fn edge<'a, T: CodeUnit>(beyond: impl Iterator<Item = &'a T>) -> [i32; STATES] {
    for (cost, unit) in FLIP_AT.into_iter().zip(beyond) {
        let code_point = unit.wide();
        if code_point == 0x0A {
            break;
        }
        let flags = scripts::flags(code_point);
        if flags & SIMPLIFIED != 0 {
            return [0, cost];
        }
        if flags & (TRADITIONAL | FORM) == TRADITIONAL {
            return [cost, 0];
        }
    }
    [0, 0]
}
