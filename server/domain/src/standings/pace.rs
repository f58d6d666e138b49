//! How often the board of a phase is made anew.

use std::time::Duration;

use tokio::time::Instant;

/// The time between two boards of a phase that changes all the time. Nobody waits for a board much longer.
const EVERY: Duration = Duration::from_millis(100);

/// How many boards are made without waiting.
const BURST: u32 = 20;

/// When the board of a phase can be made again: at once, unless that happened often just now. Then all who
/// want it wait for the same board, which has what has changed meanwhile.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pace {
    /// Until when the boards so far would have taken, each [`EVERY`].
    until: Option<Instant>,
}

impl Pace {
    /// How long to wait.
    pub(super) fn wait(&self, now: Instant) -> Duration {
        let ahead = self.until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
        ahead.saturating_sub(EVERY * BURST)
    }

    /// Notes that a board is made.
    pub(super) fn step(&mut self, now: Instant) {
        self.until = Some(self.until.map_or(now, |until| until.max(now)) + EVERY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_boards_are_made_at_once_and_then_ten_in_a_second() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        for _ in 0..=BURST {
            assert_eq!(pace.wait(start), Duration::ZERO);
            pace.step(start);
        }
        assert_eq!(pace.wait(start), EVERY);
        let later = start + EVERY;
        assert_eq!(pace.wait(later), Duration::ZERO);
        pace.step(later);
        assert_eq!(pace.wait(later), EVERY);
        let rested = start + EVERY * (BURST + 2);
        assert_eq!(pace.wait(rested), Duration::ZERO);
        pace.step(rested);
        assert_eq!(pace.wait(rested), Duration::ZERO);
    }
}
