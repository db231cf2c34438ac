//! Text as slices of code points, one, two or four bytes wide.
//!
//! Comes in: the buffer of a Python `str` (PEP 393) as it lies in memory, or code points decoded
//! from elsewhere. Goes out: a [`Writer`]'s code points, as narrow as the input until one does not
//! fit. Never: a copy to another width before there is a need for it.

use crate::memory;
use std::ops::RangeInclusive;
use std::sync::Mutex;

/// One code point in the width that the text is held in.
pub trait CodeUnit: Copy + Eq + Ord + Send + Sync + std::fmt::Debug + 'static {
    /// The code point.
    fn wide(self) -> u32;
    /// The code point in this width, if it fits.
    fn narrow(code_point: u32) -> Option<Self>;
    /// The lowest bits of the code point: all of it, if it fits.
    fn cut(code_point: u32) -> Self;
    /// The memory of this width that is kept for the next text: see [`memory`].
    fn kept() -> &'static Mutex<Vec<Self>>;
    /// Whether any of some code points lies in a range.
    #[inline(always)]
    fn any_within(units: &[Self], range: &RangeInclusive<u32>) -> bool {
        let (first, width) = (*range.start(), range.end() - range.start());
        // No early way out: so the compiler compares many at once.
        let is_in = |any, unit: &Self| any | (unit.wide().wrapping_sub(first) <= width);
        units.iter().fold(false, is_in)
    }
}

impl CodeUnit for u8 {
    #[inline(always)]
    fn wide(self) -> u32 {
        u32::from(self)
    }
    #[inline(always)]
    fn narrow(code_point: u32) -> Option<Self> {
        u8::try_from(code_point).ok()
    }
    #[inline(always)]
    fn cut(code_point: u32) -> Self {
        code_point as u8
    }
    fn kept() -> &'static Mutex<Vec<Self>> {
        static KEPT: Mutex<Vec<u8>> = Mutex::new(Vec::new());
        &KEPT
    }
}

impl CodeUnit for u16 {
    #[inline(always)]
    fn wide(self) -> u32 {
        u32::from(self)
    }
    #[inline(always)]
    fn narrow(code_point: u32) -> Option<Self> {
        u16::try_from(code_point).ok()
    }
    #[inline(always)]
    fn cut(code_point: u32) -> Self {
        code_point as u16
    }
    fn kept() -> &'static Mutex<Vec<Self>> {
        static KEPT: Mutex<Vec<u16>> = Mutex::new(Vec::new());
        &KEPT
    }
    /// Compared as they are: widened first, they took twice as long.
    #[inline(always)]
    fn any_within(units: &[Self], range: &RangeInclusive<u32>) -> bool {
        let (Ok(first), Ok(last)) = (u16::try_from(*range.start()), u16::try_from(*range.end()))
        else {
            return false;
        };
        let least = |least: u16, unit: &u16| least.min(unit.wrapping_sub(first));
        units.iter().fold(u16::MAX, least) <= last - first
    }
}

impl CodeUnit for u32 {
    #[inline(always)]
    fn wide(self) -> u32 {
        self
    }
    #[inline(always)]
    fn narrow(code_point: u32) -> Option<Self> {
        Some(code_point)
    }
    #[inline(always)]
    fn cut(code_point: u32) -> Self {
        code_point
    }
    fn kept() -> &'static Mutex<Vec<Self>> {
        static KEPT: Mutex<Vec<u32>> = Mutex::new(Vec::new());
        &KEPT
    }
}

/// Text that a stage has written: as narrow as its input, or wide if a code point did not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written<T> {
    /// Every code point fits the width of the input.
    Narrow(Vec<T>),
    /// At least one did not.
    Wide(Vec<u32>),
}

impl<T: CodeUnit> Written<T> {
    /// The code points, four bytes each.
    pub fn to_wide(&self) -> Vec<u32> {
        match self {
            Written::Narrow(units) => widen(units),
            Written::Wide(code_points) => code_points.clone(),
        }
    }

    /// The same, of code points that nobody else needs.
    pub fn into_wide(self) -> Vec<u32> {
        match self {
            Written::Narrow(units) => widen(&units),
            Written::Wide(code_points) => code_points,
        }
    }

