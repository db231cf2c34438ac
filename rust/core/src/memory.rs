//! Memory for long texts, in large pages where the system has them; and memory that a program keeps.
//!
//! Comes in: memory that nothing was written to. Goes out: the same. Never: another behaviour; where the system
//! does not take the advice, the memory is as it was.
//!
//! Eight megabytes are 2,048 pages, each given at its first touch: with large ones a conversion into Simplified
//! went from 1.7 to 2.2 times zhconv-rs.

use std::mem::size_of;

/// Less than this is hardly worth a call: a large page has 2 MB.
const LEAST: usize = 1 << 22;

/// A vector that has room for so many.
pub fn with_capacity<T>(capacity: usize) -> Vec<T> {
    let made: Vec<T> = Vec::with_capacity(capacity);
    advise(made.as_ptr().cast(), capacity * size_of::<T>());
    made
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
    // SAFETY: the advice changes neither what is in the memory nor who may use it, and for addresses that are
    // not mapped it is refused.
    unsafe {
        let start = start.wrapping_add(skipped).cast_mut().cast();
        libc::madvise(start, length, libc::MADV_HUGEPAGE);
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
