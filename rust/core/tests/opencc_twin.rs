//! The fast engine and its specification, on plans and dictionaries that nobody would write.

use hanfix_core::convert::opencc::{Entries, OpenCC};
use hanfix_core::text::Written;
use hanfix_trie::plan::{Group, Plan};
use hanfix_trie::reference::{Library, Reference};
use hanfix_trie::source::Dictionary;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Few characters, so that keys meet: ideographs, a far one, an operator of description sequences,
/// a lone surrogate, and NUL.
fn code_point() -> impl Strategy<Value = u32> {
    prop_oneof![
        12 => 0x4E00..0x4E06_u32,
        1 => Just(0x2_0BB7),
        1 => prop_oneof![Just(0x2FF0_u32), Just(0x2FF2), Just(0x2FFE)],
        1 => prop_oneof![Just(0x61_u32), Just(0), Just(0xD800)],
    ]
}

fn dictionary() -> impl Strategy<Value = Dictionary> {
    let key = prop::collection::vec(code_point(), 1..4);
    let value = prop::collection::vec(code_point(), 0..4);
    // Most values as long as their keys, as in OpenCC's.
    let entry = (key, value, prop::bool::weighted(0.7)).prop_map(|(key, mut value, same)| {
        if same {
            value.resize(key.len(), 0x4E00);
        }
        (key, value)
    });
    prop::collection::vec(entry, 0..12).prop_map(|entries| Dictionary {
        entries: entries.into_iter().collect(),
    })
}

fn library() -> impl Strategy<Value = Library> {
    prop::collection::vec(dictionary(), 5).prop_map(|all| {
        all.into_iter()
            .zip("abcde".chars())
            .map(|(d, n)| (n.to_string(), d))
            .collect()
    })
}

fn group() -> impl Strategy<Value = Group> {
    let one =
        prop::sample::select(vec!["a", "b", "c", "d", "e"]).prop_map(|n| Group::One(n.to_owned()));
    one.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Group::First),
            prop::collection::vec(inner, 1..4).prop_map(Group::Longest),
        ]
    })
}

fn plan() -> impl Strategy<Value = Plan> {
    let groups = |least, most| prop::collection::vec(group(), least..most);
    (groups(0, 2), prop::option::of(group()), groups(1, 4)).prop_map(
        |(normalization, segmentation, chain)| Plan {
            name: "twin".to_owned(),
            normalization,
            segmentation,
            chain,
        },
    )
}

/// A plan of the shape that OpenCC's own have: segmentation by what the first step begins with.
fn usual_plan() -> impl Strategy<Value = Plan> {
    let chains = prop::sample::select(vec![
        "p seg=a chain=(s a b)",
        "p seg=a chain=(s a b);(s c d)",
        "p seg=(u a e) chain=(s (u a e) b);(s c d)",
        "p chain=(s a b);(s c d)",
        "p seg=a chain=(s c d);(s a b)",
    ]);
    chains.prop_map(|line| Plan::parse(line).unwrap())
}

fn text() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(code_point(), 0..16)
}

