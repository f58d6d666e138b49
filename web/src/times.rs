//! Instants as people read them: in UTC, Anywhere on Earth, and relative to now.

use time::{Duration, OffsetDateTime, UtcOffset};

use crate::numbers::NBSP;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// For machines: RFC 3339 in UTC, to the second.
pub(crate) fn iso(at: &OffsetDateTime) -> String {
    let at = at.to_offset(UtcOffset::UTC);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

/// `31 Dec 2026, 12:00 UTC`.
pub(crate) fn utc(at: &OffsetDateTime) -> String {
    let at = at.to_offset(UtcOffset::UTC);
    format!("{}, {} UTC", day(at), clock(at))
}

/// The same to the second: `31 Dec 2026, 12:00:07 UTC`.
pub(crate) fn utc_seconds(at: &OffsetDateTime) -> String {
    let at = at.to_offset(UtcOffset::UTC);
    format!("{}, {}:{:02} UTC", day(at), clock(at), at.second())
}

/// Anywhere on Earth: the last place where it is still that day, which is UTC-12.
///
/// Midnight belongs to the day it ends, as `24:00` (ISO 8601): a phase that closes with the 31st
/// is shown to close on the 31st.
pub(crate) fn aoe(at: &OffsetDateTime) -> String {
    let at = *at - Duration::hours(12);
    let at = at.to_offset(UtcOffset::UTC);
    if at.time() == time::Time::MIDNIGHT {
        return format!("{}, 24:00 AoE", day(at - Duration::DAY));
    }
    format!("{}, {} AoE", day(at), clock(at))
}

/// The instant in its own zone, if that is neither UTC nor Anywhere on Earth:
/// `25 Nov 2026, 09:00 UTC+9`.
pub(crate) fn zoned(at: &OffsetDateTime) -> Option<String> {
    let (hours, minutes, _) = at.offset().as_hms();
    if matches!((hours, minutes), (0 | -12, 0)) {
        return None;
    }
    let sign = if at.offset().is_negative() { '−' } else { '+' };
    let (hours, minutes) = (hours.unsigned_abs(), minutes.unsigned_abs());
    let minutes = if minutes == 0 { String::new() } else { format!(":{minutes:02}") };
    Some(format!("{}, {} UTC{sign}{hours}{minutes}", day(*at), clock(*at)))
}

/// A past instant relative to now: `just now`, `5 min ago`, `3 h ago`, `2 days ago`; after a week, its
/// date. A future instant is shown as its date too.
pub(crate) fn ago(at: &OffsetDateTime, now: &OffsetDateTime) -> String {
    let past = *now - *at;
    match past.whole_seconds() {
        0..60 => "just now".to_owned(),
        60..3_600 => format!("{} min ago", past.whole_minutes()),
        3_600..86_400 => format!("{} h ago", past.whole_hours()),
        86_400..172_800 => "1 day ago".to_owned(),
        172_800..604_800 => format!("{} days ago", past.whole_days()),
        _ => date_near(at, now),
    }
}

/// How long from now until then, in its two largest units: `12 d 4 h`, `4 h 10 min`, `10 min`.
pub(crate) fn until(at: &OffsetDateTime, now: &OffsetDateTime) -> String {
    let left = *at - *now;
    let (days, hours, minutes) =
        (left.whole_days(), left.whole_hours() % 24, left.whole_minutes() % 60);
    match (days, hours, minutes) {
        (1.., 1.., _) => format!("{days}{NBSP}d {hours}{NBSP}h"),
        (1.., ..) => format!("{days}{NBSP}d"),
        (_, 1.., 1..) => format!("{hours}{NBSP}h {minutes}{NBSP}min"),
        (_, 1.., _) => format!("{hours}{NBSP}h"),
        (_, _, 1..) => format!("{minutes}{NBSP}min"),
        _ => "less than a minute".to_owned(),
    }
}

/// The date, with the year only if it is not the current one.
pub(crate) fn date_near(at: &OffsetDateTime, now: &OffsetDateTime) -> String {
    let (at, now) = (at.to_offset(UtcOffset::UTC), now.to_offset(UtcOffset::UTC));
    if at.year() == now.year() { day_of_year(at) } else { day(at) }
}

fn day(at: OffsetDateTime) -> String {
    format!("{} {}", day_of_year(at), at.year())
}

fn day_of_year(at: OffsetDateTime) -> String {
    format!("{} {}", at.day(), MONTHS[usize::from(u8::from(at.month())) - 1])
}

fn clock(at: OffsetDateTime) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-24 12:00 UTC);

    #[test]
    fn an_instant_is_told_in_utc_whatever_its_offset() {
        let at = datetime!(2026-12-31 23:30:07 -05:00);
        assert_eq!(iso(&at), "2027-01-01T04:30:07Z");
        assert_eq!(utc(&at), "1 Jan 2027, 04:30 UTC");
        assert_eq!(utc_seconds(&at), "1 Jan 2027, 04:30:07 UTC");
    }

    #[test]
    fn anywhere_on_earth_is_twelve_hours_behind_utc() {
        assert_eq!(aoe(&datetime!(2027-01-01 11:59 UTC)), "31 Dec 2026, 23:59 AoE");
        assert_eq!(aoe(&datetime!(2026-11-24 00:05 UTC)), "23 Nov 2026, 12:05 AoE");
    }

    #[test]
    fn midnight_anywhere_on_earth_belongs_to_the_day_it_ends() {
        assert_eq!(aoe(&datetime!(2027-01-01 12:00 UTC)), "31 Dec 2026, 24:00 AoE");
        assert_eq!(aoe(&datetime!(2027-01-01 13:00 +01:00)), "31 Dec 2026, 24:00 AoE");
        assert_eq!(aoe(&datetime!(2027-01-01 12:00:01 UTC)), "1 Jan 2027, 00:00 AoE");
    }

    #[test]
    fn a_zone_of_its_own_is_told_where_it_is_neither_utc_nor_aoe() {
        assert_eq!(zoned(&datetime!(2026-11-25 00:00 UTC)), None);
        assert_eq!(zoned(&datetime!(2026-11-25 00:00 -12)), None);
        let told = |at| zoned(&at).unwrap();
        assert_eq!(told(datetime!(2026-11-25 00:00 +9)), "25 Nov 2026, 00:00 UTC+9");
        assert_eq!(told(datetime!(2026-11-25 00:00 +5:45)), "25 Nov 2026, 00:00 UTC+5:45");
        assert_eq!(told(datetime!(2026-11-25 00:00 -3:30)), "25 Nov 2026, 00:00 UTC−3:30");
    }

    #[test]
    fn the_past_is_told_from_now_for_a_week_then_by_its_date() {
        let told = |past: Duration| ago(&(NOW - past), &NOW);
        assert_eq!(told(Duration::ZERO), "just now");
        assert_eq!(told(Duration::seconds(59)), "just now");
        assert_eq!(told(Duration::seconds(60)), "1 min ago");
        assert_eq!(told(Duration::minutes(59)), "59 min ago");
        assert_eq!(told(Duration::hours(3)), "3 h ago");
        assert_eq!(told(Duration::hours(47)), "1 day ago");
        assert_eq!(told(Duration::hours(48)), "2 days ago");
        assert_eq!(told(Duration::days(7)), "17 Nov");
        assert_eq!(told(Duration::days(365)), "24 Nov 2025");
        assert_eq!(told(Duration::hours(-1)), "24 Nov");
    }

    #[test]
    fn what_is_left_is_told_in_two_units() {
        let told = |left: Duration| until(&(NOW + left), &NOW);
        assert_eq!(told(Duration::hours(12 * 24 + 4)), "12\u{a0}d 4\u{a0}h");
        assert_eq!(told(Duration::days(2)), "2\u{a0}d");
        assert_eq!(told(Duration::minutes(250)), "4\u{a0}h 10\u{a0}min");
        assert_eq!(told(Duration::hours(4)), "4\u{a0}h");
        assert_eq!(told(Duration::minutes(10)), "10\u{a0}min");
        assert_eq!(told(Duration::seconds(59)), "less than a minute");
    }

    proptest! {
        #[test]
        fn no_instant_of_these_centuries_is_untellable(seconds in 0_i64..7_258_118_400) {
            let at = OffsetDateTime::from_unix_timestamp(seconds).unwrap();
            let format = &time::format_description::well_known::Rfc3339;
            prop_assert_eq!(OffsetDateTime::parse(&iso(&at), format).unwrap(), at);
            prop_assert!(aoe(&at).ends_with(" AoE"));
        }
    }
}
