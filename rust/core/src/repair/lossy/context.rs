//! Guesses between what stands around them, three characters deep.
//!
//! In: guesses that are near each other, with the characters between and around them. Out: for each
//! the likeliest of what it may be, and its share of all the likelihood there is. Never decides.
//!
//! A character is as likely behind two others as they are often followed by it, as far as they are
//! known (`tables::phrases`); as far as not, as the pair is; and beneath that, as the table of
//! likelihood says, which knows other languages too. Forward and backward over all ways, so that
//! guesses which support each other count as one.

use super::MARK;
use super::costs::{behind, guessed};
use super::guess::Possible;
use crate::tables::likelihood;
use crate::tables::phrases::{Counted, Pair};
use std::collections::HashMap;

/// Occurrences of what has not been seen, for every kind of what has (Witten and Bell, 1991): what is
/// followed by many kinds is followed by others too. With one number for all, fewer strings came back whole
/// and more were wrong.
const UNSEEN_PAIRS: f32 = 25.0;
const UNSEEN_TRIPLES: f32 = 5.0;
/// Of guesses near another, how many each is weighed against; and near two others or more.
const RIVALS: usize = 32;
const MANY_RIVALS: usize = 16;

/// What may stand in a place.
pub(super) enum Place<'a> {
    Known(u32),
    /// What one pattern leaves possible, and what another does that shows the same bytes.
    Open(&'a [Possible], &'a [Possible]),
}

/// One of the characters that may stand in a place.
#[derive(Clone, Copy)]
struct One {
    character: u32,
    counted: Option<Counted>,
    /// What it costs besides its likelihood.
    price: u32,
    /// Of characters that are counted as one (干, 乾), its part.
    part: f32,
    is_guess: bool,
}

/// The likeliest character of every open place, with its share. `around` has the two characters
/// before the first place.
pub(super) fn likeliest(places: &[Place], around: [u32; 2]) -> Vec<(u32, f32)> {
    let open = places
        .iter()
        .filter(|place| matches!(place, Place::Open(..)))
        .count();
    let most = match open {
        1 => usize::MAX,
        2 => RIVALS,
        _ => MANY_RIVALS,
    };
    let columns: Vec<Vec<One>> = (0..places.len())
        .map(|at| column(places, at, around[1], most))
        .collect();
    let outside = [known(around[0]), known(around[1])];
    let before = |at: usize, back: usize| match at.checked_sub(back) {
        Some(place) => columns[place].as_slice(),
        None => std::slice::from_ref(&outside[2 + at - back]),
    };

    // Ways to each pair of neighbours, row by row of the former, scaled so that no product vanishes.
    let mut ahead: Vec<Vec<f32>> = Vec::with_capacity(columns.len());
    for at in 0..columns.len() {
        let (first, second, third) = (before(at, 2), before(at, 1), &columns[at]);
        let ways = |h: usize, j: usize| match at {
            0 => 1.0,
            _ => ahead[at - 1][h * second.len() + j],
        };
        let mut row = vec![0.0; second.len() * third.len()];
        each(first, second, third, |h, j, k, share| {
            row[j * third.len() + k] += ways(h, j) * share;
        });
        ahead.push(scaled(row));
    }
    let mut found = Vec::with_capacity(open);
    let mut back = vec![1.0; ahead.last().map_or(0, Vec::len)];
    for at in (0..columns.len()).rev() {
        let (second, third) = (before(at, 1), &columns[at]);
        if matches!(places[at], Place::Open(..)) {
            let mut shares = vec![0.0; third.len()];
            for (number, (way, rest)) in ahead[at].iter().zip(&back).enumerate() {
                shares[number % third.len()] += way * rest;
            }
            let all: f32 = shares.iter().sum();
            let best = shares.iter().copied().enumerate();
            let best = best.max_by(|(_, a), (_, b)| a.total_cmp(b));
            found.push(match best {
                Some((number, share)) if all > 0.0 => (third[number].character, share / all),
                _ => (MARK, 0.0),
            });
        }
        if at > 0 {
            let first = before(at, 2);
            let mut row = vec![0.0; first.len() * second.len()];
            each(first, second, third, |h, j, k, share| {
                row[h * second.len() + j] += share * back[j * third.len() + k];
            });
            back = scaled(row);
        }
    }
    found.reverse();
    found
}

