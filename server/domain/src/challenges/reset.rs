//! When a day starts for the limits of a phase.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use time::{OffsetDateTime, UtcOffset};

use crate::ambient::Instant;
use crate::entities::phase;
use crate::error::{Error, Result};

/// Anywhere on Earth, which is common for deadlines: UTC-12, without daylight saving.
const ANYWHERE: (&str, &str) = ("AoE", "Etc/GMT+12");

/// The hour and zone at which a day starts. A day is the time between two of these instants: it is
/// an hour shorter or longer when clocks are changed.
#[derive(Clone, PartialEq, Eq)]
pub struct Reset {
    hour: i8,
    zone: TimeZone,
    name: String,
}

impl Reset {
    /// The hour, from 0 to 23, and the zone: `UTC`, `AoE` (anywhere on Earth) or a name such as
    /// `Europe/Berlin`.
    pub fn new(hour: i32, zone: &str) -> Result<Self> {
        let hour_fits = (0..24).contains(&hour).then_some(hour as i8);
        let hour = hour_fits.ok_or_else(|| {
            Error::unusable(format!("reset hour {hour}: must be a whole hour from 0 to 23"))
        })?;
        let known = if zone == ANYWHERE.0 { ANYWHERE.1 } else { zone };
        let found = jiff::tz::db().get(known).map_err(|_| {
            Error::unusable(format!(
                "reset zone `{zone}` is unknown; write UTC, AoE or a name such as Europe/Berlin"
            ))
        })?;
        Ok(Self { hour, zone: found, name: zone.to_owned() })
    }

    /// The last start of a day at or before an instant.
    pub fn day_start(&self, at: Instant) -> Instant {
        let today = self.begins(self.date(at), at);
        if today <= at {
            today
        } else {
            self.begins(self.date(at).yesterday().unwrap_or(Date::MIN), at)
        }
    }

    /// The next start of a day after an instant.
    pub fn next_day(&self, at: Instant) -> Instant {
        let today = self.begins(self.date(at), at);
        if today > at {
            today
        } else {
            self.begins(self.date(at).tomorrow().unwrap_or(Date::MAX), at)
        }
    }

    /// The hour at which a day starts, in the zone.
    pub fn hour(&self) -> u8 {
        self.hour.unsigned_abs()
    }

    /// The zone, as written.
    pub fn zone(&self) -> &str {
        &self.name
    }

    /// An instant as the zone's clocks show it.
    pub fn local(&self, at: Instant) -> OffsetDateTime {
        let offset = self.zone.to_offset(timestamp(at)).seconds();
        let offset = UtcOffset::from_whole_seconds(offset).unwrap_or(UtcOffset::UTC);
        at.utc().to_offset(offset)
    }

    fn date(&self, at: Instant) -> Date {
        self.zone.to_datetime(timestamp(at)).date()
    }

    /// When the day of a date starts. If the hour is skipped there, the day starts after the gap;
    /// if it comes twice, it starts the first time. Outside the calendar, `otherwise` is returned.
    fn begins(&self, date: Date, otherwise: Instant) -> Instant {
        let local = date.to_datetime(Time::constant(self.hour, 0, 0, 0));
        let begins = self.zone.to_ambiguous_timestamp(local).compatible();
        begins.map_or(otherwise, |at| Instant(at.as_microsecond()))
    }
}

fn timestamp(at: Instant) -> Timestamp {
    Timestamp::from_microsecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH)
}

impl fmt::Display for Reset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:00 {}", self.hour, self.name)
    }
}

impl fmt::Debug for Reset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reset({self})")
    }
}

impl phase::Model {
    /// When a day starts for its limits.
    pub fn reset(&self) -> Result<Reset> {
        Reset::new(self.reset_hour, &self.reset_zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::datetime;

    fn day(reset: (i32, &str), at: OffsetDateTime) -> (OffsetDateTime, OffsetDateTime) {
        let reset = Reset::new(reset.0, reset.1).unwrap();
        let at = Instant::of(at);
        (reset.day_start(at).utc(), reset.next_day(at).utc())
    }

    #[test]
    fn a_day_runs_from_reset_to_reset() {
        let noon = datetime!(2026-11-24 12:34:56.789 UTC);
        let midnights = (datetime!(2026-11-24 0:00 UTC), datetime!(2026-11-25 0:00 UTC));
        assert_eq!(day((0, "UTC"), noon), midnights);
        assert_eq!(day((0, "UTC"), datetime!(2026-11-24 0:00 UTC)), midnights);
        let six = (datetime!(2026-11-24 5:00 UTC), datetime!(2026-11-25 5:00 UTC));
        assert_eq!(day((6, "Europe/Berlin"), noon), six);
        let aoe = (datetime!(2026-11-24 12:00 UTC), datetime!(2026-11-25 12:00 UTC));
        assert_eq!(day((0, "AoE"), noon), aoe);
    }

    #[test]
    fn the_days_on_which_clocks_change_are_shorter_and_longer() {
        let hours = |(start, end): (OffsetDateTime, OffsetDateTime)| (end - start).whole_hours();
        assert_eq!(hours(day((0, "Europe/Berlin"), datetime!(2026-03-29 12:00 UTC))), 23);
        assert_eq!(hours(day((0, "Europe/Berlin"), datetime!(2026-10-25 12:00 UTC))), 25);
        // the hour at which this day would start is skipped: it starts right after
        let skipped = day((2, "Europe/Berlin"), datetime!(2026-03-29 12:00 UTC));
        assert_eq!(skipped.0, datetime!(2026-03-29 1:00 UTC));
    }

    #[test]
    fn an_impossible_hour_and_an_unknown_zone_are_named() {
        assert!(Reset::new(24, "UTC").unwrap_err().detail.contains("24"));
        assert!(Reset::new(0, "Europe/Atlantis").unwrap_err().detail.contains("Europe/Atlantis"));
    }

    proptest! {
        #[test]
        fn every_instant_lies_in_exactly_one_day(
            hour in 0..24,
            zone in prop::sample::select(vec!["UTC", "AoE", "America/St_Johns", "Asia/Kathmandu"]),
            at in 1_700_000_000_000_000_i64..2_100_000_000_000_000,
        ) {
            let reset = Reset::new(hour, zone).unwrap();
            let (at, start, next) =
                (Instant(at), reset.day_start(Instant(at)), reset.next_day(Instant(at)));
            prop_assert!(start <= at && at < next);
            prop_assert_eq!(reset.day_start(start), start);
            prop_assert_eq!(reset.next_day(start), next);
            prop_assert_eq!(reset.day_start(next), next);
        }
    }
}
