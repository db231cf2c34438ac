//! The double array: keys to numbers, one probe a code point.
//!
//! Comes in: keys, each with a number below [`MAX_VALUE`]. Goes out: an alphabet (code point → label,
//! the most frequent first, so that what is used together lies together) and cells. Never: cells out
//! of proportion to the keys.
//!
//! A node is a *word*: bit 31 says that it is a leaf, and the rest is its number; otherwise bit 30
//! says that it has a number, which stands in the cell at its base, and the lower 30 bits are its
//! base. The child over label `l` is the cell at `base + l` if that cell's `check` is `base`: no two
//! nodes share a base. The number's own cell is told from a child by bit 31 of its check.

use crate::Error;
use bytemuck::{Pod, Zeroable};
use std::collections::BTreeMap;

/// Numbers have 30 bits.
pub const MAX_VALUE: u32 = (1 << 30) - 1;
/// The word of a node that is not there.
pub const NO_NODE: u32 = u32::MAX;

const LEAF: u32 = 1 << 31;
const HAS_VALUE: u32 = 1 << 30;
const BASE: u32 = HAS_VALUE - 1;
const VALUE_CELL: u32 = 1 << 31;
const FREE: u32 = u32::MAX;

/// One place of the double array.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Cell {
    word: u32,
    check: u32,
}

/// Cells read where they lie, and the alphabet that leads to them.
#[derive(Clone, Copy, Debug)]
pub struct Trie<'a> {
    /// Page of every 256 code points; past the end, page 0, in which every label is 0.
    index: &'a [u16],
    /// Labels, 256 to a page; 0 is no label.
    pages: &'a [u16],
    cells: &'a [Cell],
    root: u32,
}

impl<'a> Trie<'a> {
    /// A trie over parts that a builder made. Any other parts are safe to read, and say nonsense.
    pub fn new(index: &'a [u16], pages: &'a [u16], cells: &'a [Cell], root: u32) -> Self {
        Trie {
            index,
            pages,
            cells,
            root,
        }
    }

    /// The label of a code point; 0 if no key has it.
    #[inline(always)]
    pub fn label(&self, code_point: u32) -> u32 {
        let Some(&page) = self.index.get((code_point >> 8) as usize) else {
            return 0;
        };
        let at = usize::from(page) << 8 | (code_point & 0xFF) as usize;
        u32::from(self.pages.get(at).copied().unwrap_or(0))
    }

    /// The word of the root.
    #[inline(always)]
    pub fn root(&self) -> u32 {
        self.root
    }

    /// The child of a node over a label, or [`NO_NODE`].
    #[inline(always)]
    pub fn child(&self, word: u32, label: u32) -> u32 {
        if word & LEAF != 0 || label == 0 {
            return NO_NODE;
        }
        let base = word & BASE;
        match self.cells.get(base.wrapping_add(label) as usize) {
            Some(cell) if cell.check == base => cell.word,
            _ => NO_NODE,
        }
    }

    /// Whether no key goes on from a node.
    #[inline(always)]
    pub fn is_leaf(&self, word: u32) -> bool {
        word & LEAF != 0
    }

    /// The number of a node, if it has one.
    #[inline(always)]
    pub fn value(&self, word: u32) -> Option<u32> {
        if word & LEAF != 0 {
            return (word != NO_NODE).then_some(word & MAX_VALUE);
        }
        if word & HAS_VALUE == 0 {
            return None;
        }
        self.cells
            .get((word & BASE) as usize)
            .map(|cell| cell.word & MAX_VALUE)
    }

    /// The code points that have a label, with it, in order.
    pub fn alphabet(&self) -> Vec<(u32, u32)> {
        let code_points = 0..(self.index.len() as u32).saturating_mul(256);
        let labelled = code_points.map(|code_point| (code_point, self.label(code_point)));
        labelled.filter(|&(_, label)| label != 0).collect()
    }

    /// The children of nodes that are each known by something: the child, with that and its code point.
    ///
    /// One walk over the cells, instead of a probe for every node and letter of the alphabet.
    pub fn children<K: Copy>(
        &self,
        nodes: &[(u32, K)],
        alphabet: &[(u32, u32)],
    ) -> Vec<(u32, (K, u32))> {
        let mut known_by = vec![None; self.cells.len()];
        for &(word, key) in nodes.iter().filter(|(word, _)| word & LEAF == 0) {
            if let Some(place) = known_by.get_mut((word & BASE) as usize) {
                *place = Some(key);
            }
        }
        let most = alphabet.iter().map(|&(_, label)| label).max();
        let mut code_points = vec![None; most.map_or(0, |most| most as usize + 1)];
        for &(code_point, label) in alphabet {
            code_points[label as usize] = Some(code_point);
        }
        let child = |(at, cell): (u32, &Cell)| {
            let key = known_by.get(cell.check as usize).copied().flatten()?;
            let label = at.wrapping_sub(cell.check) as usize;
            let code_point = code_points.get(label).copied().flatten()?;
            Some((cell.word, (key, code_point)))
        };
        (0..).zip(self.cells).filter_map(child).collect()
    }

