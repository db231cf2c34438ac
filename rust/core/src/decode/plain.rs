//! Lines of nothing but ASCII and pairs that are usual characters: most lines, so the way that must
//! be fast.
//!
//! In: bytes and their main encoding. Out: units, as far as whole lines are beyond doubt. Never
//! reads a line that the careful way (`lines`) might read otherwise: it stops before it.

use super::Reading;
use crate::codec::{Double, StepEncoding, big5, euc_kr, gbk_table};
use crate::tables::likelihood;
use std::sync::LazyLock;

/// Tenths of a nat for characters by themselves: 70 to 80 in running text, misread 100 and more.
pub(super) const USUAL: u32 = 86;
/// Tenths of a nat by which some stretch may be less likely than that: three rare characters of a
/// name, or a lost byte before the next ASCII.
pub(super) const UNUSUAL: u32 = 110;

/// Pairs that a line must have to be taken for one that was cut: so many make sense one byte off by chance
/// in no line.
const ENOUGH: usize = 8;

/// A cell for each pair: seven bits of the first byte, which is no ASCII, and eight of the second.
const CELLS: usize = 1 << 15;

/// By pair of bytes: a unit, and above it what it costs. 0 where a pair is no character of the
/// basic plane.
pub(super) struct Plain {
    cells: Box<[u32; CELLS]>,
    name: &'static str,
}

