//! The specification of the lattice as slow code: every way through an island, one after the other.

use super::alphabet::Alphabet;
use super::channel::{self, FLIP, NEVER, Place};
use super::context::Told;
use super::island::{MOST, Scratch};
use super::{Passage, Region, Script, doubts, run};
use crate::convert::sink::TextSink;
use crate::tables::readings::{EMPTY, readings, spread};
use crate::text::from_str;
use proptest::prelude::*;

/// What the characters from `at` on cost when they are read as `readings` and written in `states`.
fn written(places: &[Place], at: usize, readings: &[usize], states: &[usize]) -> i32 {
    let mut cost = 0;
    for (k, (&reading, &state)) in readings.iter().zip(states).enumerate() {
        cost += places[at + k].costs[state][reading];
        if cost >= NEVER / 2 {
            return NEVER;
        }
    }
    cost
}

/// The states that a passage of a script may be in.
fn states(script: Script) -> &'static [usize] {
    match script {
        Script::Simplified => &[0],
        Script::Traditional => &[1],
        Script::Mixed => &[0, 1],
    }
}

/// Every way to go through so many states.
fn ways(script: Script, length: usize) -> Vec<Vec<usize>> {
    (0..length).fold(vec![Vec::new()], |ways, _| {
        let next = |way: Vec<usize>| {
            states(script)
                .iter()
                .map(move |&state| [&way[..], &[state]].concat())
        };
        ways.into_iter().flat_map(next).collect()
    })
}

fn flips(before: Option<usize>, states: &[usize]) -> i32 {
    let all: Vec<usize> = before.into_iter().chain(states.iter().copied()).collect();
    FLIP * all.windows(2).filter(|pair| pair[0] != pair[1]).count() as i32
}

struct Island<'a> {
    alphabet: &'static Alphabet,
    script: Script,
    text: &'a [u32],
    start: usize,
    places: Vec<Place>,
}

impl Island<'_> {
    /// The cheapest way from `at` to the end, behind a character in a state.
    fn cheapest(&self, at: usize, before: Option<usize>) -> i32 {
        if at == self.places.len() {
            let behind = channel::edge(self.text[self.start + at..].iter());
            return match (before, self.script) {
                (Some(state), Script::Mixed) => behind[state],
                _ => 0,
            };
        }
        let place = &self.places[at];
        let mut best = NEVER;
        for &state in states(self.script) {
            let (mut cost, _) = place.alone(state);
            if place.key.is_none() {
                cost += self.alphabet.table.character(place.code);
            } else if cost >= NEVER / 2 && (self.script != Script::Mixed || place.is_other) {
                cost = 170;
            }
            if cost < NEVER / 2 {
                let flipped = flips(before, &[state]);
                best = best.min(cost + flipped + self.cheapest(at + 1, Some(state)));
            }
        }
        for next in at + 2..=self.places.len().min(at + 8) {
            let codes = self.places[at..next].iter().map(|place| place.code);
            for value in readings().words(codes.fold(EMPTY, spread)) {
                let mut said = value as u8;
                let read: Vec<usize> = self.places[at..next]
                    .iter()
                    .map(|place| {
                        let reading = if place.key.is_some() { said & 3 } else { 0 };
                        said >>= if place.key.is_some() { 2 } else { 0 };
                        usize::from(reading)
                    })
                    .collect();
                for way in ways(self.script, next - at) {
                    let cost = written(&self.places, at, &read, &way);
                    if cost < NEVER / 2 {
                        let word = i32::from(value >> 8) + cost + flips(before, &way);
                        best = best.min(word + self.cheapest(next, way.last().copied()));
                    }
                }
            }
        }
        best
    }
}