    /// Every key with its number, short ones first.
    pub fn keys(&self) -> Vec<(Vec<u32>, u32)> {
        let alphabet = self.alphabet();
        let (mut keys, mut nodes) = (Vec::new(), vec![(self.root, Vec::new())]);
        // A trie that no builder made may go round in circles.
        while !nodes.is_empty() && keys.len() <= self.cells.len() {
            let known: Vec<(u32, usize)> = nodes.iter().map(|(word, _)| *word).zip(0..).collect();
            let children = self.children(&known, &alphabet).into_iter();
            let next: Vec<(u32, Vec<u32>)> = children
                .map(|(word, (parent, code_point))| {
                    let key = nodes[parent].1.iter().copied().chain([code_point]);
                    (word, key.collect())
                })
                .collect();
            let numbered = next
                .iter()
                .filter_map(|(word, key)| Some((key.clone(), self.value(*word)?)));
            keys.extend(numbered);
            nodes = next;
        }
        keys
    }

    /// The longest key that the code points begin with: its length and number.
    pub fn longest(&self, code_points: impl IntoIterator<Item = u32>) -> Option<(usize, u32)> {
        let (mut word, mut best) = (self.root, None);
        for (length, code_point) in (1..).zip(code_points) {
            word = self.child(word, self.label(code_point));
            if word == NO_NODE {
                break;
            }
            if let Some(value) = self.value(word) {
                best = Some((length, value));
            }
        }
        best
    }
}

/// A trie's parts, before they are packed.
#[derive(Clone, Debug, Default)]
pub struct Built {
    /// See [`Trie::new`].
    pub index: Vec<u16>,
    /// See [`Trie::new`].
    pub pages: Vec<u16>,
    /// See [`Trie::new`].
    pub cells: Vec<Cell>,
    /// See [`Trie::new`].
    pub root: u32,
    /// Number of labels, the unused 0 among them.
    pub labels: usize,
}

impl Built {
    /// Read them.
    pub fn view(&self) -> Trie<'_> {
        Trie::new(&self.index, &self.pages, &self.cells, self.root)
    }
}

/// Build a trie of keys. `more` are code points that get a label without being in a key.
pub fn build(keys: &BTreeMap<Vec<u32>, u32>, more: &[u32]) -> Result<Built, Error> {
    let alphabet = Alphabet::of(keys, more)?;
    let nodes = Nodes::of(keys, &alphabet);
    let (cells, root) = place(&nodes)?;
    let (index, pages) = alphabet.pages();
    Ok(Built {
        index,
        pages,
        cells,
        root,
        labels: alphabet.labels.len() + 1,
    })
}

struct Alphabet {
    labels: BTreeMap<u32, u16>,
}

impl Alphabet {
    /// The more keys have a code point, the lower its label.
    fn of(keys: &BTreeMap<Vec<u32>, u32>, more: &[u32]) -> Result<Alphabet, Error> {
        let mut counts: BTreeMap<u32, usize> =
            more.iter().map(|&code_point| (code_point, 0)).collect();
        for &code_point in keys.keys().flatten() {
            *counts.entry(code_point).or_default() += 1;
        }
        let mut ranked: Vec<(u32, usize)> = counts.into_iter().collect();
        ranked.sort_by_key(|&(code_point, count)| (std::cmp::Reverse(count), code_point));
        if ranked.len() >= usize::from(u16::MAX) {
            return Err(Error::new(
                "more than 65,534 different characters in the keys",
            ));
        }
        let labels = ranked
            .iter()
            .zip(1..)
            .map(|(&(code_point, _), label)| (code_point, label));
        Ok(Alphabet {
            labels: labels.collect(),
        })
    }

    fn label(&self, code_point: u32) -> u32 {
        u32::from(self.labels[&code_point])
    }

    fn pages(&self) -> (Vec<u16>, Vec<u16>) {
        let (mut index, mut pages) = (Vec::new(), vec![0; 256]);
        for (&code_point, &label) in &self.labels {
            let high = (code_point >> 8) as usize;
            if index.len() <= high {
                index.resize(high + 1, 0);
            }
            if index[high] == 0 {
                index[high] = (pages.len() / 256) as u16;
                pages.resize(pages.len() + 256, 0);
            }
            pages[usize::from(index[high]) * 256 + (code_point & 0xFF) as usize] = label;
        }
        (index, pages)
    }
}

