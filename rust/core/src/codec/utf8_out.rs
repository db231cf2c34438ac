//! UTF-16 as UTF-8, eight characters at a look.
//!
//! In: units. Out: their UTF-8, behind what is there, as far as the caller wants it. Never takes a
//! unit for a character of three bytes that is none: the loop by single units stands behind every
//! stop. Where the machine lacks SSSE3, encoding_rs does it.
//!
//! Why it is here: encoding_rs writes Chinese at 0.7 GB/s, a tenth of the time of a batch job; this
//! takes a third of that (`benchmarks/batch_jobs.py`).

#[cfg(target_arch = "x86_64")]
use super::{has_avx512, utf8_out_wide as wide};

/// How a unit before U+0800 is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Short {
    /// As any other.
    Itself,
    /// As these two bytes: an escape.
    Pair([u8; 2]),
    /// Not here: the caller does it.
    Stop,
}

/// Put UTF-16 behind bytes, as UTF-8, up to the first surrogate, or the first unit before U+0800 that
/// `takes` refuses; the answer is how many units were put there.
///
/// ```
/// use hanfix_core::codec::utf8::push_while;
///
/// let units: Vec<u16> = "文字 é\"…".encode_utf16().collect();
/// let mut bytes = b"a ".to_vec();
/// assert_eq!(push_while(&mut bytes, &units, |unit| unit != 0x22), 4);
/// assert_eq!(bytes, "a 文字 é".as_bytes());
/// ```
pub fn push_while(bytes: &mut Vec<u8>, units: &[u16], takes: impl Fn(u16) -> bool) -> usize {
    push_with(bytes, units, |unit| match takes(unit) {
        true => Short::Itself,
        false => Short::Stop,
    })
}

/// The same, where units before U+0800 may be written as two bytes of the caller's.
///
/// ```
/// use hanfix_core::codec::utf8::{Short, push_with};
///
/// let units: Vec<u16> = "文\n字".encode_utf16().collect();
/// let mut bytes = Vec::new();
/// let escaped = |unit| match unit {
///     0x0A => Short::Pair(*b"\\n"),
///     _ => Short::Itself,
/// };
/// assert_eq!(push_with(&mut bytes, &units, escaped), 3);
/// assert_eq!(bytes, "文\\n字".as_bytes());
/// ```
pub fn push_with(bytes: &mut Vec<u8>, units: &[u16], short: impl Fn(u16) -> Short) -> usize {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("ssse3") {
        // Sixteen bytes are stored where twelve are meant, twice; or 64 at once.
        bytes.reserve(units.len() * 3 + wide::STORED);
        let mut taken = 0;
        if has_avx512() {
            // SAFETY: the machine has what it asks for, and room was reserved.
            taken = unsafe {
                let out = bytes.as_mut_ptr().add(bytes.len());
                let (taken, written) = wide::write(out, units, &short);
                bytes.set_len(bytes.len() + written);
                taken
            };
        }
        // SAFETY: the machine has SSSE3, and room for the rest is left.
        return taken + unsafe { with_ssse3(bytes, &units[taken..], short) };
    }
    let mut taken = 0;
    loop {
        let rest = &units[taken..];
        let ends = |unit: &u16| how(*unit, &short) != Short::Itself;
        let run = rest.iter().position(ends).unwrap_or(rest.len());
        let start = bytes.len();
        bytes.resize(start + run * 3, 0);
        let written = encoding_rs::mem::convert_utf16_to_utf8(&rest[..run], &mut bytes[start..]);
        bytes.truncate(start + written);
        taken += run;
        match rest.get(run).map(|unit| how(*unit, &short)) {
            Some(Short::Pair(pair)) => bytes.extend_from_slice(&pair),
            _ => return taken,
        }
        taken += 1;
    }
}

