//! CNS 11643, the set of EUC-TW and ISO-2022-CN: planes 1 and 2 by way of Big5, the others by table.
//!
//! In: plane, row and column. Out: a code point. Never fails: what is not there is `None`.
//!
//! Big5 and planes 1 and 2 both sort the same characters by strokes and radicals, so one is the other's sequence but for
//! the places that Big5 got wrong. The ranges below are those places (facts as listed in
//! PostgreSQL's `euc_tw_and_big5`, PostgreSQL licence).

use crate::codec::big5;
use crate::tables::cns as beyond;
use std::sync::LazyLock;

/// (CNS, Big5) where a run begins in both; Big5 0 ends the one before. Sorted.
const PLANE_1: [(u16, u16); 26] = [
    (0x2121, 0xA140),
    (0x2257, 0xA1F7),
    (0x2258, 0xA1F6),
    (0x2259, 0xA1F8),
    (0x234F, 0),
    (0x2421, 0xA2AF),
    (0x2571, 0),
    (0x4221, 0xA3C0),
    (0x4242, 0),
    (0x4421, 0xA440),
    (0x5323, 0xAD40),
    (0x5753, 0xACFE),
    (0x5754, 0xAFD0),
    (0x6B50, 0xBE52),
    (0x6B51, 0xBBC8),
    (0x6F5C, 0xBE53),
    (0x7535, 0xC2CB),
    (0x7536, 0xC1AB),
    (0x7737, 0xC2CC),
    (0x782D, 0xC456),
    (0x782E, 0xC361),
    (0x7864, 0xC3BA),
    (0x7865, 0xC3B9),
    (0x7866, 0xC3BB),
    (0x7962, 0xC457),
    (0x7D4C, 0),
];

const PLANE_2: [(u16, u16); 47] = [
    (0x2121, 0xC940),
    (0x212B, 0xC94B),
    (0x214C, 0xC9BE),
    (0x214D, 0xC96C),
    (0x217D, 0xC9BF),
    (0x224D, 0xCAF7),
    (0x224E, 0xC9ED),
    (0x2439, 0xCAF8),
    (0x387E, 0xD77B),
    (0x3F6A, 0xD77A),
    (0x3F6B, 0xDBA7),
    (0x4424, 0xDDFD),
    (0x554B, 0xEBF1),
    (0x554C, 0xE8A3),
    (0x5722, 0xECDE),
    (0x5723, 0xE976),
    (0x5A28, 0xF0CB),
    (0x5A29, 0xEB5B),
    (0x5B3F, 0xEBF2),
    (0x5C6A, 0xECDF),
    (0x5D74, 0xF056),
    (0x5D75, 0xEDAA),
    (0x6039, 0xEEEC),
    (0x6243, 0xF057),
    (0x6337, 0xF0CC),
    (0x642F, 0xEEEB),
    (0x6430, 0xF163),
    (0x6438, 0xF16C),
    (0x6573, 0xF269),
    (0x664D, 0xF4B5),
    (0x664E, 0xF2C3),
    (0x6761, 0xF16B),
    (0x6762, 0xF375),
    (0x6934, 0xF268),
    (0x6935, 0xF466),
    (0x6962, 0xF4B6),
    (0x6A4B, 0xF663),
    (0x6A4C, 0xF4FD),
    (0x6C52, 0xF664),
    (0x7166, 0xF9C4),
    (0x7167, 0xF977),
    (0x7234, 0xF9C5),
    (0x7235, 0xF9C7),
    (0x7240, 0xF9C6),
    (0x7241, 0xF9D2),
    (0x7245, 0),
    (0x7E7F, 0),
];

/// Rows 0x21 to 0x7E of 94 characters; 0 where there is none.
struct Plane(Box<[u16]>);

impl Plane {
    fn new(runs: &[(u16, u16)]) -> Plane {
        let mut characters = vec![0; 94 * 94];
        for pair in runs.windows(2) {
            let mut code = pair[0].1;
            let end = cell(pair[1].0).min(94 * 94);
            for slot in &mut characters[cell(pair[0].0)..end] {
                if code == 0 {
                    break;
                }
                let [lead, trail] = code.to_be_bytes();
                if let Some(character) = big5().decode(lead, trail) {
                    *slot = character as u16;
                }
                code = following(code);
            }
        }
        Plane(characters.into())
    }
}

fn cell(cns: u16) -> usize {
    let [row, column] = cns.to_be_bytes();
    (row as usize - 0x21) * 94 + (column as usize - 0x21)
}

/// The Big5 code behind another: second bytes are 40 to 7E and A1 to FE.
fn following(code: u16) -> u16 {
    match code & 0xFF {
        0x7E => code + (0xA1 - 0x7E),
        0xFE => code - 0xFE + 0x100 + 0x40,
        _ => code + 1,
    }
}

/// The character at a row and column, each 0x21 to 0x7E, of a plane.
pub(crate) fn decode(plane: u8, row: u8, column: u8) -> Option<u32> {
    static PLANES: LazyLock<[Plane; 2]> =
        LazyLock::new(|| [Plane::new(&PLANE_1), Plane::new(&PLANE_2)]);
    if !(0x21..=0x7E).contains(&row) || !(0x21..=0x7E).contains(&column) {
        return None;
    }
    if plane > 2 {
        return beyond::decode(plane, row, column);
    }
    let plane = PLANES.get(plane.checked_sub(1)? as usize)?;
    let character = plane.0[cell(u16::from_be_bytes([row, column]))];
    (character != 0).then_some(u32::from(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_levels_of_big5_are_there_once() {
        let count = |plane, first_row| {
            let cells =
                (first_row..=0x7E).flat_map(|row| (0x21..=0x7E).map(move |column| (row, column)));
            let mut han: Vec<u32> = cells
                .filter_map(|(row, column)| decode(plane, row, column))
                .filter(|character| (0x4E00..0xA000).contains(character))
                .collect();
            han.sort_unstable();
            let all = han.len();
            han.dedup();
            (all, han.len())
        };
        // 5,401 and 7,650 by the standard.
        assert_eq!(count(1, 0x44), (5401, 5401));
        assert_eq!(count(2, 0x21).1, 7650);
    }

    #[test]
    fn first_and_moved_characters() {
        assert_eq!(decode(1, 0x44, 0x21), Some('一' as u32));
        assert_eq!(decode(1, 0x57, 0x53), big5().decode(0xAC, 0xFE));
        assert_eq!(decode(2, 0x21, 0x21), Some('乂' as u32));
        assert_eq!(decode(3, 0x44, 0x4E), Some('裏' as u32));
        assert_eq!(decode(8, 0x21, 0x21), None);
    }
}