/// The tree, level by level; a node's children stand side by side.
struct Nodes {
    /// Label over which a node is reached.
    label: Vec<u32>,
    value: Vec<Option<u32>>,
    children: Vec<std::ops::Range<usize>>,
}

impl Nodes {
    fn of(keys: &BTreeMap<Vec<u32>, u32>, alphabet: &Alphabet) -> Nodes {
        let sorted: Vec<(&Vec<u32>, u32)> = keys.iter().map(|(key, &value)| (key, value)).collect();
        let mut nodes = Nodes {
            label: vec![0],
            value: vec![None],
            children: Vec::new(),
        };
        // The keys below each node, and its depth.
        let mut below = vec![(0..sorted.len(), 0_usize)];
        let mut at = 0;
        while at < below.len() {
            let (range, depth) = below[at].clone();
            let mut start = range.start;
            if start < range.end && sorted[start].0.len() == depth {
                nodes.value[at] = Some(sorted[start].1);
                start += 1;
            }
            let first = below.len();
            while start < range.end {
                let code_point = sorted[start].0[depth];
                let same =
                    sorted[start..range.end].partition_point(|(key, _)| key[depth] == code_point);
                below.push((start..start + same, depth + 1));
                nodes.label.push(alphabet.label(code_point));
                nodes.value.push(None);
                start += same;
            }
            nodes.children.push(first..below.len());
            at += 1;
        }
        nodes
    }
}

/// Find every node a base: those with many children first, while there is room to choose from.
fn place(nodes: &Nodes) -> Result<(Vec<Cell>, u32), Error> {
    let mut order: Vec<usize> = (0..nodes.label.len())
        .filter(|&node| node == 0 || !nodes.children[node].is_empty())
        .collect();
    order.sort_by_key(|&node| std::cmp::Reverse(nodes.children[node].len()));

    let mut room = Room::default();
    let mut bases = vec![0_u32; nodes.label.len()];
    let mut labels = Vec::new();
    for node in order {
        labels.clear();
        labels.extend(nodes.value[node].map(|_| 0));
        labels.extend(nodes.children[node].clone().map(|child| nodes.label[child]));
        if labels.is_empty() {
            labels.push(0);
        }
        labels.sort_unstable();
        let base = room.take(&labels);
        if base + labels[labels.len() - 1] >= BASE {
            return Err(Error::new("too many keys for one trie"));
        }
        bases[node] = base;
    }

    let free = Cell {
        word: 0,
        check: FREE,
    };
    let mut cells = vec![free; room.next.len()];
    let word_of = |node: usize| match (
        nodes.value[node],
        nodes.children[node].is_empty() && node > 0,
    ) {
        (Some(value), true) => LEAF | value,
        (Some(_), false) => HAS_VALUE | bases[node],
        (None, _) => bases[node],
    };
    for node in 0..nodes.label.len() {
        if let (Some(value), false) = (nodes.value[node], nodes.children[node].is_empty()) {
            cells[bases[node] as usize] = Cell {
                word: value,
                check: VALUE_CELL | bases[node],
            };
        }
        for child in nodes.children[node].clone() {
            let at = (bases[node] + nodes.label[child]) as usize;
            cells[at] = Cell {
                word: word_of(child),
                check: bases[node],
            };
        }
    }
    Ok((cells, word_of(0)))
}

/// Which cells are taken, and which bases.
#[derive(Default)]
struct Room {
    /// For every cell the next one that may be free: itself, if it is.
    next: Vec<usize>,
    base_used: Vec<bool>,
    /// Where nodes with several children are tried first: before it, little has room for them.
    dense_to: usize,
}

impl Room {
    /// A base at which all the labels fall on free cells; they are taken with it.
    fn take(&mut self, labels: &[u32]) -> u32 {
        // 200: fewer leave more cells empty (7 % of the largest table at 20), more save under 1 %.
        const PATIENCE: usize = 200;
        let first = labels[0] as usize;
        // What has one child fills the gaps that the others leave.
        let from = if labels.len() > 1 { self.dense_to } else { 0 };
        let mut cell = self.free_from(from.max(first));
        let mut tries = 0;
        while !self.fits(cell - first, labels) {
            cell = self.free_from(cell + 1);
            tries += 1;
        }
        if labels.len() > 1 && tries > PATIENCE {
            // In proportion to what was spent, so that all nodes together are linear.
            self.dense_to = self.dense_to.max(from + (cell - from) / 2);
        }
        self.mark(cell - first, labels)
    }

