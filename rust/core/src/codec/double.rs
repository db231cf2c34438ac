//! The encodings of two bytes a character, as tables in both directions.
//!
//! The tables are made once, on first use, by asking `encoding_rs` for every pair of bytes (24,000
//! pairs, well under a millisecond), and completed by what other implementations read differently.

use crate::codec::step::PAIRS;
use encoding_rs::Encoding;
use std::sync::LazyLock;

const LEADS: std::ops::RangeInclusive<u8> = 0x81..=0xFE;
const TRAILS: std::ops::RangeInclusive<u8> = 0x40..=0xFE;
const ROW: usize = 0xFE - 0x40 + 1;

/// Every character of two bytes, by its bytes, and the bytes by character.
pub struct Double {
    characters: Box<[u32]>,
    /// For the basic plane; 0 where there is none.
    bytes: Box<[u16]>,
    /// Beyond the basic plane, sorted.
    far: Box<[(u32, u16)]>,
    /// Second places of characters that stand twice, sorted.
    others: Box<[(u32, u16)]>,
}

/// Of two places, the first.
const FIRST: fn(u16, u16) -> bool = |_, _| false;

/// Of two places in Big5, the one that is no repetition in HKSCS' rows.
const BIG5_ORDER: fn(u16, u16) -> bool = |first, later| first < 0xA140 && later >= 0xA140;

impl Double {
    fn new(
        encoding: &'static Encoding,
        dialects: &[(u16, u32)],
        is_better: fn(u16, u16) -> bool,
    ) -> Double {
        let mut characters = vec![0_u32; ROW * (0xFE - 0x81 + 1)];
        let mut bytes = vec![0_u16; 0x1_0000];
        let mut far = Vec::new();
        // A newline between: no encoding takes it for a second byte.
        let all: Vec<u8> = LEADS
            .flat_map(|lead| TRAILS.flat_map(move |trail| [lead, trail, b'\n']))
            .collect();
        let (text, _) = encoding.decode_without_bom_handling(&all);
        let pairs = LEADS.flat_map(|lead| TRAILS.map(move |trail| (lead, trail)));
        for ((lead, trail), read) in pairs.zip(text.split('\n')) {
            let mut read = read.chars();
            let character = match (read.next(), read.next(), read.next()) {
                (Some(char::REPLACEMENT_CHARACTER), ..) | (None, ..) => continue,
                (Some(one), None, _) => u32::from(one),
                (Some(base), Some(mark), None) => {
                    let pair = [u32::from(base), u32::from(mark)];
                    // A lone byte and an ASCII one are no character of two bytes.
                    match PAIRS.iter().position(|known| *known == pair) {
                        Some(at) => 0x11_0000 + at as u32,
                        None => continue,
                    }
                }
                _ => continue,
            };
            characters[place(lead, trail)] = character;
            let code = u16::from_be_bytes([lead, trail]);
            match bytes.get_mut(character as usize) {
                // The first place of a character that stands twice is the usual one, but for what
                // Big5 repeats in HKSCS' rows below A1.
                Some(slot) if *slot == 0 || is_better(*slot, code) => *slot = code,
                Some(_) => {}
                None if character < 0x11_0000 => far.push((character, code)),
                None => {}
            }
        }
        let mut told = None;
        let overrides = encoding == encoding_rs::BIG5 || encoding == encoding_rs::EUC_JP;
        for &(code, character) in dialects {
            let slot = &mut bytes[character as usize];
            if *slot == 0 {
                *slot = code;
            }
            let [lead, trail] = code.to_be_bytes();
            let place = &mut characters[place(lead, trail)];
            // The first of a code's dialects is how it is read here.
            if *place == 0 || (told != Some(code) && overrides) {
                *place = character;
            }
            told = Some(code);
        }
        far.sort_unstable();
        let mut table = Double {
            characters: characters.into(),
            bytes: bytes.into(),
            far: far.into(),
            others: [].into(),
        };
        let pairs = LEADS.flat_map(|lead| TRAILS.map(move |trail| [lead, trail]));
        let mut others: Vec<(u32, u16)> = pairs
            .filter_map(|pair| {
                let character = table.decode(pair[0], pair[1])?;
                let is_other = table.encode(character).is_some_and(|first| first != pair);
                is_other.then_some((character, u16::from_be_bytes(pair)))
            })
            .collect();
        others.sort_unstable();
        table.others = others.into();
        table
    }