/// A passage in Traditional, with every character weighed that may be open: what [`run`] must give.
fn weighed(region: Region, passage: Passage, text: &[u32]) -> Vec<u32> {
    let alphabet = Alphabet::of(region);
    let is_settled = passage.script == Script::Traditional;
    let alone = |unit: u32| match (is_settled, region) {
        (true, Region::Any) => unit,
        _ => alphabet.alone(unit),
    };
    let mut scratch = Scratch::new(alphabet, passage);
    let (mut at, mut floor, mut new) = (0, 0, Vec::new());
    while at < text.len() {
        let is_open = !is_settled && alphabet.number(text[at]) != 0;
        if !is_open && !channel::is_suspect(alphabet, text, at) {
            new.push(alone(text[at]));
            at += 1;
            continue;
        }
        floor = scratch.weigh(text, floor, at, Told::default());
        new.extend((at..floor).map(|at| scratch.decision(at).unwrap_or_else(|| alone(text[at]))));
        at = floor;
    }
    new
}

/// Words and pieces of words, as they stand in text of either script, and as they do not.
fn running() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(&[
            "皇后", "皇後", "头发", "頭髮", "發展", "发展", "几种", "種類", "终于", "終于", "關係", "系统", "干预",
            "幹預", "公里", "公裏", "里", "里里里", "只有", "隻身", "形单影只", "制度", "制造", "製裁", "面包", "世界麵包",
            "学生", "发表", "教皇后来", "教皇後來", "掉髮現象", "註解", "注解", "复习", "計畫", "计划", "台湾", "臺灣",
            "着", "著名", "了解", "瞭解", "麺", "羣", "裡面", "里面", "系", "係", "佢", "嘅", "于", "於", "於是", "云",
            "准备", "準備", "批准", "𠮶", "😀", "万俟", "出入口", "衝突", "沖擊", "占领", "佔領", "周期", "週期",
        ][..]).prop_map(str::to_owned),
        1 => "[一的是在不人有我他这個们們，。\nａ1a后後发發髮干幹乾里裡裏面麵只隻系係制製云雲准準]{1,4}",
    ];
    prop::collection::vec(piece, 1..60).prop_map(|pieces| pieces.concat())
}

