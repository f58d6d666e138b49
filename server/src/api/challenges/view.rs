//! Challenges and phases as the API tells them.

use domain::ambient::Instant;
use domain::challenges::{self, AskedField, Limits, Viewer, state_at};
use domain::entities::{benchmark, challenge, phase};
use poem_openapi::Object;
use sea_orm::ConnectionTrait;
use time::OffsetDateTime;

use crate::refusal::Result;

/// A challenge.
#[derive(Debug, Object)]
pub struct Challenge {
    /// The word in addresses.
    pub name: String,
    /// What kind of benchmarks it has, which says how data and runs are written: `fashion-iq`,
    /// `circo`.
    pub task: String,
    /// The title people read.
    pub title: String,
    /// One or two sentences.
    pub summary: String,
    /// Its phases, in order.
    pub phases: Vec<Phase>,
}

/// A phase: the half-open interval `[opens, closes)` in which it takes submissions.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
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
    /// The instant whose leaderboard everybody sees from then on.
    pub freezes: Option<OffsetDateTime>,
    /// The instant from which on everybody sees everything that the targets allow.
    pub reveals: Option<OffsetDateTime>,
    /// Whether the leaderboard is frozen, now.
    pub frozen: bool,
    /// Of up to how many runs that a team chooses the best counts; 0: the best of all.
    pub finals: u32,
    /// Whether probes are shown.
    pub probes: bool,
    /// What it asks for beside the method's name.
    pub fields: Vec<PhaseField>,
    /// The split it asks about.
    pub split: String,
    /// `original` or `val-union`.
    pub protocol: String,
    /// `hidden`, `public` (anyone can score 100 %) or `none` (validated, never scored).
    pub targets: String,
    /// `official` (names and order of the data set's files) or `keyed` (opaque ones).
    pub published: String,
    /// Queries, over all categories.
    pub queries: u32,
    /// What names exactly the galleries: SHA-256; hex.
    pub gallery: String,
    /// How many submissions a team may make.
    pub limits: PhaseLimits,
    /// Which scores who sees.
    pub shown: PhaseShown,
}

/// One thing that a phase asks for.
#[derive(Debug, Object)]
pub struct PhaseField {
    /// The word in forms, in `details` and in the board's filters.
    pub name: String,
    /// What people read.
    pub label: String,
    /// `text`, `link`, `yes-no` or `choice`.
    pub kind: String,
    /// What may be chosen.
    #[oai(skip_serializing_if_is_empty, default)]
    pub options: Vec<String>,
    /// Whether a run without an answer is refused.
    pub required: bool,
    /// Whether everybody sees the answer.
    pub public: bool,
}

/// How many submissions a team may make; absent: no limit.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct PhaseLimits {
    /// Scored submissions a day.
    pub per_day: Option<u32>,
    /// Scored submissions in the phase.
    pub total: Option<u32>,
    /// Submissions being scored at the same time.
    pub at_once: Option<u32>,
    /// Invalid uploads a day.
    pub invalid_per_day: Option<u32>,
    /// Whether submissions to the other phases on the same benchmark count too.
    pub shared: bool,
    /// When a day begins: the hour, and the zone it is meant in.
    pub day_begins: String,
    /// The next beginning of a day.
    pub resets_at: OffsetDateTime,
}

/// Which scores who sees.
#[derive(Debug, Object)]
pub struct PhaseShown {
    /// Everybody, on the leaderboard.
    pub public: Vec<String>,
    /// A team, of its own submissions.
    pub team: Vec<String>,
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
            phases.push(Phase::of(phase, benchmark, now)?);
        }
        Ok(Self { name: row.name, task: row.task, title: row.title, summary: row.summary, phases })
    }
}

impl Phase {
    /// A phase as it is at an instant.
    pub fn of(phase: phase::Model, benchmark: benchmark::Model, now: Instant) -> Result<Self> {
        let scores = benchmark.publishable()?;
        let shown = |viewer| {
            let shown = phase.shown_at(viewer, scores, now)?;
            Ok::<_, domain::Error>(shown.names())
        };
        Ok(Self {
            state: state_at(&phase, now).name().to_owned(),
            opens: phase.opens_at.utc(),
            closes: phase.closes_at.map(Instant::utc),
            freezes: phase.freeze_at.map(Instant::utc),
            reveals: phase.reveal_at.map(Instant::utc),
            frozen: phase.frozen_at(now).is_some(),
            finals: phase.finals.max(0) as u32,
            probes: phase.probes,
            fields: phase.asked()?.into_iter().map(PhaseField::of).collect(),
            split: benchmark.split,
            protocol: benchmark.protocol,
            targets: benchmark.targets.name().to_owned(),
            published: benchmark.publication.name().to_owned(),
            queries: benchmark.queries as u32,
            gallery: benchmark.gallery_digest,
            limits: PhaseLimits::of(&phase, benchmark.shared_limits, now)?,
            shown: PhaseShown { public: shown(Viewer::Public)?, team: shown(Viewer::OwnTeam)? },
            name: phase.name,
            title: phase.title,
        })
    }
}

impl PhaseField {
    fn of(field: AskedField) -> Self {
        let AskedField { name, label, kind, options, required, public } = field;
        Self { name, label, kind: kind.name().to_owned(), options, required, public }
    }
}

impl PhaseLimits {
    fn of(phase: &phase::Model, shared: bool, now: Instant) -> Result<Self> {
        let Limits { per_day, total, at_once, invalid_per_day } = phase.limits();
        let reset = phase.reset()?;
        let resets_at = reset.next_day(now).utc();
        let day_begins = reset.to_string();
        Ok(Self { per_day, total, at_once, invalid_per_day, shared, day_begins, resets_at })
    }
}
