//! UTF-8 of the basic plane, 64 bytes at a look, where the machine has AVX-512 VBMI2.
//!
//! In and out as [`utf8_runs`](super::utf8_runs) has it, which stands behind this for what is no UTF-8 and what is
//! beyond the basic plane. ASCII and characters of two bytes may stand among those of three.
//!
//! The bytes that begin a character are drawn together, and so are those one and two places behind them. That the
//! bytes in between are where the first ones say is asked of all at once.

use std::arch::x86_64::{
    __m256i, __m512i, _mm512_and_si512, _mm512_castsi512_si256, _mm512_cmpeq_epi16_mask,
    _mm512_cmpge_epi8_mask, _mm512_cmpge_epu8_mask, _mm512_cmpge_epu16_mask,
    _mm512_cmplt_epu16_mask, _mm512_cvtepu8_epi16, _mm512_extracti64x4_epi64, _mm512_loadu_epi8,
    _mm512_mask_blend_epi16, _mm512_mask_storeu_epi16, _mm512_maskz_compress_epi8,
    _mm512_maskz_loadu_epi8, _mm512_or_si512, _mm512_set1_epi8, _mm512_set1_epi16,
    _mm512_slli_epi16,
};

/// Bytes at a look.
const AT_ONCE: usize = 64;

/// Write the characters that the data begin with, as long as all is UTF-8 of the basic plane; answers how many bytes
/// were read and units written.
///
/// # Safety
///
/// `units` is valid for writing `room` units.
#[target_feature(enable = "avx512vbmi2,avx512bw,avx512vl")]
pub(super) unsafe fn write(data: &[u8], units: *mut u16, room: usize) -> (usize, usize) {
    let (mut at, mut done) = (0, 0);
    while at < data.len() {
        let rest = &data[at..];
        let first = behind(rest, 0);
        let heads = _mm512_cmpge_epi8_mask(first, _mm512_set1_epi8(-64));
        let of_more = _mm512_cmpge_epu8_mask(first, _mm512_set1_epi8(0xC0_u8.cast_signed()));
        let of_three = _mm512_cmpge_epu8_mask(first, _mm512_set1_epi8(0xE0_u8.cast_signed()));
        let of_four = _mm512_cmpge_epu8_mask(first, _mm512_set1_epi8(0xF0_u8.cast_signed()));
        // Up to the first character that goes on behind these bytes.
        let length = rest.len().min(AT_ONCE);
        let cut = of_more & 1_u64 << (length - 1) | of_three & 3_u64 << (length - 1) >> 1;
        let length = length.min(cut.trailing_zeros() as usize);
        let all = u64::MAX
            .checked_shr(AT_ONCE as u32 - length as u32)
            .unwrap_or(0);
        let heads = heads & all;
        // Where the rest of each character stands, and none other.
        let tails = (of_more & all) << 1 | (of_three & all) << 2;
        if length == 0 || tails != !heads & all || of_four & all != 0 {
            break;
        }
        let count = heads.count_ones() as usize;
        if count > room - done {
            break;
        }
        let drawn = |bytes| _mm512_maskz_compress_epi8(heads, bytes);
        let bytes = [drawn(first), drawn(behind(rest, 1)), drawn(behind(rest, 2))];
        let wanted = u64::MAX
            .checked_shr(AT_ONCE as u32 - count as u32)
            .unwrap_or(0);
        let (low, is_low_sound) = characters(
            bytes.map(|bytes| _mm512_castsi512_si256(bytes)),
            wanted as u32,
        );
        // SAFETY: no more than `count` units are stored, for which there is room.
        unsafe { _mm512_mask_storeu_epi16(units.add(done).cast(), wanted as u32, low) };
        let mut is_sound = is_low_sound;
        if count > AT_ONCE / 2 {
            let high = bytes.map(|bytes| _mm512_extracti64x4_epi64::<1>(bytes));
            let (high, is_high_sound) = characters(high, (wanted >> 32) as u32);
            // SAFETY: as above.
            unsafe {
                _mm512_mask_storeu_epi16(
                    units.add(done + AT_ONCE / 2).cast(),
                    (wanted >> 32) as u32,
                    high,
                );
            }
            is_sound &= is_high_sound;
        }
        if !is_sound {
            break;
        }
        (at, done) = (at + length, done + count);
    }
    (at, done)
}

/// The bytes from a place on, and none where the data end.
#[inline]
#[target_feature(enable = "avx512bw")]
fn behind(data: &[u8], from: usize) -> __m512i {
    let data = data.get(from..).unwrap_or(&[]);
    if data.len() >= AT_ONCE {
        // SAFETY: so many bytes are there; the load needs no alignment.
        return unsafe { _mm512_loadu_epi8(data.as_ptr().cast()) };
    }
    // SAFETY: only the bytes that are there are read.
    unsafe { _mm512_maskz_loadu_epi8((1 << data.len()) - 1, data.as_ptr().cast()) }
}

/// Characters by their first, second and third bytes, and whether all that are wanted are written as UTF-8 has it: no
/// longer than need be, and no surrogates.
#[inline]
#[target_feature(enable = "avx512bw")]
fn characters(bytes: [__m256i; 3], wanted: u32) -> (__m512i, bool) {
    let [first, second, third] = bytes.map(|bytes| _mm512_cvtepu8_epi16(bytes));
    let six = |byte| _mm512_and_si512(byte, _mm512_set1_epi16(0x3F));
    let of_three = _mm512_cmpge_epu16_mask(first, _mm512_set1_epi16(0xE0));
    let of_one = _mm512_cmplt_epu16_mask(first, _mm512_set1_epi16(0x80));
    let middle = _mm512_slli_epi16::<6>(six(second));
    // The first four bits of a first byte of three are lost to the left.
    let three = _mm512_or_si512(
        _mm512_slli_epi16::<12>(first),
        _mm512_or_si512(middle, six(third)),
    );
    let five = _mm512_and_si512(first, _mm512_set1_epi16(0x1F));
    let two = _mm512_or_si512(_mm512_slli_epi16::<6>(five), six(second));
    let more = _mm512_mask_blend_epi16(of_three, two, three);
    let block = _mm512_and_si512(three, _mm512_set1_epi16(0xF800_u16.cast_signed()));
    let is_half = _mm512_cmpeq_epi16_mask(block, _mm512_set1_epi16(0xD800_u16.cast_signed()));
    let is_short = _mm512_cmplt_epu16_mask(three, _mm512_set1_epi16(0x800));
    let is_ascii = _mm512_cmplt_epu16_mask(two, _mm512_set1_epi16(0x80));
    let unsound = of_three & (is_half | is_short) | !of_three & !of_one & is_ascii;
    (
        _mm512_mask_blend_epi16(of_one, more, first),
        unsound & wanted == 0,
    )
}
