//! The time and randomness. Both are passed in, so that a test can advance the clock and know every
//! id.

use std::fmt;
use std::sync::Arc;

use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

/// An instant, in microseconds since 1970-01-01 UTC, as in the database.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    DeriveValueType,
    Serialize,
    Deserialize,
)]
pub struct Instant(pub i64);

const MICROS_PER_SECOND: i64 = 1_000_000;

impl Instant {
    /// The last instant before year 10000, which every format can write.
    const LAST: i64 = 253_402_300_799_999_999;

    /// The instant of a date and time in any zone.
    pub fn of(time: OffsetDateTime) -> Self {
        Self((time.unix_timestamp_nanos() / 1000) as i64)
    }

    /// The same instant as a date and time in UTC.
    pub fn utc(self) -> OffsetDateTime {
        let nanos = i128::from(self.0.clamp(0, Self::LAST)) * 1000;
        OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// This instant plus a number of seconds.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(MICROS_PER_SECOND)))
    }
}

/// Gives the time.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Instant;
}

/// Gives random bytes.
pub trait Chance: Send + Sync {
    /// Fills the bytes.
    fn fill(&self, bytes: &mut [u8]);
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Instant {
        Instant::of(OffsetDateTime::now_utc())
    }
}

/// The operating system's source of randomness.
pub struct SystemChance;

impl Chance for SystemChance {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system for chance")]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

/// The clock and the randomness of one server.
#[derive(Clone)]
pub struct Ambient {
    /// Gives the time.
    pub clock: Arc<dyn Clock>,
    /// Gives random bytes.
    pub chance: Arc<dyn Chance>,
}

impl Ambient {
    /// The machine's own clock and randomness.
    pub fn system() -> Self {
        Self { clock: Arc::new(SystemClock), chance: Arc::new(SystemChance) }
    }

    /// The present instant.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// A new id: a version 7 UUID, so ids sort by the time they were made.
    pub fn id(&self) -> Uuid {
        let millis = self.now().0.max(0) as u64 / 1000;
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }

    /// Random bytes, as many as the type says.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.chance.fill(&mut bytes);
        bytes
    }
}

impl fmt::Debug for Ambient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ambient(now {})", self.now().utc())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn an_instant_keeps_microseconds() {
        let noon = datetime!(2026-11-24 12:34:56.789_012 UTC);
        assert_eq!(Instant::of(noon).utc(), noon);
        assert_eq!(Instant::of(noon).plus_seconds(-1).utc(), noon - time::Duration::SECOND);
    }
}