impl Plain {
    /// The table of an encoding, if it is one of pairs.
    pub(super) fn of(encoding: StepEncoding) -> Option<&'static Plain> {
        static GB18030: LazyLock<Plain> = LazyLock::new(|| Plain::new(gbk_table(), "gb18030"));
        static BIG5: LazyLock<Plain> = LazyLock::new(|| Plain::new(big5(), "big5"));
        static EUC_KR: LazyLock<Plain> = LazyLock::new(|| Plain::new(euc_kr(), "cp949"));
        match encoding {
            StepEncoding::Gb18030 => Some(&GB18030),
            StepEncoding::Big5 => Some(&BIG5),
            StepEncoding::EucKr => Some(&EUC_KR),
            _ => None,
        }
    }

    fn new(table: &Double, name: &'static str) -> Plain {
        let mut cells = vec![0; CELLS];
        for lead in 0x80..=0xFF_u8 {
            for trail in 0..=0xFF_u8 {
                if let Some(one @ 1..=0xFFFF) = table.decode(lead, trail) {
                    cells[place(lead, trail)] = likelihood::alone(one) << 16 | one;
                }
            }
        }
        Plain {
            cells: cells.try_into().expect("made with that length"),
            name,
        }
    }

    /// What the pair at the head of some bytes costs, if it is a character of the basic plane.
    #[inline]
    pub(super) fn cost(&self, bytes: &[u8]) -> Option<u32> {
        let [lead, trail, ..] = *bytes else {
            return None;
        };
        let cell = self.cells[place(lead, trail)];
        (cell != 0).then_some(cell >> 16)
    }

    /// Read whole lines from `start` on while they are plain, none longer than `most`; the answer is
    /// where the first begins that is not. The last may lack its end if the data end there.
    pub(super) fn read(
        &self,
        data: &[u8],
        start: usize,
        is_end: bool,
        most: usize,
        reading: &mut Reading,
    ) -> usize {
        // A few thousand lines at once, so that what is passed on is still at hand.
        const BATCH: usize = 1 << 15;
        let mut units = std::mem::take(&mut reading.scratch);
        let mut at = start;
        loop {
            // No line has more units than bytes.
            let enough = (BATCH + most).min(data.len() - at);
            if units.len() < enough {
                units.resize(enough, 0);
            }
            let (from, mut written) = (at, 0);
            let mut is_plain = true;
            while at < data.len() && written < BATCH && is_plain {
                match self.read_line(data, at, is_end, most, &mut units[written..]) {
                    Some((end, count)) => (at, written) = (end, written + count),
                    None => is_plain = false,
                }
            }
            if at > from {
                reading.push_units(at, self.name, &units[..written]);
            }
            if !is_plain || at >= data.len() {
                reading.scratch = units;
                return at;
            }
        }
    }

    /// The first or the last line of data that were cut in the midst of a character, if it is plain but for the
    /// byte that is left of that: where the line ends. Blocks of a file or of a log are cut like that.
    pub(super) fn read_cut(
        &self,
        data: &[u8],
        start: usize,
        is_end: bool,
        most: usize,
        reading: &mut Reading,
    ) -> Option<usize> {
        let whole = data.len();
        let may_be_cut = |at: usize| data[at] >= 0x80;
        let is_cut_before = may_be_cut(start)
            && start == 0
            && reading.is_at_start()
            && self.is_stopped(&data[..most.min(whole)]);
        let is_cut_behind = is_end && may_be_cut(whole - 1);
        let ways = [
            (is_cut_before, start + 1, whole),
            (is_cut_behind, start, whole - 1),
            (is_cut_before && is_cut_behind, start + 1, whole - 1),
        ];
        let mut units = std::mem::take(&mut reading.scratch);
        if units.len() < most.min(whole - start) {
            units.resize(most.min(whole - start), 0);
        }
        let read = ways
            .into_iter()
            .filter(|&(may_be, from, to)| may_be && from < to)
            .find_map(|(_, from, to)| {
                let is_end = is_end || to < whole;
                let (end, count) = self.read_line(&data[..to], from, is_end, most, &mut units)?;
                let is_far = |unit: &&u16| **unit >= 0x80;
                let is_plain = units[..count].iter().filter(is_far).count() >= ENOUGH;
                (is_plain && (to == whole || end == to)).then_some((from, end, to, count))
            });
        if let Some((from, end, to, count)) = read {
            if from > start {
                reading.lose(data, from, self.name, 1);
            }
            reading.push_units(end, self.name, &units[..count]);
            if to < whole {
                reading.lose(data, whole, self.name, 1);
            }
        }
        reading.scratch = units;
        read.map(|_| reading.done())
    }

    /// Whether the first line has a place that is no character, read from its first byte.
    fn is_stopped(&self, mut line: &[u8]) -> bool {
        loop {
            line = match *line {
                [b'\n', ..] | [] => return false,
                [0..0x80, ref behind @ ..] => behind,
                [lead, trail, ref behind @ ..] if self.cells[place(lead, trail)] != 0 => behind,
                _ => return true,
            };
        }
    }

    /// One line into `units`: where it ends, and how many they are. `None` if it is not plain, or its
    /// end is not there.
    #[inline]
    fn read_line(
        &self,
        data: &[u8],
        start: usize,
        is_end: bool,
        most: usize,
        units: &mut [u16],
    ) -> Option<(usize, usize)> {
        let line = &data[start..data.len().min(start + most)];
        let is_end = is_end && line.len() < most;
        let room = units.len();
        let mut places = units.iter_mut();
        let mut rest = line;
        let (mut pairs, mut cost, mut excess) = (0, 0, 0_u32);
        // What stands behind the first byte that is no ASCII, with it.
        let mut telling: &[u8] = &[];
        loop {
            match *rest {
                [lead @ 0x80..=0xFF, trail, ref behind @ ..] => {
                    let cell = self.cells[place(lead, trail)];
                    let one = cell >> 16;
                    cost += one;
                    excess = (excess + one).saturating_sub(USUAL);
                    if cell == 0 || excess > UNUSUAL {
                        return None;
                    }
                    if pairs == 0 {
                        telling = rest;
                    }
                    pairs += 1;
                    *places.next()? = cell as u16;
                    rest = behind;
                }
                [b'\n', ref behind @ ..] => {
                    *places.next()? = u16::from(b'\n');
                    rest = behind;
                    break;
                }
                [ascii @ 0..0x80, ref behind @ ..] => {
                    *places.next()? = u16::from(ascii);
                    rest = behind;
                    while let Some((eight, behind)) = rest.split_first_chunk::<8>()
                        && u64::from_le_bytes(*eight) & 0x8080_8080_8080_8080 == 0
                        && !eight.contains(&b'\n')
                        && places.len() >= 8
                    {
                        for (byte, place) in eight.iter().zip(&mut places) {
                            *place = u16::from(*byte);
                        }
                        rest = behind;
                    }
                }
                [] if is_end => break,
                _ => return None,
            }
        }
        if cost > USUAL * pairs {
            return None;
        }
        let (telling, end) = (telling.len(), line.len() - rest.len());
        let is_utf8 = pairs > 0 && is_utf8(&line[line.len() - telling..end]);
        let left = places.len();
        (!is_utf8).then_some((start + end, room - left))
    }
}

#[inline(always)]
fn place(lead: u8, trail: u8) -> usize {
    usize::from(lead & 0x7F) << 8 | usize::from(trail)
}

/// Whether bytes are UTF-8; they begin with one that is no ASCII.
#[inline]
fn is_utf8(bytes: &[u8]) -> bool {
    // Most pairs of other encodings are told by their second byte.
    matches!(bytes, [0xC2..=0xF4, 0x80..=0xBF, ..]) && std::str::from_utf8(bytes).is_ok()
}