/// Everything that may stand in a place; of too much, what is likeliest beside its neighbours.
fn column(places: &[Place], at: usize, outside: u32, most: usize) -> Vec<One> {
    let mut list = match places[at] {
        Place::Known(character) => return vec![known(character)],
        Place::Open(one, other) => [one, other].concat(),
    };
    let neighbour = |at: Option<usize>| match at.and_then(|at| places.get(at)) {
        Some(Place::Known(character)) => Some(*character),
        _ => None,
    };
    if list.len() > most {
        let last = match at.checked_sub(1) {
            None => Some(outside),
            before => neighbour(before),
        };
        let next = neighbour(Some(at + 1));
        list.sort_by_cached_key(|&(one, price)| {
            let own = last.map_or_else(|| likelihood::alone(one), |last| guessed(last, one));
            price + own + next.map_or(0, |next| behind(one, next))
        });
        list.truncate(most);
    }
    let mut column: Vec<One> = list
        .iter()
        .map(|&(character, price)| One {
            price,
            is_guess: true,
            ..known(character)
        })
        .collect();
    let mut sums: HashMap<Counted, f32> = HashMap::new();
    let weight = |one: &One| share(likelihood::alone(one.character) + one.price);
    for one in &column {
        if let Some(counted) = one.counted {
            *sums.entry(counted).or_default() += weight(one);
        }
    }
    for one in &mut column {
        if let Some(sum) = one.counted.and_then(|counted| sums.get(&counted)) {
            one.part = weight(one) / sum.max(f32::MIN_POSITIVE);
        }
    }
    column
}

fn known(character: u32) -> One {
    One {
        character,
        counted: Counted::of(character),
        price: 0,
        part: 1.0,
        is_guess: false,
    }
}

/// What is said of every third character behind two others.
fn each(
    first: &[One],
    second: &[One],
    third: &[One],
    mut say: impl FnMut(usize, usize, usize, f32),
) {
    for (j, middle) in second.iter().enumerate() {
        // Each with what is left for the pair beneath it, of all there is.
        let pairs: Vec<Option<(Pair, f32, f32)>> = first
            .iter()
            .map(|one| {
                let pair = Pair::of(one.counted?, middle.counted?)?;
                let unseen = UNSEEN_TRIPLES * (pair.kinds() + 1) as f32;
                Some((pair, unseen + pair.count_left(), unseen + pair.count()))
            })
            .collect();
        for (k, last) in third.iter().enumerate() {
            let by_pair = behind_one(middle, last);
            let counted = last.counted.filter(|_| !says_nothing(last.character));
            for (h, pair) in pairs.iter().enumerate() {
                let share = match (pair, counted) {
                    (None, _) | (_, None) => by_pair,
                    (Some((pair, left, all)), Some(counted)) => {
                        (pair.count_before(counted) * last.part + left * by_pair) / all
                    }
                };
                say(h, j, k, share);
            }
        }
    }
}

/// How likely a character is behind one other.
fn behind_one(middle: &One, last: &One) -> f32 {
    if says_nothing(last.character) {
        return share(likelihood::alone(last.character));
    }
    let cost = match last.is_guess {
        true => guessed(middle.character, last.character),
        false => behind(middle.character, last.character),
    };
    let beneath = share(cost + last.price);
    // Of what begins a line, the other table knows more.
    let counted = middle
        .counted
        .filter(|_| middle.character != likelihood::START);
    let (Some(counted), Some(counted_last)) = (counted, last.counted) else {
        return beneath;
    };
    let pair = Pair::of(counted, counted_last);
    let seen = pair.map_or(0.0, Pair::count) * last.part;
    let unseen = UNSEEN_PAIRS * (counted.kinds() + 1) as f32;
    (seen + (counted.count_left() + unseen) * beneath) / (counted.count() + unseen)
}

/// What was counted has lines that end behind 。 where a page has `</p>`: what ASCII stands behind says
/// nothing of what stands before it.
fn says_nothing(character: u32) -> bool {
    character < 0x80 && character != likelihood::START
}

fn share(cost: u32) -> f32 {
    (-0.1 * cost as f32).exp()
}

fn scaled(mut shares: Vec<f32>) -> Vec<f32> {
    let most = shares.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    shares.iter_mut().for_each(|share| *share /= most);
    shares
}
