//! Work on all cores, in a process that has them.
//!
//! In: things to do, each apart from the others. Out: what came of each, in order. Never: a wait for threads that
//! are not there. A process that was forked has one thread of its parent's and a pool that waits for all the
//! others; so its work is done by the thread that asks, and it is one of several processes as a rule.

use rayon::prelude::*;
use std::sync::atomic::{AtomicU32, Ordering};

/// The process that first asked for threads, and so has them; 0 until one has.
static OWNER: AtomicU32 = AtomicU32::new(0);

/// Whether this process has threads, or can start them. It is told before they are started: a fork in between is
/// a fork of a process that has them.
pub fn are_here() -> bool {
    let own = std::process::id();
    let first = OWNER.compare_exchange(0, own, Ordering::Relaxed, Ordering::Relaxed);
    first.is_ok() || first == Err(own)
}

/// What comes of each, on all cores if there are any.
pub fn map<I: Send, O: Send>(given: Vec<I>, work: impl Fn(I) -> O + Send + Sync) -> Vec<O> {
    if given.len() < 2 || !are_here() {
        given.into_iter().map(work).collect()
    } else {
        given.into_par_iter().map(work).collect()
    }
}
