//! A challenge of the database as the `challenge.toml` that would make it.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::Serialize;
use toml::value::Datetime;

use super::AskedField;
use crate::ambient::Instant;
use crate::entities::{benchmark, challenge, phase};
use crate::error::{Error, Result, rfc3339};

#[derive(Serialize)]
struct Shown<'a> {
    name: &'a str,
    title: &'a str,
    summary: &'a str,
    text: &'a str,
    rules: &'a str,
    joining: ShownJoining<'a>,
    benchmark: Vec<ShownBenchmark>,
    phase: Vec<ShownPhase>,
}

#[derive(Serialize)]
struct ShownJoining<'a> {
    approval: bool,
    email_domains: Vec<&'a str>,
    team_size: Option<i32>,
}

#[derive(Serialize)]
struct ShownBenchmark {
    name: String,
    folder: String,
    split: String,
    protocol: String,
    targets: &'static str,
    targets_file: Option<String>,
    publish: &'static str,
    shared_limits: bool,
}

#[derive(Serialize)]
struct ShownPhase {
    name: String,
    title: String,
    benchmark: String,
    opens: Datetime,
    closes: Option<Datetime>,
    freezes: Option<Datetime>,
    reveals: Option<Datetime>,
    finals: i32,
    probes: bool,
    field: Vec<AskedField>,
    limits: ShownLimits,
    reset: ShownReset,
    shown: ShownMetrics,
}

#[derive(Serialize)]
struct ShownLimits {
    per_day: Option<u32>,
    total: Option<u32>,
    at_once: Option<u32>,
    invalid_per_day: Option<u32>,
}

#[derive(Serialize)]
struct ShownReset {
    hour: i32,
    zone: String,
}

#[derive(Serialize)]
struct ShownMetrics {
    public: Option<Vec<String>>,
    team: Option<Vec<String>>,
}

/// A challenge as the table of a `challenge.toml`: applying it changes nothing.
pub async fn shown_as_toml(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
) -> Result<toml::Table> {
    let of = benchmark::Entity::find().filter(benchmark::Column::ChallengeId.eq(challenge.id));
    let benchmarks = of.all(db).await?;
    let mut phases = Vec::new();
    for phase in super::phases_of(db, challenge.id).await? {
        let on = benchmarks.iter().find(|benchmark| benchmark.id == phase.benchmark_id);
        phases.push(ShownPhase::of(phase, on.map(|on| on.name.clone()).unwrap_or_default())?);
    }
    let shown = Shown {
        name: &challenge.name,
        title: &challenge.title,
        summary: &challenge.summary,
        text: &challenge.text,
        rules: &challenge.rules,
        joining: ShownJoining {
            approval: challenge.approval,
            email_domains: challenge.email_domains.split_whitespace().collect(),
            team_size: challenge.team_size,
        },
        benchmark: benchmarks.into_iter().map(ShownBenchmark::of).collect(),
        phase: phases,
    };
    // By way of text: only there instants are instants, and no tables that stand for them.
    let text = toml::to_string(&shown).map_err(|e| Error::internal("show a challenge", e))?;
    text.parse().map_err(|e| Error::internal("show a challenge", e))
}

impl ShownBenchmark {
    fn of(row: benchmark::Model) -> Self {
        Self {
            name: row.name,
            folder: row.folder,
            split: row.split,
            protocol: row.protocol,
            targets: row.targets.name(),
            targets_file: row.targets_file,
            publish: row.publication.name(),
            shared_limits: row.shared_limits,
        }
    }
}

impl ShownPhase {
    fn of(row: phase::Model, benchmark: String) -> Result<Self> {
        let limits = row.limits();
        let names = |shown: Option<String>| {
            shown.map(|names| names.split_whitespace().map(str::to_owned).collect())
        };
        Ok(Self {
            opens: datetime(row.opens_at)?,
            closes: row.closes_at.map(datetime).transpose()?,
            freezes: row.freeze_at.map(datetime).transpose()?,
            reveals: row.reveal_at.map(datetime).transpose()?,
            finals: row.finals,
            probes: row.probes,
            field: row.asked()?,
            limits: ShownLimits {
                per_day: limits.per_day,
                total: limits.total,
                at_once: limits.at_once,
                invalid_per_day: limits.invalid_per_day,
            },
            reset: ShownReset { hour: row.reset_hour, zone: row.reset_zone },
            shown: ShownMetrics { public: names(row.shown_public), team: names(row.shown_team) },
            name: row.name,
            title: row.title,
            benchmark,
        })
    }
}

fn datetime(at: Instant) -> Result<Datetime> {
    rfc3339(at).parse().map_err(|e| Error::internal("show an instant", e))
}