#[inline]
pub(super) fn how(unit: u16, short: impl Fn(u16) -> Short) -> Short {
    match unit {
        0..0x800 => short(unit),
        0xD800..0xE000 => Short::Stop,
        _ => Short::Itself,
    }
}

/// # Safety
///
/// Behind the bytes three for each unit are reserved, and eight more.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "ssse3")]
unsafe fn with_ssse3(bytes: &mut Vec<u8>, units: &[u16], short: impl Fn(u16) -> Short) -> usize {
    use std::arch::x86_64::{
        __m128i, _mm_and_si128, _mm_cmpeq_epi16, _mm_loadu_si128, _mm_movemask_epi8, _mm_or_si128,
        _mm_packus_epi16, _mm_set1_epi16, _mm_setr_epi8, _mm_setzero_si128, _mm_shuffle_epi8,
        _mm_slli_epi16, _mm_srli_epi16, _mm_storel_epi64, _mm_storeu_si128, _mm_unpackhi_epi16,
        _mm_unpacklo_epi16,
    };
    let start = bytes.len();
    let out = bytes.as_mut_ptr();
    let (mut at, mut end) = (0, start);
    let packed = _mm_setr_epi8(0, 2, 3, 4, 6, 7, 8, 10, 11, 12, 14, 15, -1, -1, -1, -1);
    while at + 8 <= units.len() {
        // SAFETY: eight units are there from `at` on; the load needs no alignment.
        let eight: __m128i = unsafe { _mm_loadu_si128(units.as_ptr().add(at).cast()) };
        let high = _mm_srli_epi16(eight, 11);
        let is_short = _mm_movemask_epi8(_mm_cmpeq_epi16(high, _mm_setzero_si128()));
        if is_short == 0xFFFF {
            let low = _mm_and_si128(eight, _mm_set1_epi16(!0x7F));
            let is_ascii = _mm_movemask_epi8(_mm_cmpeq_epi16(low, _mm_setzero_si128())) == 0xFFFF;
            let is_itself = |unit: &u16| short(*unit) == Short::Itself;
            if is_ascii && units[at..at + 8].iter().all(is_itself) {
                // SAFETY: three bytes a unit were reserved from `end` on for what is left.
                unsafe { _mm_storel_epi64(out.add(end).cast(), _mm_packus_epi16(eight, eight)) };
                (at, end) = (at + 8, end + 8);
                continue;
            }
        }
        // The first of three bytes, and the other two, in lanes of sixteen bits.
        let first = _mm_or_si128(_mm_srli_epi16(eight, 12), _mm_set1_epi16(0xE0));
        let second = _mm_and_si128(_mm_srli_epi16(eight, 6), _mm_set1_epi16(0x3F));
        let third = _mm_and_si128(eight, _mm_set1_epi16(0x3F));
        let others = _mm_or_si128(second, _mm_slli_epi16(third, 8));
        let others = _mm_or_si128(others, _mm_set1_epi16(0x8080_u16.cast_signed()));
        let front = _mm_shuffle_epi8(_mm_unpacklo_epi16(first, others), packed);
        let back = _mm_shuffle_epi8(_mm_unpackhi_epi16(first, others), packed);
        // SAFETY: of what was reserved at least 24 bytes for these eight and 8 more are left.
        unsafe {
            _mm_storeu_si128(out.add(end).cast(), front);
            _mm_storeu_si128(out.add(end + 12).cast(), back);
        }
        let half = _mm_movemask_epi8(_mm_cmpeq_epi16(high, _mm_set1_epi16(0x1B)));
        let run = ((is_short | half).trailing_zeros() / 2).min(8) as usize;
        (at, end) = (at + run, end + run * 3);
        if run < 8 {
            // SAFETY: the unit is one of the eight, whose places are not used up.
            let length = unsafe { put(out.add(end), units[at], &short) };
            if length == 0 {
                break;
            }
            (at, end) = (at + 1, end + length);
        }
    }
    while at < units.len() {
        // SAFETY: three bytes are left for each unit.
        let length = unsafe { put(out.add(end), units[at], &short) };
        if length == 0 {
            break;
        }
        (at, end) = (at + 1, end + length);
    }
    // SAFETY: all up to `end` was written, which lies in what was reserved.
    unsafe { bytes.set_len(end) };
    at
}