fn converted(converter: &OpenCC, text: &[u32]) -> Vec<u32> {
    converter
        .convert(text)
        .map_or(text.to_vec(), |written| written.to_wide())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_plan_is_read_literally(plan in plan(), library in library(), texts in prop::collection::vec(text(), 8)) {
        let converter = OpenCC::compiled(plan.clone(), &library, None).unwrap();
        let reference = Reference::new(&plan, &library).unwrap();
        for text in texts {
            prop_assert_eq!(converted(&converter, &text), reference.convert(&text));
        }
    }

    #[test]
    fn the_usual_plans_are_read_literally(
        plan in usual_plan(),
        mut library in library(),
        is_usual in any::<bool>(),
        texts in prop::collection::vec(text(), 8),
    ) {
        // A character becomes a character in OpenCC's dictionaries, which is where later steps' keys
        // can be told from the text.
        for (key, value) in library.values_mut().flat_map(|d| &mut d.entries) {
            if is_usual && key.len() == 1 {
                value.resize(1, 0x4E01);
            }
        }
        let converter = OpenCC::compiled(plan.clone(), &library, None).unwrap();
        let reference = Reference::new(&plan, &library).unwrap();
        for text in texts {
            prop_assert_eq!(converted(&converter, &text), reference.convert(&text));
        }
    }

    #[test]
    fn every_width_gives_the_same(plan in usual_plan(), library in library(), text in text()) {
        let converter = OpenCC::compiled(plan, &library, None).unwrap();
        let wide = converted(&converter, &text);
        let narrow: Vec<u16> = text.iter().map(|&c| u16::try_from(c).unwrap_or(0x4E00)).collect();
        let same: Vec<u32> = narrow.iter().map(|&unit| u32::from(unit)).collect();
        let found = converter.convert(&narrow).map_or(same.clone(), |written| written.to_wide());
        prop_assert_eq!(&found, &converted(&converter, &same));
        if same == text {
            prop_assert_eq!(found, wide);
        }
    }

    #[test]
    fn entries_win_where_a_match_may_begin(library in library(), own in dictionary(), text in text()) {
        // Without later steps, a dictionary that comes first in the group says the same.
        let plan = Plan::parse("p chain=(s a b)").unwrap();
        let first = Plan::parse("p chain=(s own a b)").unwrap();
        let entries = Entries::new(own.clone()).unwrap();
        let converter = OpenCC::compiled(plan, &library, Some(entries)).unwrap();
        let library: Library = library.into_iter().chain([("own".to_owned(), own)]).collect();
        let reference = Reference::new(&first, &library).unwrap();
        prop_assert_eq!(converted(&converter, &text), reference.convert(&text));
    }

    #[test]
    fn the_longest_anywhere_comes_first(library in library(), text in text(), nested in any::<bool>()) {
        let line = if nested { "p chain=(s a b);c" } else { "p chain=a;(s b c);d" };
        let plan = Plan::parse(line).unwrap();
        let converter = OpenCC::longest(plan.clone(), library.clone(), None).unwrap();
        let want = plan.chain.iter().fold(text.clone(), |text, group| {
            let pieces = group.names().iter().fold(vec![Piece::Open(text)], |pieces, name| {
                pieces.into_iter().flat_map(|piece| longest_slowly(piece, &library[*name].entries)).collect()
            });
            pieces.into_iter().flat_map(|piece| match piece { Piece::Open(t) | Piece::Done(t) => t }).collect()
        });
        prop_assert_eq!(converted(&converter, &text), want);
    }
}

/// Part of a text that still is to be matched, or what a match became.
enum Piece {
    Open(Vec<u32>),
    Done(Vec<u32>),
}

/// Every length from the longest, every place from the first; then both sides.
fn longest_slowly(piece: Piece, entries: &BTreeMap<Vec<u32>, Vec<u32>>) -> Vec<Piece> {
    let Piece::Open(text) = piece else {
        return vec![piece];
    };
    for length in (1..=text.len()).rev() {
        for start in 0..=text.len() - length {
            if let Some(value) = entries.get(&text[start..start + length]) {
                let mut found = longest_slowly(Piece::Open(text[..start].to_vec()), entries);
                found.push(Piece::Done(value.clone()));
                found.extend(longest_slowly(
                    Piece::Open(text[start + length..].to_vec()),
                    entries,
                ));
                return found;
            }
        }
    }
    vec![Piece::Open(text)]
}

#[test]
fn a_text_that_stays_is_not_written() {
    let converter = OpenCC::named("s2t", None).unwrap();
    assert_eq!(converter.convert(&[0x61_u8, 0x62]), None);
    assert_eq!(converter.convert(&[0x4EBA_u16]), None);
    assert_eq!(
        converter.convert(&[0x53D1_u16]),
        Some(Written::Narrow(vec![0x767C]))
    );
}

#[test]
fn a_key_reaches_into_a_description() {
    let entry = |key: &str, value: &str| (wide(key), wide(value));
    let dictionary = |entries: &[(Vec<u32>, Vec<u32>)]| Dictionary {
        entries: entries.iter().cloned().collect(),
    };
    // 乙 stays as it is inside of ⿰乙木, so 甲⿰乙 is in what the first step writes.
    let library = Library::from([
        ("a".to_owned(), dictionary(&[entry("甲⿰乙", "丁")])),
        ("b".to_owned(), dictionary(&[])),
        ("c".to_owned(), dictionary(&[entry("乙", "甲")])),
    ]);
    let plan = Plan::parse("p seg=a chain=(s c b);(s a b)").unwrap();
    let converter = OpenCC::compiled(plan.clone(), &library, None).unwrap();
    let reference = Reference::new(&plan, &library).unwrap();
    let text = wide("乙⿰乙木");
    assert_eq!(reference.convert(&text), wide("丁木"));
    assert_eq!(converted(&converter, &text), wide("丁木"));
}

fn wide(text: &str) -> Vec<u32> {
    text.chars().map(u32::from).collect()
}
