//! A challenge of the database as the `challenge.toml` that would create it.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::Serialize;

use super::PhaseSettings;
use crate::entities::{benchmark, challenge};
use crate::error::{Error, Result};

#[derive(Serialize)]
struct Shown<'a> {
    name: &'a str,
    task: &'a str,
    title: &'a str,
    summary: &'a str,
    text: &'a str,
    rules: &'a str,
    joining: ShownJoining<'a>,
    benchmark: Vec<ShownBenchmark>,
    phase: Vec<toml::Table>,
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
    licence: Option<String>,
    pictures: &'static str,
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
        let mut table = PhaseSettings::of(&phase).write()?;
        let on = on.map(|on| on.name.clone()).unwrap_or_default();
        table.extend([("name".to_owned(), phase.name.into()), ("benchmark".to_owned(), on.into())]);
        phases.push(table);
    }
    let shown = Shown {
        name: &challenge.name,
        task: &challenge.task,
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
    // Converted by way of text, where instants are instants and not tables.
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
            licence: row.licence,
            pictures: row.pictures.name(),
        }
    }
}
