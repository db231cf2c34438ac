//! UTF-16 as UTF-8, sixteen characters at a look, where the machine has AVX-512 VBMI2.
//!
//! In and out as [`push_with`](super::utf8::push_with) has it, which stands behind this for the last few units.
//!
//! Each unit becomes a lane of three bytes, of which those that it needs are kept: in a profile of a batch job less
//! than half of the time of eight at a look.

use super::utf8_out::{Short, how};
use std::arch::x86_64::{
    __m512i, _mm_storeu_si128, _mm256_and_si256, _mm256_cmpeq_epi16_mask, _mm256_cmplt_epu16_mask,
    _mm256_cvtepi16_epi8, _mm256_loadu_si256, _mm256_set1_epi16, _mm512_cvtepu16_epi32,
    _mm512_mask_blend_epi32, _mm512_maskz_compress_epi8, _mm512_multishift_epi64_epi8,
    _mm512_set1_epi32, _mm512_set1_epi64, _mm512_slli_epi32, _mm512_storeu_si512,
    _mm512_ternarylogic_epi32, _mm512_test_epi8_mask,
};

/// Units at a look.
const AT_ONCE: usize = 16;
/// Bytes that are stored, of which three for each unit are meant at most.
pub(super) const STORED: usize = 64;

/// Write units up to the first surrogate, or the first before U+0800 that is not to be written here, as long as there
/// are sixteen; answers how many were written, and how many bytes.
///
/// # Safety
///
/// `out` is valid for writing three bytes for each unit, and [`STORED`] more.
#[target_feature(enable = "avx512vbmi2,avx512vbmi,avx512bw,avx512vl")]
pub(super) unsafe fn write(
    out: *mut u8,
    units: &[u16],
    short: impl Fn(u16) -> Short,
) -> (usize, usize) {
    let (mut at, mut end) = (0, 0);
    // The bits that each byte of two lanes begins at: twelve, six and none behind the start of the lane.
    let shifts = _mm512_set1_epi64(0x0020_262C_0000_060C);
    let (payload, marks) = (
        _mm512_set1_epi32(0x003F_3F0F),
        _mm512_set1_epi32(0x0080_80E0_u32.cast_signed()),
    );
    while at + AT_ONCE <= units.len() {
        // SAFETY: sixteen units are there from `at` on; the load needs no alignment.
        let sixteen = unsafe { _mm256_loadu_si256(units.as_ptr().add(at).cast()) };
        let block = _mm256_and_si256(sixteen, _mm256_set1_epi16(0xF800_u16.cast_signed()));
        let is_short = _mm256_cmpeq_epi16_mask(block, _mm256_set1_epi16(0));
        let is_half = _mm256_cmpeq_epi16_mask(block, _mm256_set1_epi16(0xD800_u16.cast_signed()));
        let lanes = _mm512_cvtepu16_epi32(sixteen);
        let bits = _mm512_multishift_epi64_epi8(shifts, lanes);
        // (bits and payload) or marks
        let three = _mm512_ternarylogic_epi32::<0xEA>(bits, payload, marks);
        if is_short | is_half == 0 {
            // SAFETY: three bytes for each of these and `STORED` more are left.
            unsafe {
                store(
                    out.add(end),
                    _mm512_maskz_compress_epi8(0x7777_7777_7777_7777, three),
                )
            };
            (at, end) = (at + AT_ONCE, end + 3 * AT_ONCE);
            continue;
        }
        let ascii = _mm256_cmplt_epu16_mask(sixteen, _mm256_set1_epi16(0x80));
        let taken = taken(&units[at..at + AT_ONCE], is_short, is_half, &short);
        if ascii == u16::MAX && taken == AT_ONCE {
            // SAFETY: as above.
            unsafe { _mm_storeu_si128(out.add(end).cast(), _mm256_cvtepi16_epi8(sixteen)) };
            (at, end) = (at + AT_ONCE, end + AT_ONCE);
            continue;
        }
        // The last two bytes of a lane, or its last.
        let two = _mm512_ternarylogic_epi32::<0xEA>(
            bits,
            _mm512_set1_epi32(0x003F_1F00),
            _mm512_set1_epi32(0x0080_C000),
        );
        let one = _mm512_slli_epi32::<16>(lanes);
        let all =
            _mm512_mask_blend_epi32(ascii, _mm512_mask_blend_epi32(is_short, three, two), one);
        let kept = _mm512_mask_blend_epi32(
            is_short,
            _mm512_set1_epi32(0x00FF_FFFF),
            _mm512_set1_epi32(0x00FF_FF00),
        );
        let kept = _mm512_mask_blend_epi32(ascii, kept, _mm512_set1_epi32(0x00FF_0000));
        let of_taken = u64::MAX.checked_shr(u64::BITS - 4 * taken as u32);
        let kept = _mm512_test_epi8_mask(kept, kept) & of_taken.unwrap_or(0);
        // SAFETY: as above.
        unsafe { store(out.add(end), _mm512_maskz_compress_epi8(kept, all)) };
        (at, end) = (at + taken, end + kept.count_ones() as usize);
        if taken < AT_ONCE {
            let Short::Pair(pair) = how(units[at], &short) else {
                break;
            };
            // SAFETY: of the three bytes that are left for this unit, two.
            unsafe { out.add(end).cast::<[u8; 2]>().write_unaligned(pair) };
            (at, end) = (at + 1, end + 2);
        }
    }
    (at, end)
}

/// How many of some units are written as they are before the first that is not.
#[inline(always)]
fn taken(units: &[u16], is_short: u16, is_half: u16, short: impl Fn(u16) -> Short) -> usize {
    let end = is_half.trailing_zeros().min(AT_ONCE as u32);
    let mut left = u32::from(is_short) & ((1 << end) - 1);
    while left != 0 {
        let at = left.trailing_zeros() as usize;
        if short(units[at]) != Short::Itself {
            return at;
        }
        left &= left - 1;
    }
    end as usize
}

/// # Safety
///
/// `out` is valid for writing [`STORED`] bytes.
#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn store(out: *mut u8, bytes: __m512i) {
    // SAFETY: the caller's promise; the store needs no alignment.
    unsafe { _mm512_storeu_si512(out.cast(), bytes) };
}
