//! How long something took, many times.

use std::time::Duration;

/// Durations in their order.
pub struct Times(Vec<Duration>);

impl Times {
    /// Sorts them.
    pub fn new(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    /// In milliseconds, the least that this share of them doesn't exceed; 0 if there are none.
    pub fn share(&self, share: f64) -> f64 {
        let at = (share * self.0.len() as f64).ceil() as usize;
        let time = self.0.get(at.clamp(1, self.0.len().max(1)) - 1);
        1e3 * time.copied().unwrap_or_default().as_secs_f64()
    }

    /// The median, in milliseconds.
    pub fn median(&self) -> f64 {
        self.share(0.5)
    }

    /// The 99th percentile, in milliseconds.
    pub fn p99(&self) -> f64 {
        self.share(0.99)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}
