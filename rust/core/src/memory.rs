//! Memory for long texts: what was used before, large pages where the system has them; and memory that a program keeps.
//!
//! Comes in: memory that nothing was written to, and vectors that nobody needs any more. Goes out: the same. Never:
//! another behaviour; where the system does not take the advice, the memory is as it was.
//!
//! Memory that is new to a process is given page by page, each at its first touch: in four megabytes that takes 2 ms,
//! in which half a million characters are brought into Simplified.

use crate::text::CodeUnit;
use std::mem::size_of;
use std::ops::RangeInclusive;

/// Less than this is hardly worth a call: a large page has 2 MB.
const LEAST: usize = 1 << 21;

/// Bytes of the vectors that are kept, one of each width by the process: shorter ones the allocator keeps, and longer
/// ones are more than a library should hold on to.
const KEPT: RangeInclusive<usize> = 1 << 17..=1 << 24;
/// A vector is not lent for less than one part in so many of it.
const SHARE: usize = 4;

/// An empty vector that has room for so many.
pub fn with_capacity<T: CodeUnit>(capacity: usize) -> Vec<T> {
    let fits = |kept: &Vec<T>| kept.capacity() >= capacity && kept.capacity() / SHARE <= capacity;
    if capacity * size_of::<T>() >= *KEPT.start()
        && let Ok(mut kept) = T::kept().try_lock()
        && fits(&kept)
    {
        return std::mem::take(&mut *kept);
    }
    let made: Vec<T> = Vec::with_capacity(capacity);
    advise(made.as_ptr().cast(), capacity * size_of::<T>());
    made
}

/// Take back a vector, for who asks next.
pub fn give_back<T: CodeUnit>(mut vector: Vec<T>) {
    if KEPT.contains(&(vector.capacity() * size_of::<T>()))
        && let Ok(mut kept) = T::kept().try_lock()
        && kept.capacity() < vector.capacity()
    {
        vector.clear();
        *kept = vector;
    }
}

/// Say that a stretch of memory is about to be written from one end to the other.
pub fn advise(start: *const u8, length: usize) {
    if length >= LEAST {
        advise_large(start, length);
    }
}

#[cfg(target_os = "linux")]
fn advise_large(start: *const u8, length: usize) {
    const PAGE: usize = 4096;
    let skipped = start.align_offset(PAGE);
    let length = length.saturating_sub(skipped) & !(PAGE - 1);
    // SAFETY: neither advice changes what is in the memory or who may use it; for addresses that are not mapped
    // both are refused, and the second by a system that does not know it.
    unsafe {
        let start = start.wrapping_add(skipped).cast_mut().cast();
        libc::madvise(start, length, libc::MADV_HUGEPAGE);
        // The pages that no large one holds, all at once: 1.3 ms for four megabytes, and one by one 2.0.
        libc::madvise(start, length, libc::MADV_POPULATE_WRITE);
    }
}

#[cfg(not(target_os = "linux"))]
fn advise_large(_start: *const u8, _length: usize) {}

/// What is freed stays with this process, up to 64 MiB, for what it asks for next: a program's choice, not a
/// library's. Elsewhere than with the GNU library nothing is changed.
///
/// Giving pages back and asking for them anew was two fifths of what checking small files took: 13,248 a second are
/// checked instead of 7,642.
pub fn keep() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        const SINGLE_BLOCKS: libc::c_int = 32 << 20;
        const FREE_AT_THE_END: libc::c_int = 64 << 20;
        // SAFETY: both set a number of the allocator's, under its own lock.
        unsafe {
            libc::mallopt(libc::M_MMAP_THRESHOLD, SINGLE_BLOCKS);
            libc::mallopt(libc::M_TRIM_THRESHOLD, FREE_AT_THE_END);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes of one width: no other test of this crate writes texts of ASCII so long.
    #[test]
    fn what_was_given_back_is_lent_where_it_fits() {
        let length = *KEPT.start();
        let mut first: Vec<u8> = with_capacity(length);
        first.push(1);
        let place = first.as_ptr();
        give_back(first);
        let [shorter, longer]: [Vec<u8>; 2] = [length / 2, 2 * length].map(with_capacity);
        assert!(shorter.as_ptr() != place && longer.as_ptr() != place);
        let second: Vec<u8> = with_capacity(length);
        assert_eq!((second.as_ptr(), second.len()), (place, 0));
        let third: Vec<u8> = with_capacity(length);
        assert_ne!(third.as_ptr(), place);
    }
}
