//! Instants in TOML, which must say their offset.

use serde::{Deserialize, Deserializer, de::Error as _};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::ambient::Instant;

/// An instant such as `2026-12-31T23:59:00Z`.
pub(super) fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
    let written = toml::value::Datetime::deserialize(deserializer)?.to_string();
    let explain = |_| {
        D::Error::custom(format!(
            "{written} has no offset from UTC; write an instant such as 2026-12-31T23:59:00Z"
        ))
    };
    OffsetDateTime::parse(&written, &Rfc3339).map(Instant::of).map_err(explain)
}

/// An instant that may be absent.
pub(super) fn maybe_instant<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Instant>, D::Error> {
    instant(deserializer).map(Some)
}