    /// The character of two bytes, if they are one.
    #[inline(always)]
    pub fn decode(&self, lead: u8, trail: u8) -> Option<u32> {
        if !LEADS.contains(&lead) || !TRAILS.contains(&trail) {
            return None;
        }
        let character = self.characters[place(lead, trail)];
        (character != 0).then_some(character)
    }

    /// The two bytes of a character, if it has any.
    #[inline]
    pub fn encode(&self, code_point: u32) -> Option<[u8; 2]> {
        if let Some(&code) = self.bytes.get(code_point as usize) {
            return (code != 0).then(|| code.to_be_bytes());
        }
        let found = self.far.binary_search_by_key(&code_point, |entry| entry.0);
        found.ok().map(|at| self.far[at].1.to_be_bytes())
    }
}

impl Double {
    /// The other two bytes of a character that stands twice: of three places, the last.
    pub fn encode_other(&self, code_point: u32) -> Option<[u8; 2]> {
        let end = self.others.partition_point(|entry| entry.0 <= code_point);
        let found = self.others.get(end.checked_sub(1)?)?;
        (found.0 == code_point).then(|| found.1.to_be_bytes())
    }
}

#[inline(always)]
fn place(lead: u8, trail: u8) -> usize {
    (lead as usize - 0x81) * ROW + (trail as usize - 0x40)
}

/// GBK with its private-use rows, and what GB 18030 has given proper places since 2005: older
/// implementations still read them into private use.
const GBK_DIALECTS: [(u16, u32); 26] = [
    (0xA6D9, 0xE78D),
    (0xA6DA, 0xE78E),
    (0xA6DB, 0xE78F),
    (0xA6DC, 0xE790),
    (0xA6DD, 0xE791),
    (0xA6DE, 0xE792),
    (0xA6DF, 0xE793),
    (0xA6EC, 0xE794),
    (0xA6ED, 0xE795),
    (0xA6F3, 0xE796),
    (0xA8BC, 0xE7C7),
    (0xFE59, 0xE81E),
    (0xFE61, 0xE826),
    (0xFE66, 0xE82B),
    (0xFE67, 0xE82C),
    (0xFE6D, 0xE832),
    (0xFE7E, 0xE843),
    (0xFE90, 0xE854),
    (0xFEA0, 0xE864),
    (0xFE51, 0xE816),
    (0xFE52, 0xE817),
    (0xFE53, 0xE818),
    (0xFE6C, 0xE831),
    (0xFE76, 0xE83B),
    (0xFE91, 0xE855),
    (0xA3A0, 0xE5E5),
];

/// Codes that Python's `big5` and HKSCS read otherwise than Windows' cp950 and the web. The first
/// of a pair is how it is read here.
const BIG5_DIALECTS: [(u16, u32); 24] = [
    (0xA145, 0x2022),
    (0xA145, 0x2027),
    (0xA14E, 0xFF64),
    (0xA14E, 0xFE51),
    (0xA1C2, 0x203E),
    (0xA1C2, 0x00AF),
    (0xA1E3, 0x223C),
    (0xA1E3, 0xFF5E),
    (0xA1F2, 0x2641),
    (0xA1F2, 0x2295),
    (0xA1F3, 0x2609),
    (0xA1F3, 0x2299),
    (0xA241, 0xFF0F),
    (0xA241, 0x2215),
    (0xA242, 0xFF3C),
    (0xA242, 0xFE68),
    (0xA244, 0x00A5),
    (0xA244, 0xFFE5),
    (0xA246, 0x00A2),
    (0xA246, 0xFFE0),
    (0xA247, 0x00A3),
    (0xA247, 0xFFE1),
    (0xA3E1, 0x20AC),
    (0xA1C3, 0xFFE3),
];

/// GBK: the two-byte half of GB 18030.
pub fn gbk_table() -> &'static Double {
    static TABLE: LazyLock<Double> =
        LazyLock::new(|| Double::new(encoding_rs::GB18030, &GBK_DIALECTS, FIRST));
    &TABLE
}

/// Big5 with ETEN's extensions and HKSCS.
pub fn big5() -> &'static Double {
    static TABLE: LazyLock<Double> =
        LazyLock::new(|| Double::new(encoding_rs::BIG5, &BIG5_DIALECTS, BIG5_ORDER));
    &TABLE
}

/// Runs of code points from C6A1 on, in the Unicode Consortium's table of Big5.
const BIG5_UNICODE: [(u32, usize); 13] = [
    (0x30FE, 1),
    (0x309D, 2),
    (0x3005, 1),
    (0x3041, 83),
    (0x30A1, 86),
    (0x0414, 2),
    (0x0401, 1),
    (0x0416, 7),
    (0x0423, 19),
    (0x0451, 1),
    (0x0436, 26),
    (0x2460, 10),
    (0x2474, 10),
];