    /// Length in code points.
    pub fn len(&self) -> usize {
        match self {
            Written::Narrow(units) => units.len(),
            Written::Wide(code_points) => code_points.len(),
        }
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Leave the memory to the next text.
    pub fn give_back(self) {
        match self {
            Written::Narrow(units) => memory::give_back(units),
            Written::Wide(code_points) => memory::give_back(code_points),
        }
    }
}

/// Collects output in the width of the input, and widens once if it must.
#[derive(Debug)]
pub struct Writer<T> {
    narrow: Vec<T>,
    wide: Vec<u32>,
    is_wide: bool,
}

impl<T: CodeUnit> Writer<T> {
    /// An empty writer with room for `capacity` code points.
    pub fn with_capacity(capacity: usize) -> Self {
        Writer {
            narrow: memory::with_capacity(capacity),
            wide: Vec::new(),
            is_wide: false,
        }
    }

    /// Append a run of the input as it is.
    #[inline(always)]
    pub fn keep(&mut self, run: &[T]) {
        if self.is_wide {
            self.wide.extend(run.iter().map(|unit| unit.wide()));
        } else {
            self.narrow.extend_from_slice(run);
        }
    }

    /// Append one code point.
    #[inline(always)]
    pub fn push(&mut self, code_point: u32) {
        if !self.is_wide {
            match T::narrow(code_point) {
                Some(unit) => return self.narrow.push(unit),
                None => self.widen(),
            }
        }
        self.wide.push(code_point);
    }

    /// Append code points.
    #[inline]
    pub fn extend(&mut self, code_points: impl IntoIterator<Item = u32>) {
        for code_point in code_points {
            self.push(code_point);
        }
    }

    /// Append code points of the basic plane.
    #[inline]
    pub fn extend_near(&mut self, code_points: &[u16]) {
        let wide = |code_point: &u16| u32::from(*code_point);
        if !self.is_wide {
            let fit = |fits, code_point| fits & T::narrow(wide(code_point)).is_some();
            if code_points.iter().fold(true, fit) {
                let narrow = code_points
                    .iter()
                    .map(|code_point| T::cut(wide(code_point)));
                return self.narrow.extend(narrow);
            }
            self.widen();
        }
        self.wide.extend(code_points.iter().map(wide));
    }

    /// Append ASCII or Latin-1, a byte a code point.
    #[inline]
    pub fn extend_from_bytes(&mut self, bytes: &[u8]) {
        if self.is_wide {
            self.wide.extend(bytes.iter().map(|byte| u32::from(*byte)));
        } else {
            let unit = |byte: &u8| T::cut(u32::from(*byte));
            self.narrow.extend(bytes.iter().map(unit));
        }
    }

    /// How many code points were written.
    pub fn len(&self) -> usize {
        if self.is_wide {
            self.wide.len()
        } else {
            self.narrow.len()
        }
    }

    /// Whether nothing was.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What was written.
    pub fn finish(self) -> Written<T> {
        if self.is_wide {
            Written::Wide(self.wide)
        } else {
            Written::Narrow(self.narrow)
        }
    }

