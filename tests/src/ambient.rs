//! A clock that moves only when the test moves it, and reproducible random numbers.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use domain::ambient::{Chance, Clock, Instant};
use time::macros::datetime;

/// Stands at 2026-11-24 12:00 UTC until it is moved.
pub struct TestClock(AtomicI64);

impl Default for TestClock {
    fn default() -> Self {
        Self(AtomicI64::new(Instant::of(datetime!(2026-11-24 12:00 UTC)).0))
    }
}

impl TestClock {
    /// Moves the clock on.
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    /// Moves the clock to an instant.
    pub fn set(&self, at: Instant) {
        self.0.store(at.0, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Instant {
        Instant(self.0.load(Ordering::SeqCst))
    }
}

/// The same bytes in every run (`SplitMix64`, Steele, Lea and Flood 2014).
#[derive(Default)]
pub struct SeededChance(AtomicU64);

impl Chance for SeededChance {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let mut z = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}
