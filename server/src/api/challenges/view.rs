//! Challenges and phases as the API tells them.

use poem_openapi::Object;
use sea_orm::ConnectionTrait;
use time::OffsetDateTime;

use crate::ambient::Instant;
use crate::challenges::{self, PhaseState, state_at};
use crate::entities::benchmark::TargetsAre;
use crate::entities::{benchmark, challenge, phase};
use crate::error::Result;

/// A challenge.
#[derive(Debug, Object)]
pub struct Challenge {
    /// The word in addresses.
    pub name: String,
    /// The title people read.
    pub title: String,
    /// One or two sentences.
    pub summary: String,
    /// Its phases, in order.
    pub phases: Vec<Phase>,
}

/// A phase: the half-open interval `[opens, closes)` in which it takes submissions.
#[derive(Debug, Object)]
pub struct Phase {
    /// The word in addresses.
    pub name: String,
    /// The title people read.
    pub title: String,
    /// `upcoming`, `open` or `closed`, now.
    pub state: String,
    /// The first instant at which it takes submissions.
    pub opens: OffsetDateTime,
    /// The first instant at which it takes none; absent: it never closes.
    pub closes: Option<OffsetDateTime>,
    /// The split it asks about.
    pub split: String,
    /// `original` or `val-union`.
    pub protocol: String,
    /// `hidden`, `public` (anyone can score 100 %) or `none` (validated, never scored).
    pub targets: String,
    /// Queries, over all categories.
    pub queries: u32,
    /// What names exactly the galleries: SHA-256; hex.
    pub gallery: String,
    /// Scored submissions a team may make a day; absent: no limit.
    pub per_day: Option<u32>,
    /// Scored submissions a team may make in the phase; absent: no limit.
    pub total: Option<u32>,
}

impl Challenge {
    /// A challenge as it is at an instant.
    pub async fn of(
        db: &impl ConnectionTrait,
        row: challenge::Model,
        now: Instant,
    ) -> Result<Self> {
        let mut phases = Vec::new();
        for phase in challenges::phases_of(db, row.id).await? {
            let benchmark = challenges::benchmark_by_id(db, phase.benchmark_id).await?;
            phases.push(Phase::of(phase, benchmark, now));
        }
        Ok(Self { name: row.name, title: row.title, summary: row.summary, phases })
    }
}

impl Phase {
    fn of(phase: phase::Model, benchmark: benchmark::Model, now: Instant) -> Self {
        let limits = phase.limits();
        let state = match state_at(&phase, now) {
            PhaseState::Upcoming => "upcoming",
            PhaseState::Open => "open",
            PhaseState::Closed => "closed",
        };
        let targets = match benchmark.targets {
            TargetsAre::Hidden => "hidden",
            TargetsAre::Public => "public",
            TargetsAre::None => "none",
        };
        Self {
            name: phase.name,
            title: phase.title,
            state: state.to_owned(),
            opens: phase.opens_at.utc(),
            closes: phase.closes_at.map(Instant::utc),
            split: benchmark.split,
            protocol: benchmark.protocol,
            targets: targets.to_owned(),
            queries: benchmark.queries as u32,
            gallery: benchmark.gallery_digest,
            per_day: limits.per_day,
            total: limits.total,
        }
    }
}
