//! Instants in TOML, which must have an offset.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use toml::value::Datetime;

use crate::ambient::Instant;
use crate::error::{Error, Result};

/// Reads an instant such as `2026-12-31T23:59:00Z`.
pub(in crate::challenges) fn read_instant(written: &Datetime) -> Result<Instant> {
    let written = written.to_string();
    let parsed = OffsetDateTime::parse(&written, &Rfc3339)
        .or_else(|_| OffsetDateTime::parse(&with_seconds(&written), &Rfc3339));
    parsed.map(Instant::of).map_err(|_| {
        Error::unusable(format!(
            "{written} has no offset from UTC; write a time such as 2026-12-31T23:59:00Z"
        ))
    })
}

/// The instant with its seconds, which are optional in TOML but not in RFC 3339.
fn with_seconds(written: &str) -> String {
    const MINUTES: usize = "2026-12-31T23:59".len();
    match (written.get(..MINUTES), written.get(MINUTES..)) {
        (Some(minutes), Some(offset)) if !offset.starts_with(':') => {
            format!("{minutes}:00{offset}")
        }
        _ => written.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(written: &str) -> Result<Instant, String> {
        let table: toml::Table = format!("at = {written}").parse().unwrap();
        read_instant(table["at"].as_datetime().unwrap()).map_err(|e| e.detail)
    }

    #[test]
    fn seconds_may_be_left_out_and_an_offset_may_not() {
        let whole = read("2026-11-01T00:00:00Z").unwrap();
        for same in ["2026-11-01T00:00Z", "2026-11-01 00:00Z", "2026-11-01T01:00+01:00"] {
            assert_eq!(read(same).unwrap(), whole, "{same}");
        }
        for without in ["2026-11-01T00:00", "2026-11-01T00:00:00", "2026-11-01"] {
            assert!(read(without).unwrap_err().contains("has no offset from UTC"), "{without}");
        }
    }
}