/// Text that is open nearly everywhere, and says the same again and again, but for something between.
fn dense() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(
        &[
            "里",
            "后",
            "发",
            "只",
            "系",
            "公裏",
            "皇後",
            "乾部",
            "国里",
            "國裏",
            "发展后",
            "台后里",
            "終于",
            "里程",
            "形單影只",
            "製裁",
            "裡",
            "髮",
            "的",
            "了",
            "干",
            "面",
        ][..],
    );
    let few = prop::collection::vec(piece, 1..5).prop_map(|pieces| pieces.concat());
    let part = (few, 1..40_usize).prop_map(|(few, times)| few.repeat(times));
    prop::collection::vec(part, 1..6).prop_map(|parts| {
        let again = parts.concat();
        again.clone() + &again
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_certain_is_what_is_weighed(
        text in running(),
        times in prop_oneof![9 => Just(1_usize), 1 => 2_usize..9],
        script in prop::sample::select(&[Script::Simplified, Script::Traditional, Script::Mixed][..]),
        region in prop::sample::select(&[Region::Any, Region::Taiwan, Region::HongKong][..]),
        cantonese in any::<bool>(),
        goes_on in any::<[bool; 2]>(),
    ) {
        let text = from_str(&text.repeat(times));
        let passage = Passage { script, cantonese, goes_on };
        prop_assert_eq!(run_to_string(region, passage, &text), weighed_to_string(region, passage, &text));
    }
}

proptest! {
    #[test]
    fn what_is_in_doubt_is_what_is_written(
        text in running(),
        script in prop::sample::select(&[Script::Simplified, Script::Traditional, Script::Mixed][..]),
        region in prop::sample::select(&[Region::Any, Region::Taiwan, Region::HongKong][..]),
        cantonese in any::<bool>(),
    ) {
        let text = from_str(&text);
        let passage = Passage { script, cantonese, goes_on: [false; 2] };
        let written = from_str(&run_to_string(region, passage, &text));
        let found = doubts(region, passage, &text);
        for doubt in &found {
            prop_assert_eq!(doubt.written, written[doubt.at]);
            prop_assert!(!doubt.alternatives.contains(&doubt.written));
            // It is the likeliest.
            prop_assert!(usize::from(doubt.confidence) * (doubt.alternatives.len() + 1) >= 980);
            prop_assert!(doubt.confidence <= 1000);
        }
        prop_assert!(found.windows(2).all(|pair| pair[0].at < pair[1].at));
    }
}

proptest! {
    #[test]
    fn what_was_decided_before_is_what_is_weighed(
        text in dense(),
        script in prop::sample::select(&[Script::Simplified, Script::Traditional, Script::Mixed][..]),
        region in prop::sample::select(&[Region::Any, Region::Taiwan, Region::HongKong][..]),
        cantonese in any::<bool>(),
    ) {
        let text = from_str(&text);
        let passage = Passage { script, cantonese, goes_on: [false; 2] };
        prop_assert_eq!(run_to_string(region, passage, &text), weighed_to_string(region, passage, &text));
    }
}

fn weighed_to_string(region: Region, passage: Passage, text: &[u32]) -> String {
    crate::text::to_string(&weighed(region, passage, text))
}

fn run_to_string(region: Region, passage: Passage, text: &[u32]) -> String {
    let mut sink = TextSink::new(text.len());
    run(region, passage, text, &mut sink);
    let got = sink.finish();
    crate::text::to_string(&got.map_or(text.to_vec(), |written| written.to_wide()))
}

proptest! {
    #[test]
    fn the_lattice_finds_the_cheapest_way(
        text in "[后後里裡发發髮干幹面麵只隻系係学生头公皇表制造度万千的了]{1,7}",
        script in prop::sample::select(&[Script::Simplified, Script::Traditional, Script::Mixed][..]),
        cantonese in any::<bool>(),
        goes_on in any::<[bool; 2]>(),
        picked in any::<prop::sample::Index>(),
    ) {
        let text = from_str(&text);
        let passage = Passage { script, cantonese, goes_on };
        let alphabet = Alphabet::of(Region::Taiwan);
        let mut scratch = Scratch::new(alphabet, passage);
        let mut floor = 0;
        for at in 0..text.len() {
            if at < floor || alphabet.number(text[at]) == 0 {
                continue;
            }
            let end = scratch.weigh(&text, floor, at, Told::default());
            prop_assert!(at < end && scratch.last() - scratch.start() <= MOST);
            let start = scratch.start();
            let places = (start..scratch.last()).map(|at| Place::of(alphabet, passage, &text, at, &mut Told::default())).collect();
            let island = Island { alphabet, script, text: &text, start, places };
            let before = channel::edge(text[..start].iter().rev());
            let want = match script {
                // The state before the island is free, at its price.
                Script::Mixed => (0..2).map(|state| before[state] + island.cheapest(0, Some(state))).min(),
                _ => Some(island.cheapest(0, None)),
            };
            prop_assert_eq!(Some(scratch.cost()), want);
            // One place of each island: all of them take twenty times as long.
            for index in [picked.index(island.places.len())] {
                for reading in 0..island.places[index].key.map_or(0, |key| key.count) {
                    let Some(cost) = scratch.cost_with(&text, index, reading) else {
                        continue;
                    };
                    let mut places = island.places.clone();
                    for state in &mut places[index].costs {
                        for other in (0..4).filter(|other| *other != usize::from(reading)) {
                            state[other] = NEVER;
                        }
                    }
                    let only = Island { places, ..island };
                    let want = match script {
                        Script::Mixed => (0..2).map(|state| before[state] + only.cheapest(0, Some(state))).min(),
                        _ => Some(only.cheapest(0, None)),
                    };
                    prop_assert_eq!(Some(cost), want);
                }
            }
            floor = end;
        }
    }
}