/// Big5 with kana and Cyrillic where the Unicode Consortium's table has them, and Python's `big5`
/// and `cp950` with it: a row before ETEN's and HKSCS'.
pub fn big5_unicode() -> &'static Double {
    static TABLE: LazyLock<Double> = LazyLock::new(|| {
        let mut table = Double::new(encoding_rs::BIG5, &BIG5_DIALECTS, BIG5_ORDER);
        let cells = (0xC6..=0xC8_u8).flat_map(|lead| {
            let trails = (0x40..=0x7E).chain(0xA1..=0xFE_u8);
            trails.map(move |trail| (lead, trail))
        });
        let cells: Vec<(u8, u8)> = cells.filter(|cell| *cell >= (0xC6, 0xA1)).collect();
        for &(lead, trail) in &cells {
            let old = std::mem::take(&mut table.characters[place(lead, trail)]);
            if let Some(slot) = table.bytes.get_mut(old as usize) {
                *slot = 0;
            }
        }
        let runs = BIG5_UNICODE.iter();
        let characters =
            runs.flat_map(|(first, length)| (0..*length as u32).map(move |k| first + k));
        for (&(lead, trail), character) in cells.iter().zip(characters) {
            table.characters[place(lead, trail)] = character;
            table.bytes[character as usize] = u16::from_be_bytes([lead, trail]);
        }
        table
    });
    &TABLE
}

/// EUC-KR with all syllables (Windows' cp949).
pub fn euc_kr() -> &'static Double {
    static TABLE: LazyLock<Double> = LazyLock::new(|| Double::new(encoding_rs::EUC_KR, &[], FIRST));
    &TABLE
}

/// What Python's `shift_jis` and other converters write otherwise than the web.
const SHIFT_JIS_DIALECTS: [(u16, u32); 7] = [
    (0x8160, 0x301C),
    (0x8161, 0x2016),
    (0x817C, 0x2212),
    (0x8191, 0x00A2),
    (0x8192, 0x00A3),
    (0x81CA, 0x00AC),
    (0x815C, 0x2014),
];

/// Shift_JIS with NEC's and IBM's rows (Windows' cp932).
pub fn shift_jis() -> &'static Double {
    static TABLE: LazyLock<Double> =
        LazyLock::new(|| Double::new(encoding_rs::SHIFT_JIS, &SHIFT_JIS_DIALECTS, FIRST));
    &TABLE
}

/// What Python's `euc_jp`, with JIS, reads otherwise than Windows and the web.
const EUC_JP_DIALECTS: [(u16, u32); 6] = [
    (0xA1C1, 0x301C),
    (0xA1C2, 0x2016),
    (0xA1DD, 0x2212),
    (0xA1F1, 0x00A2),
    (0xA1F2, 0x00A3),
    (0xA2CC, 0x00AC),
];

/// The double-byte part of EUC-JP.
pub(crate) fn euc_jp() -> &'static Double {
    static TABLE: LazyLock<Double> =
        LazyLock::new(|| Double::new(encoding_rs::EUC_JP, &EUC_JP_DIALECTS, FIRST));
    &TABLE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_decodes_encodes_back_to_the_same_character() {
        for table in [gbk_table(), big5(), euc_kr(), shift_jis(), euc_jp()] {
            let mut seen = 0;
            for lead in LEADS {
                for trail in TRAILS {
                    let Some(character) = table.decode(lead, trail) else {
                        continue;
                    };
                    if character >= 0x11_0000 {
                        continue;
                    }
                    seen += 1;
                    let [lead, trail] = table.encode(character).unwrap();
                    // The same character, or what another implementation reads there.
                    let read = table.decode(lead, trail).unwrap();
                    assert_eq!(table.encode(read), Some([lead, trail]));
                }
            }
            assert!(seen > 6000);
        }
    }

    #[test]
    fn dialects_read_as_the_web_reads_and_write_what_any_wrote() {
        assert_eq!(gbk_table().decode(0xA1, 0xAA), Some(0x2014));
        assert_eq!(gbk_table().encode(0x2014), Some([0xA1, 0xAA]));
        assert_eq!(gbk_table().decode(0xAA, 0xA1), Some(0xE000));
        assert_eq!(gbk_table().encode(0xE81E), Some([0xFE, 0x59]));
        assert_eq!(big5().encode(0x2022), Some([0xA1, 0x45]));
        assert_eq!(big5().encode(0x2027), Some([0xA1, 0x45]));
    }
}
