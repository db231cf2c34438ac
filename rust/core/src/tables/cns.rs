//! CNS 11643 beyond planes 1 and 2: what EUC-TW and ISO-2022-CN-EXT have besides Big5.
//!
//! In: a plane, a row and a column. Out: a code point. Never fails: what is not there is `None`.
//! `data/FORMAT.md` documents the bytes, `data/cns.py` makes them.

static TABLE: &[u8] = embed!("cns.bin");

const HEAD: usize = 16;
const PLANES: [u8; 6] = [3, 4, 5, 6, 7, 15];
const SIDE: usize = 94;
const CELLS: usize = PLANES.len() * SIDE * SIDE;
const FAR: usize = HEAD + 2 * CELLS;

// The size is part of the format: a table of another size does not compile.
const _: () = assert!(include_bytes!("cns.bin").len() == FAR + CELLS.div_ceil(8));

/// The character of a plane at a row and column, each 0x21 to 0x7E.
pub(crate) fn decode(plane: u8, row: u8, column: u8) -> Option<u32> {
    let page = PLANES.iter().position(|known| *known == plane)?;
    let place = |byte: u8| {
        (0x21..=0x7E)
            .contains(&byte)
            .then(|| usize::from(byte) - 0x21)
    };
    let cell = (page * SIDE + place(row)?) * SIDE + place(column)?;
    let low = u32::from(u16::from_le_bytes([
        TABLE[HEAD + 2 * cell],
        TABLE[HEAD + 2 * cell + 1],
    ]));
    let is_far = TABLE[FAR + cell / 8] >> (cell % 8) & 1;
    (low != 0).then_some(low | u32::from(is_far) << 17)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_what_the_code_expects() {
        assert_eq!(&TABLE[..16], b"HFCN\x01\0\0\0\x06\0\0\0\0\0\0\0");
    }

    #[test]
    fn characters_of_either_plane_of_unicode() {
        assert_eq!(decode(3, 0x44, 0x4E), Some('裏' as u32));
        assert_eq!(decode(3, 0x21, 0x22), Some('丶' as u32));
        assert_eq!(decode(2, 0x21, 0x21), None);
        assert_eq!(decode(3, 0x20, 0x21), None);
        assert_eq!(decode(3, 0x21, 0xA1), None);
    }
}
