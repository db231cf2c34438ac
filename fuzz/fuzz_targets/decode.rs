//! Any bytes into decode: the laws of `rust/core/tests/decode_laws.rs` hold for all.
//!
//! In: what the fuzzer makes up. Out: a crash where a law is broken. A crash that was mended is kept
//! as one of that file's `REGRESSIONS`.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../rust/core/tests/decode_laws.rs"]
mod decode_laws;

fuzz_target!(|data: &[u8]| decode_laws::check(data));
