//! Makes the database say what `challenge.toml` says.

use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, DatabaseTransaction, EntityTrait,
    PaginatorTrait, QueryFilter, Set,
};
use sea_orm::{DatabaseConnection, IntoActiveModel};

use super::definition::{BenchmarkDefinition, PhaseDefinition};
use super::{Definition, load};
use crate::ambient::Ambient;
use crate::database;
use crate::entities::{benchmark, challenge, phase, submission};
use crate::error::{Error, Result};

/// What applying a definition did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// Things that were not there before.
    pub created: Vec<String>,
    /// Things that were there and say something else now.
    pub changed: Vec<String>,
}

/// Makes the challenge, its benchmarks and phases say what the definition says. Applying it again
/// changes nothing. A benchmark that has submissions keeps what they were scored on.
pub async fn apply(
    db: &DatabaseConnection,
    ambient: &Ambient,
    definition: &Definition,
) -> Result<Applied> {
    let mut loaded = Vec::new();
    for benchmark in &definition.benchmarks {
        loaded.push((benchmark, fresh_row(benchmark)?));
    }
    let transaction = database::begin(db).await?;
    let mut applied = Applied::default();
    let challenge = put_challenge(&transaction, ambient, definition, &mut applied).await?;
    for (definition, row) in loaded {
        put_benchmark(&transaction, challenge.id, definition, row, &mut applied).await?;
    }
    for (position, phase) in definition.phases.iter().enumerate() {
        put_phase(&transaction, challenge.id, position, phase, &mut applied).await?;
    }
    transaction.commit().await?;
    Ok(applied)
}

async fn put_challenge(
    db: &DatabaseTransaction,
    ambient: &Ambient,
    definition: &Definition,
    applied: &mut Applied,
) -> Result<challenge::Model> {
    let named = challenge::Entity::find().filter(challenge::Column::Name.eq(&definition.name));
    let Some(old) = named.one(db).await? else {
        let row = challenge::ActiveModel {
            id: NotSet,
            name: Set(definition.name.clone()),
            title: Set(definition.title.clone()),
            summary: Set(definition.summary.clone()),
            rules: Set(definition.rules.clone()),
            created_at: Set(ambient.now()),
        };
        applied.created.push(format!("challenge `{}`", definition.name));
        return Ok(row.insert(db).await?);
    };
    let new = challenge::Model {
        title: definition.title.clone(),
        summary: definition.summary.clone(),
        rules: definition.rules.clone(),
        ..old.clone()
    };
    if new == old {
        return Ok(old);
    }
    applied.changed.push(format!("challenge `{}`", definition.name));
    Ok(new.into_active_model().reset_all().update(db).await?)
}

/// The row of a benchmark as its files are now.
fn fresh_row(definition: &BenchmarkDefinition) -> Result<benchmark::Model> {
    let targets = definition.targets()?;
    let protocol = definition.protocol()?;
    let file = definition.targets_file.as_deref();
    let loaded = load(&definition.folder, &definition.split, protocol, targets, file)?;
    Ok(benchmark::Model {
        id: 0,
        challenge_id: 0,
        name: definition.name.clone(),
        folder: definition.folder.display().to_string(),
        split: definition.split.clone(),
        protocol: protocol.name().to_owned(),
        targets,
        targets_file: file.map(|file| file.display().to_string()),
        version: loaded.version(),
        gallery_digest: loaded.gallery_digest(),
        queries: loaded.groups().iter().map(|g| g.queries.len()).sum::<usize>() as i32,
    })
}

async fn put_benchmark(
    db: &DatabaseTransaction,
    challenge_id: i32,
    definition: &BenchmarkDefinition,
    row: benchmark::Model,
    applied: &mut Applied,
) -> Result<()> {
    let Some(old) = benchmark_named(db, challenge_id, &definition.name).await? else {
        let row = benchmark::Model { challenge_id, ..row };
        let row = benchmark::ActiveModel { id: NotSet, ..row.into_active_model().reset_all() };
        row.insert(db).await?;
        applied.created.push(format!("benchmark `{}`", definition.name));
        return Ok(());
    };
    let new = benchmark::Model { id: old.id, challenge_id, ..row };
    if new == old {
        return Ok(());
    }
    let rescoring = new.version != old.version || new.targets != old.targets;
    if rescoring && submissions_on(db, old.id).await? > 0 {
        return Err(Error::unusable(format!(
            "benchmark `{}` has submissions, and this would change what they are scored on; \
             give the new data a benchmark and a phase of its own",
            old.name
        )));
    }
    new.into_active_model().reset_all().update(db).await?;
    applied.changed.push(format!("benchmark `{}`", definition.name));
    Ok(())
}

async fn put_phase(
    db: &DatabaseTransaction,
    challenge_id: i32,
    position: usize,
    definition: &PhaseDefinition,
    applied: &mut Applied,
) -> Result<()> {
    let benchmark = benchmark_named(db, challenge_id, &definition.benchmark).await?;
    let benchmark =
        benchmark.ok_or_else(|| Error::not_found("benchmark", &definition.benchmark))?;
    let limits = &definition.limits;
    let row = phase::Model {
        id: 0,
        challenge_id,
        benchmark_id: benchmark.id,
        name: definition.name.clone(),
        title: definition.title.clone(),
        kind: "ranking".to_owned(),
        position: position as i32,
        opens_at: definition.opens,
        closes_at: definition.closes,
        limit_per_day: limits.per_day.map(i32::from),
        limit_total: limits.total.map(i32::from),
        limit_at_once: limits.at_once.map(i32::from),
        limit_invalid_per_day: limits.invalid_per_day.map(i32::from),
    };
    let named = phase::Entity::find()
        .filter(phase::Column::ChallengeId.eq(challenge_id))
        .filter(phase::Column::Name.eq(&definition.name));
    let Some(old) = named.one(db).await? else {
        let row = phase::ActiveModel { id: NotSet, ..row.into_active_model().reset_all() };
        row.insert(db).await?;
        applied.created.push(format!("phase `{}`", definition.name));
        return Ok(());
    };
    let new = phase::Model { id: old.id, ..row };
    if new == old {
        return Ok(());
    }
    if new.benchmark_id != old.benchmark_id && submissions_on(db, old.benchmark_id).await? > 0 {
        return Err(Error::unusable(format!(
            "phase `{}` has submissions and can't move to another benchmark",
            old.name
        )));
    }
    new.into_active_model().reset_all().update(db).await?;
    applied.changed.push(format!("phase `{}`", definition.name));
    Ok(())
}

async fn benchmark_named(
    db: &DatabaseTransaction,
    challenge_id: i32,
    name: &str,
) -> Result<Option<benchmark::Model>> {
    let named = benchmark::Entity::find()
        .filter(benchmark::Column::ChallengeId.eq(challenge_id))
        .filter(benchmark::Column::Name.eq(name));
    Ok(named.one(db).await?)
}

async fn submissions_on(db: &DatabaseTransaction, benchmark_id: i32) -> Result<u64> {
    let phases = phase::Entity::find().filter(phase::Column::BenchmarkId.eq(benchmark_id));
    let ids: Vec<i32> = phases.all(db).await?.into_iter().map(|p| p.id).collect();
    let on = submission::Entity::find().filter(submission::Column::PhaseId.is_in(ids));
    Ok(on.count(db).await?)
}
