//! Frozen boards: a phase's board at the instant at which it froze.
//!
//! It is saved once every submission that was received before that instant is finished; until then
//! it is computed each time, as of that instant. A saved board doesn't change: organisers can
//! remove rows, and nobody moves up.

use std::collections::BTreeSet;

use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QuerySelect,
};
use uuid::Uuid;

use super::certainty::Material;
use super::record::{Record, View};
use crate::ambient::Instant;
use crate::challenges;
use crate::database::UnitOfWork;
use crate::database::{from_json, to_json};
use crate::entities::submission::{self, Column, State};
use crate::entities::{benchmark, frozen, phase};
use crate::error::Result;
use crate::submissions::SubmissionsSite;

/// The standings of a phase as they were at the instant, without what has been removed since.
pub(super) async fn record(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    benchmark: &benchmark::Model,
    at: Instant,
    now: Instant,
) -> Result<Record> {
    let record = match kept(db, phase, at).await? {
        Some(row) => from_json(&row.standings)?,
        None => Record::take(db, phase, benchmark, &View::before(at, now)).await?,
    };
    Ok(record.without(&removed(db, phase).await?))
}

/// Saves the board of a phase that has frozen, in the caller's transaction. Returns whether teams
/// can no longer change it: false while a submission that was received before the freeze is
/// unfinished.
///
/// Call this before undoing an action from before the freeze (putting a submission back, undoing a
/// choice): an undone action leaves no trace from which that board could be computed later.
pub async fn keep(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    benchmark: &benchmark::Model,
    now: Instant,
) -> Result<bool> {
    let Some(at) = phase.frozen_at(now) else { return Ok(true) };
    if kept(db, phase, at).await?.is_some() {
        return Ok(true);
    }
    let waiting = submission::Entity::find()
        .filter(Column::PhaseId.eq(phase.id))
        .filter(Column::State.eq(State::Received))
        .filter(Column::ReceivedAt.lt(at));
    if waiting.count(db).await? > 0 {
        return Ok(false);
    }
    let record = Record::take(db, phase, benchmark, &View::before(at, now)).await?;
    let part = phase.part_at(at);
    let certainty = match Material::of(record.ranked(), (phase, benchmark), part)? {
        Some(material) => Some(material.compute(db, benchmark).await?),
        None => None,
    };
    let record = record.with_certainty(certainty);
    // A board of another instant was saved before the organisers moved the freeze.
    frozen::Entity::delete_by_id(phase.id).exec(db).await?;
    let standings = to_json(&record)?;
    let row = frozen::Model { phase_id: phase.id, frozen_at: at, made_at: now, standings };
    let row = row.into_active_model().reset_all();
    frozen::Entity::insert(row).exec_without_returning(db).await?;
    Ok(true)
}

/// Saves the boards of all frozen phases of a challenge, in the caller's transaction. Returns false
/// as [`keep`] does.
pub async fn keep_all(db: &impl ConnectionTrait, challenge_id: i32, now: Instant) -> Result<bool> {
    let mut kept = true;
    for phase in challenges::phases_of(db, challenge_id).await? {
        let benchmark = challenges::benchmark_by_id(db, phase.benchmark_id).await?;
        kept &= keep(db, &phase, &benchmark, now).await?;
    }
    Ok(kept)
}

/// Saves the board of a phase if it has frozen and is not saved yet.
pub(super) async fn keep_one(
    site: &SubmissionsSite,
    phase: &phase::Model,
    benchmark: &benchmark::Model,
) -> Result<()> {
    let now = site.ambient.now();
    let Some(at) = phase.frozen_at(now) else { return Ok(()) };
    if kept(&site.db, phase, at).await?.is_some() {
        return Ok(());
    }
    let unit = UnitOfWork::begin(site).await?;
    // The phase may have changed by now.
    let phase = challenges::phase_by_id(unit.db(), phase.id).await?;
    if phase.benchmark_id == benchmark.id {
        keep(unit.db(), &phase, benchmark, now).await?;
    }
    unit.commit().await
}

/// Saves every board that has frozen and is not saved yet.
pub async fn keep_due(site: &SubmissionsSite) -> Result<()> {
    let frozen = phase::Entity::find().filter(phase::Column::FreezeAt.lte(site.ambient.now()));
    for phase in frozen.all(&site.db).await? {
        let benchmark = challenges::benchmark_by_id(&site.db, phase.benchmark_id).await?;
        keep_one(site, &phase, &benchmark).await?;
    }
    Ok(())
}

/// The saved board of this instant.
async fn kept(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    at: Instant,
) -> Result<Option<frozen::Model>> {
    let kept = frozen::Entity::find_by_id(phase.id).filter(frozen::Column::FrozenAt.eq(at));
    Ok(kept.one(db).await?)
}

/// The submissions that the organisers have removed from the board.
async fn removed(db: &impl ConnectionTrait, phase: &phase::Model) -> Result<BTreeSet<Uuid>> {
    let by_organisers = Condition::any()
        .add(Column::DisqualifiedAt.is_not_null())
        .add(Column::HiddenAt.is_not_null());
    let ids = submission::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::PhaseId.eq(phase.id))
        .filter(by_organisers);
    Ok(ids.into_tuple().all(db).await?.into_iter().collect())
}
