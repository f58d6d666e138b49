//! A phase as people see it: its name, and whether it is open.

use time::OffsetDateTime;

/// A phase as a tab: its name, and the half-open interval `[opens, closes)` in which it takes runs.
#[derive(Debug, Clone)]
pub struct Phase {
    /// Its name, such as `Test`.
    pub name: String,
    /// Its board.
    pub href: String,
    /// Whether this is the phase the page shows.
    pub current: bool,
    /// The first instant at which it takes runs.
    pub opens: OffsetDateTime,
    /// The first instant at which it takes none; absent where it stays open.
    pub closes: Option<OffsetDateTime>,
}
