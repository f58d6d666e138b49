//! When a phase takes submissions, and its limits.

use crate::ambient::Instant;
use crate::entities::phase;
use crate::error::{Error, Result};

/// The state of a phase, by its half-open interval `[opens, closes)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhaseState {
    /// Before it opens.
    Upcoming,
    /// Submissions are taken.
    Open,
    /// At or after the instant it closes.
    Closed,
}

impl PhaseState {
    /// The name in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Upcoming => "upcoming",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

/// How many submissions a team can make in a phase; absent means no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// Scored submissions a day; see [`Reset`](super::Reset).
    pub per_day: Option<u32>,
    /// Scored submissions in the whole phase.
    pub total: Option<u32>,
    /// Submissions being scored at the same time.
    pub at_once: Option<u32>,
    /// Invalid uploads a day.
    pub invalid_per_day: Option<u32>,
}

/// The state of a phase at an instant.
pub fn state_at(phase: &phase::Model, at: Instant) -> PhaseState {
    if at < phase.opens_at {
        PhaseState::Upcoming
    } else if phase.closes_at.is_some_and(|closes| at >= closes) {
        PhaseState::Closed
    } else {
        PhaseState::Open
    }
}

impl phase::Model {
    /// Refuses an upload whose head was accepted outside the phase's interval.
    pub fn must_take(&self, at: Instant) -> Result<()> {
        match (state_at(self, at), self.closes_at) {
            (PhaseState::Upcoming, _) => Err(Error::not_yet_open(&self.name, self.opens_at)),
            (PhaseState::Closed, Some(closed)) => Err(Error::closed(&self.name, closed)),
            _ => Ok(()),
        }
    }

    /// Refuses what must not be seen before the phase opens.
    pub fn must_have_opened(&self, at: Instant) -> Result<()> {
        match state_at(self, at) {
            PhaseState::Upcoming => Err(Error::not_yet_open(&self.name, self.opens_at)),
            PhaseState::Open | PhaseState::Closed => Ok(()),
        }
    }

    /// Whether everyone sees everything that the targets allow.
    pub fn is_revealed(&self, at: Instant) -> bool {
        self.reveal_at.is_some_and(|reveals| at >= reveals)
    }

    /// The instant whose board everyone sees, while the board is frozen.
    pub fn frozen_at(&self, at: Instant) -> Option<Instant> {
        self.freeze_at.filter(|freezes| at >= *freezes && !self.is_revealed(at))
    }

    /// Whether the frozen board hides what happened at an instant until the reveal.
    pub fn hides(&self, happened_at: Instant, now: Instant) -> bool {
        self.frozen_at(now).is_some_and(|freezes| happened_at >= freezes)
    }

    /// The instants at which its public information changes by itself.
    pub fn turns(&self) -> impl Iterator<Item = Instant> + use<> {
        let turns = [Some(self.opens_at), self.closes_at, self.freeze_at, self.reveal_at];
        turns.into_iter().flatten()
    }

    /// The limits on submissions of a team.
    pub fn limits(&self) -> Limits {
        let limit = |column: Option<i32>| column.map(|n| n.max(0) as u32);
        Limits {
            per_day: limit(self.limit_per_day),
            total: limit(self.limit_total),
            at_once: limit(self.limit_at_once),
            invalid_per_day: limit(self.limit_invalid_per_day),
        }
    }
}