    #[cold]
    fn widen(&mut self) {
        self.wide = memory::with_capacity(self.narrow.capacity());
        self.wide.extend(self.narrow.iter().map(|unit| unit.wide()));
        memory::give_back(std::mem::take(&mut self.narrow));
        self.is_wide = true;
    }
}

/// The code points of a slice, four bytes each.
pub fn widen<T: CodeUnit>(text: &[T]) -> Vec<u32> {
    text.iter().map(|unit| unit.wide()).collect()
}

/// The code points of a Rust string.
pub fn from_str(text: &str) -> Vec<u32> {
    text.chars().map(u32::from).collect()
}

/// A Rust string of the code points; U+FFFD for surrogates, which UTF-8 has no room for.
pub fn to_string<T: CodeUnit>(text: &[T]) -> String {
    text.iter()
        .map(|unit| char::from_u32(unit.wide()).unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// Whether the code point is an ideograph: unified, compatibility, or an extension's.
#[inline]
pub fn is_han(code_point: u32) -> bool {
    matches!(code_point,
        0x4E00..=0x9FFF | 0x3400..=0x4DBF | 0x20000..=0x3FFFF | 0xF900..=0xFAFF | 0x3007)
}

/// Whether the code point is a mark of Chinese or Japanese typesetting: 。、《》「」，！ and the
/// like; not the quotation marks, dashes and dots that other languages use as well.
#[inline]
pub fn is_cjk_mark(code_point: u32) -> bool {
    matches!(code_point,
        0x3001..=0x3003 | 0x3008..=0x3011 | 0x3014..=0x301F | 0xFF01..=0xFF0F
        | 0xFF1A..=0xFF20 | 0xFF3B..=0xFF3D | 0xFF5B..=0xFF5E)
}

/// Whether the code point is hiragana or katakana, half width included.
#[inline]
pub fn is_kana(code_point: u32) -> bool {
    matches!(code_point, 0x3041..=0x309F | 0x30A1..=0x30FA | 0x30FC..=0x30FF | 0x31F0..=0x31FF | 0xFF66..=0xFF9D)
}

/// Where characters stand that something could begin with.
///
/// All of them are `within` a range that few characters of Chinese text are in: runs of 32 without one are passed
/// over as one (24 ms for 2 million characters became 5).
pub fn places<T: CodeUnit>(
    text: &[T],
    within: RangeInclusive<u32>,
    is_one: impl Fn(u32) -> bool,
) -> impl Iterator<Item = usize> {
    let runs = text.chunks(RUN).enumerate();
    let runs = runs.filter(move |(_, run)| T::any_within(run, &within));
    places_in(text, runs.map(|(number, _)| number), is_one)
}

/// Characters that are looked at together.
pub const RUN: usize = 32;

/// Where characters stand that something could begin with, in some of a text's runs, given in order.
pub fn places_in<T: CodeUnit>(
    text: &[T],
    mut runs: impl Iterator<Item = usize>,
    is_one: impl Fn(u32) -> bool,
) -> impl Iterator<Item = usize> {
    let (mut start, mut left) = (0, 0_u32);
    std::iter::from_fn(move || {
        while left == 0 {
            start = runs.next()? * RUN;
            let run = &text[start..text.len().min(start + RUN)];
            let mut flags = [0; RUN];
            for (flag, unit) in flags.iter_mut().zip(run) {
                *flag = u8::from(is_one(unit.wide()));
            }
            left = bits(&flags) as u32;
        }
        let at = start + left.trailing_zeros() as usize;
        left &= left - 1;
        Some(at)
    })
}

/// A bit for each byte of 0 or 1, the first lowest; of at most 64.
///
/// Eight bytes become eight bits: the product has the first of them at its 56th bit, and no two of its sums meet. A
/// branch for each is seldom foreseen, and a bit at a time each waits for the one before.
#[inline(always)]
pub fn bits(flags: &[u8]) -> u64 {
    let (words, _) = flags.as_chunks::<8>();
    let eights = words.iter().zip((0..u64::BITS).step_by(8));
    eights.fold(0, |all, (word, at)| {
        all | u64::from_le_bytes(*word).wrapping_mul(0x0102_0408_1020_4080) >> 56 << at
    })
}

/// Where printing ASCII characters stand that something could begin with. Line ends and spaces are none: they
/// stand in every second run of some texts.
pub fn ascii_places<T: CodeUnit>(
    text: &[T],
    is_one: impl Fn(u32) -> bool,
) -> impl Iterator<Item = usize> {
    places(text, 0x21..=0x7F, is_one)
}

/// The line that a place stands in, its end left out. U+0085 and U+2028 end none: both are bytes of mojibake.
pub fn line_around<T: CodeUnit>(text: &[T], at: usize) -> std::ops::Range<usize> {
    let ends = |unit: &T| matches!(unit.wide(), 0x0A | 0x0D);
    let start = text[..at].iter().rposition(ends).map_or(0, |end| end + 1);
    let end = text[at..].iter().position(ends);
    start..end.map_or(text.len(), |end| at + end)
}

/// The lines of a text as ranges, line ends left out; `\n`, `\r` and `\r\n` end one.
pub fn lines<T: CodeUnit>(text: &[T]) -> impl Iterator<Item = std::ops::Range<usize>> {
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let start = next?;
        let ends = |unit: &T| matches!(unit.wide(), 0x0A | 0x0D);
        let end = text[start..].iter().position(ends).map(|at| start + at);
        next = end.map(|end| {
            let is_pair =
                text[end].wide() == 0x0D && text.get(end + 1).is_some_and(|u| u.wide() == 0x0A);
            end + 1 + usize::from(is_pair)
        });
        Some(start..end.unwrap_or(text.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_writer_stays_narrow_until_it_cannot() {
        let mut writer = Writer::<u16>::with_capacity(4);
        writer.keep(&[0x4E2D]);
        writer.push(0x6587);
        assert_eq!(writer.finish(), Written::Narrow(vec![0x4E2D, 0x6587]));

        let mut writer = Writer::<u16>::with_capacity(4);
        writer.keep(&[0x4E2D]);
        writer.push(0x20BB7);
        writer.keep(&[0x6587]);
        assert_eq!(
            writer.finish(),
            Written::Wide(vec![0x4E2D, 0x20BB7, 0x6587])
        );
    }
}
