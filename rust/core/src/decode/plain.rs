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
const USUAL: u32 = 86;
/// Tenths of a nat by which some stretch may be less likely than that: three rare characters of a
/// name, or a lost byte before the next ASCII.
const UNUSUAL: u32 = 110;

const FIRST: (u8, u8) = (0x81, 0x40);
const ROW: usize = 0xFF - 0x40;

/// By pair of bytes: a unit, and above it what it costs. 0 where a pair is no character of the
/// basic plane.
pub(super) struct Plain {
    cells: Box<[u32]>,
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
        let leads = FIRST.0..=0xFE_u8;
        let cells = leads.flat_map(|lead| {
            (FIRST.1..=0xFE).map(move |trail| match table.decode(lead, trail) {
                Some(one @ 1..=0xFFFF) => likelihood::alone(one) << 16 | one,
                _ => 0,
            })
        });
        Plain {
            cells: cells.collect(),
            name,
        }
    }

    #[inline(always)]
    fn cell(&self, lead: u8, trail: u8) -> u32 {
        let row = usize::from(lead.wrapping_sub(FIRST.0));
        let column = usize::from(trail.wrapping_sub(FIRST.1));
        // A trail below 0x40 wraps to beyond the row.
        match column < ROW {
            true => self.cells.get(row * ROW + column).copied().unwrap_or(0),
            false => 0,
        }
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
        let mut units: Vec<u16> = Vec::with_capacity(BATCH.min(data.len() - start) + 64);
        let mut at = start;
        loop {
            units.clear();
            let from = at;
            let mut is_plain = true;
            while at < data.len() && units.len() < BATCH {
                let before = units.len();
                match self.read_line(data, at, is_end, most, &mut units) {
                    Some(end) => at = end,
                    None => {
                        units.truncate(before);
                        is_plain = false;
                        break;
                    }
                }
            }
            if at > from {
                reading.push_units(at, self.name, &units);
            }
            if !is_plain || at >= data.len() {
                return at;
            }
        }
    }

    /// One line; `None` if it is not plain, or its end is not there.
    #[inline]
    fn read_line(
        &self,
        data: &[u8],
        start: usize,
        is_end: bool,
        most: usize,
        units: &mut Vec<u16>,
    ) -> Option<usize> {
        let data = &data[..data.len().min(start + most)];
        let is_end = is_end && data.len() < start + most;
        let (mut at, mut pairs, mut cost, mut excess) = (start, 0, 0, 0_u32);
        let mut first_pair = None;
        loop {
            let Some(&lead) = data.get(at) else {
                if !is_end {
                    return None;
                }
                break;
            };
            if lead < 0x80 {
                if let Some(eight) = data.get(at..at + 8).and_then(<[u8]>::first_chunk::<8>)
                    && u64::from_le_bytes(*eight) & 0x8080_8080_8080_8080 == 0
                    && !eight.contains(&b'\n')
                {
                    units.extend(eight.map(u16::from));
                    at += 8;
                    continue;
                }
                units.push(u16::from(lead));
                at += 1;
                if lead == b'\n' {
                    break;
                }
                continue;
            }
            let cell = self.cell(lead, *data.get(at + 1)?);
            let one = cell >> 16;
            cost += one;
            excess = (excess + one).saturating_sub(USUAL);
            if cell == 0 || excess > UNUSUAL {
                return None;
            }
            if pairs == 0 {
                first_pair = Some(at);
            }
            pairs += 1;
            units.push(cell as u16);
            at += 2;
        }
        let is_utf8 = first_pair.is_some_and(|first| std::str::from_utf8(&data[first..at]).is_ok());
        (cost <= USUAL * pairs && !is_utf8).then_some(at)
    }
}