    /// The first free cell at or behind a place.
    fn free_from(&mut self, cell: usize) -> usize {
        let mut at = cell;
        while let Some(&next) = self.next.get(at) {
            if next == at {
                break;
            }
            // Halve the way for the next search.
            if let Some(&further) = self.next.get(next) {
                self.next[at] = further;
            }
            at = next;
        }
        at
    }

    fn fits(&self, base: usize, labels: &[u32]) -> bool {
        let is_free = |cell: usize| self.next.get(cell).is_none_or(|&next| next == cell);
        !self.base_used.get(base).copied().unwrap_or(false)
            && labels.iter().all(|&label| is_free(base + label as usize))
    }

    fn mark(&mut self, base: usize, labels: &[u32]) -> u32 {
        let last = base + labels[labels.len() - 1] as usize;
        self.next.extend(self.next.len()..=last);
        if self.base_used.len() <= base {
            self.base_used.resize(base + 1, false);
        }
        for &label in labels {
            let cell = base + label as usize;
            self.next[cell] = cell + 1;
        }
        self.base_used[base] = true;
        base as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every key in turn; nothing clever.
    fn longest_slowly(keys: &BTreeMap<Vec<u32>, u32>, text: &[u32]) -> Option<(usize, u32)> {
        let found = keys.iter().filter(|(key, _)| text.starts_with(key));
        found
            .max_by_key(|(key, _)| key.len())
            .map(|(key, &value)| (key.len(), value))
    }

    fn code_point() -> impl Strategy<Value = u32> {
        prop_oneof![8 => 0x4E00..0x4E06_u32, 1 => 0..4_u32, 1 => 0x2_0000..0x2_0003_u32, 1 => Just(0x10_FFFF_u32)]
    }

    fn keys() -> impl Strategy<Value = BTreeMap<Vec<u32>, u32>> {
        let key = prop::collection::vec(code_point(), 1..6);
        prop::collection::btree_map(key, 0..=MAX_VALUE, 0..60)
    }

    proptest! {
        #[test]
        fn the_longest_key_is_found(keys in keys(), text in prop::collection::vec(code_point(), 0..8)) {
            let built = build(&keys, &[]).unwrap();
            let found = built.view().longest(text.iter().copied());
            prop_assert_eq!(found, longest_slowly(&keys, &text));
        }

        #[test]
        fn every_key_is_found(keys in keys()) {
            let built = build(&keys, &[]).unwrap();
            for (key, &value) in &keys {
                let found = built.view().longest(key.iter().copied());
                prop_assert_eq!(found, Some((key.len(), value)));
            }
            prop_assert_eq!(BTreeMap::from_iter(built.view().keys()), keys);
        }

        /// The walk over the cells finds what probing every letter does.
        #[test]
        fn every_child_is_found(keys in keys()) {
            let built = build(&keys, &[]).unwrap();
            let trie = built.view();
            let alphabet = trie.alphabet();
            let mut nodes = vec![(trie.root(), 0)];
            for depth in 1..4 {
                let mut found = trie.children(&nodes, &alphabet);
                let probed = nodes.iter().flat_map(|&(node, key)| {
                    let children = alphabet.iter().map(move |&(code_point, label)| {
                        (trie.child(node, label), (key, code_point))
                    });
                    children.filter(|&(child, _)| child != NO_NODE)
                });
                let mut probed: Vec<_> = probed.collect();
                found.sort_unstable();
                probed.sort_unstable();
                prop_assert_eq!(&found, &probed);
                nodes = found.iter().zip(0..).map(|(&(node, _), key)| (node, depth * 100_000 + key)).collect();
            }
        }

        #[test]
        fn no_words_make_reading_panic(
            index in prop::collection::vec(any::<u16>(), 0..4),
            pages in prop::collection::vec(any::<u16>(), 0..600),
            words in prop::collection::vec((any::<u32>(), any::<u32>()), 0..8),
            root in any::<u32>(),
            text in prop::collection::vec(0..0x400_u32, 0..8),
        ) {
            let cells: Vec<Cell> =
                words.into_iter().map(|(word, check)| Cell { word, check }).collect();
            Trie::new(&index, &pages, &cells, root).longest(text);
        }
    }

    #[test]
    fn a_far_code_point_costs_no_more_than_a_near_one() {
        let keys = BTreeMap::from([(vec![0x10_FFFF, 0x4E00], 1), (vec![0x4E00], 2)]);
        assert!(build(&keys, &[]).unwrap().cells.len() < 8);
    }
}
