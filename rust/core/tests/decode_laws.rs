//! What decode promises for any bytes, and a short deterministic walk through many of them.
//!
//! `fuzz/` runs [`check`] on whatever a fuzzer makes up; here it runs on damaged text of every
//! encoding, made by a generator with a fixed seed, so that the same bytes are tried everywhere.

use hanfix_core::decode::{Options, Piece, Span, Stream, decode, hint};
use hanfix_core::text::Written;

/// What once broke a law.
#[cfg(test)]
const REGRESSIONS: &[&[u8]] = &[
    b"",
    b"\xFF",
    b"\xFF\xFE",
    b"\xFE\xFF\x00",
    b"\x00\x00\xFE\xFF",
    b"~{",
    b"\x1B$)A\x0E",
    b"\xED\xA0\x80",
    b"a\x80\n\x80\n",
];

/// Every law, on these bytes.
pub fn check(data: &[u8]) {
    for keeps in [false, true] {
        let options = Options { hint: None, keeps };
        let (whole, _) = decode(data, options, None);
        accounted(data, &whole);
        for size in [1, 7, 64] {
            let mut stream = Stream::new(options);
            let mut pieces: Vec<Piece> = data
                .chunks(size)
                .map(|chunk| stream.feed(chunk, None))
                .collect();
            pieces.push(stream.finish(None));
            same(data, &whole, &pieces);
        }
    }
    for name in ["gb18030", "big5", "utf-16-le", "johab", "euc-tw", "cp037"] {
        let options = Options {
            hint: hint(name),
            keeps: false,
        };
        accounted(data, &decode(data, options, None).0);
    }
}

/// Every byte is in exactly one span, every code point in one, and losses lie within.
fn accounted(data: &[u8], piece: &Piece) {
    let mut done = 0;
    for span in &piece.spans {
        assert_eq!(span.start, done);
        assert!(span.end > span.start);
        done = span.end;
    }
    assert_eq!(done, data.len());
    let length: usize = piece.spans.iter().map(|span| span.length).sum();
    assert_eq!(length, piece.text.len());
    let mut lost = 0;
    for loss in &piece.losses {
        assert!(lost <= loss.start && loss.start < loss.end && loss.end <= data.len());
        lost = loss.end;
    }
}

/// The pieces are the whole, cut up.
fn same(data: &[u8], whole: &Piece, pieces: &[Piece]) {
    let text: Vec<u32> = pieces.iter().flat_map(|piece| wide(&piece.text)).collect();
    assert_eq!(text, wide(&whole.text));
    let spans: Vec<Span> = pieces
        .iter()
        .flat_map(|piece| piece.spans.clone())
        .collect();
    assert_eq!(read_as(data, &spans), read_as(data, &whole.spans));
    let lost = |losses: &mut dyn Iterator<Item = (usize, usize)>| -> Vec<usize> {
        losses.flat_map(|(start, end)| start..end).collect()
    };
    let losses = pieces.iter().flat_map(|piece| &piece.losses);
    assert_eq!(
        lost(&mut losses.map(|loss| (loss.start, loss.end))),
        lost(&mut whole.losses.iter().map(|loss| (loss.start, loss.end)))
    );
}

/// What every byte that is no ASCII was read as.
fn read_as(data: &[u8], spans: &[Span]) -> Vec<(usize, &'static str)> {
    let each = |span: &Span| {
        (span.start..span.end)
            .map(|at| (at, span.encoding))
            .collect()
    };
    let all = spans
        .iter()
        .flat_map(|span| -> Vec<(usize, &'static str)> { each(span) });
    all.filter(|(at, _)| data[*at] >= 0x80).collect()
}

fn wide(text: &Written<u16>) -> Vec<u32> {
    text.to_wide()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Marsaglia's xorshift: the same numbers everywhere.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 % sides as u64) as usize
        }
    }

    const LINES: [&str; 5] = [
        "他每天早上六点起床跑步。\n",
        "這家餐廳的麵條很好吃。\n",
        "この本はとても面白いです。\r\n",
        "plain ASCII ~{ with a tilde\n",
        "ｱｲｳ　━━━━\n",
    ];

    fn encoded(line: &str, dice: &mut Dice) -> Vec<u8> {
        let encoding = [
            encoding_rs::GB18030,
            encoding_rs::BIG5,
            encoding_rs::UTF_8,
            encoding_rs::SHIFT_JIS,
            encoding_rs::ISO_2022_JP,
        ][dice.roll(5)];
        match dice.roll(8) {
            0 => line.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            _ => encoding.encode(line).0.into_owned(),
        }
    }

    #[test]
    fn laws_hold_for_damaged_text() {
        let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
        for _ in 0..400 {
            let mut data = Vec::new();
            for _ in 0..dice.roll(6) {
                data.extend(encoded(LINES[dice.roll(LINES.len())], &mut dice));
            }
            for _ in 0..dice.roll(5) {
                let at = dice.roll(data.len() + 1);
                match dice.roll(3) {
                    0 if at < data.len() => drop(data.remove(at)),
                    1 => data.insert(at, dice.roll(256) as u8),
                    _ if at < data.len() => data[at] ^= 1 << dice.roll(8),
                    _ => {}
                }
            }
            check(&data);
        }
    }

    #[test]
    fn laws_hold_for_noise() {
        let mut dice = Dice(7);
        for length in 0..200 {
            let data: Vec<u8> = (0..length).map(|_| dice.roll(256) as u8).collect();
            check(&data);
        }
    }

    #[test]
    fn what_once_broke_them_does_not() {
        REGRESSIONS.iter().for_each(|data| check(data));
    }
}
