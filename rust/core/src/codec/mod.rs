//! Encodings: from bytes to code points and back, one character at a time.
//!
//! In: bytes or code points. Out: a character and how many bytes it took, or that there is none.
//! Never fails on bytes, never guesses: which encoding it is, decode and repair decide.
//!
//! Damage in the wild was made by Python's, Windows' and the web's idea of each encoding, and they
//! differ in a few characters. Reading follows the web (the widest); writing takes what any of the
//! three reads, so that repair finds the bytes whoever misread them.

mod cns;
mod double;
pub mod gbk;
mod johab;
mod single;
mod single_tables;
mod step;
pub mod utf8;
mod utf8_out;
mod utf8_runs;

#[cfg(target_arch = "x86_64")]
mod utf8_out_wide;

#[cfg(target_arch = "x86_64")]
mod utf8_runs_wide;

pub(crate) use cns::decode as cns_character;
pub use double::{Double, big5, big5_unicode, euc_kr, gbk_table, shift_jis};
pub use single::{SINGLES, Single, single};
pub use step::{PAIRS, Step, StepEncoding, expand};

/// Whether the machine draws bytes together by a mask, 64 at once.
#[cfg(target_arch = "x86_64")]
#[inline]
fn has_avx512() -> bool {
    std::arch::is_x86_feature_detected!("avx512vbmi2")
        && std::arch::is_x86_feature_detected!("avx512vbmi")
        && std::arch::is_x86_feature_detected!("avx512bw")
        && std::arch::is_x86_feature_detected!("avx512vl")
}

/// Up to four bytes of one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bytes {
    bytes: [u8; 4],
    length: u8,
}

impl Bytes {
    /// The bytes given.
    pub(crate) fn of(given: &[u8]) -> Bytes {
        let mut bytes = [0; 4];
        bytes[..given.len()].copy_from_slice(given);
        Bytes {
            bytes,
            length: given.len() as u8,
        }
    }
}

impl std::ops::Deref for Bytes {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        &self.bytes[..self.length as usize]
    }
}