/// Write one unit; the answer is how many bytes that were, and none where it is not to be written here.
///
/// # Safety
///
/// `out` is valid for writing three bytes.
#[cfg(target_arch = "x86_64")]
#[inline]
unsafe fn put(out: *mut u8, unit: u16, short: impl Fn(u16) -> Short) -> usize {
    let tail = |shift: u16| 0x80 | (unit >> shift & 0x3F) as u8;
    let (written, length) = match (how(unit, short), unit) {
        (Short::Stop, _) => return 0,
        (Short::Pair([first, second]), _) => ([first, second, 0], 2),
        (_, 0..0x80) => ([unit as u8, 0, 0], 1),
        (_, 0x80..0x800) => ([0xC0 | (unit >> 6) as u8, tail(0), 0], 2),
        _ => ([0xE0 | (unit >> 12) as u8, tail(6), tail(0)], 3),
    };
    // SAFETY: the caller's promise.
    unsafe { out.cast::<[u8; 3]>().write_unaligned(written) };
    length
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The ways that the machine has: that of its own, and the narrower one.
    fn each_way(
        before: &str,
        units: &[u16],
        short: impl Fn(u16) -> Short,
    ) -> Vec<(Vec<u8>, usize)> {
        let mut bytes = before.as_bytes().to_vec();
        let taken = push_with(&mut bytes, units, &short);
        #[cfg_attr(not(target_arch = "x86_64"), expect(unused_mut))]
        let mut made = vec![(bytes, taken)];
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("ssse3") {
            let mut bytes = before.as_bytes().to_vec();
            bytes.reserve(units.len() * 3 + 8);
            // SAFETY: the machine has SSSE3, and room was reserved.
            let taken = unsafe { with_ssse3(&mut bytes, units, &short) };
            made.push((bytes, taken));
        }
        made
    }

    proptest! {
        #[test]
        fn text_is_written_as_rust_writes_it(
            before in "[a-z]{0,9}",
            text in "([一-龥]{0,39}|[a-z \n]{0,29}|[é£ж]{0,3}|[\u{800}\u{7FF}\u{E000}\u{FFFF}])*",
            stop in prop::sample::select(vec!['\n', 'é', 'b', '\u{7FF}', '\u{10000}'])
        ) {
            let end = text.find(stop).unwrap_or(text.len());
            let units: Vec<u16> = text.encode_utf16().collect();
            let escaped = text[..end].replace('c', "\\c").replace('£', "<>");
            let want = (before.clone() + &escaped).into_bytes();
            let taken = text[..end].encode_utf16().count();
            let short = |unit: u16| match char::from_u32(u32::from(unit)) {
                Some(one) if one == stop => Short::Stop,
                Some('c') => Short::Pair(*b"\\c"),
                Some('£') => Short::Pair(*b"<>"),
                _ => Short::Itself,
            };
            for made in each_way(&before, &units, short) {
                prop_assert_eq!(made, (want.clone(), taken));
            }
        }
    }

    #[test]
    fn every_unit_is_written_or_stopped_at_wherever_it_stands() {
        for unit in 0..=0xFFFF_u16 {
            let at = usize::from(unit % 37);
            let mut units = [0x4E00; 37];
            units[at] = unit;
            let is_half = (0xD800..0xE000).contains(&unit);
            let end = if is_half { at } else { units.len() };
            let expected = String::from_utf16_lossy(&units[..end]).into_bytes();
            for made in each_way("", &units, |_| Short::Itself) {
                assert_eq!(made, (expected.clone(), end), "U+{unit:04X}");
            }
        }
    }
}
