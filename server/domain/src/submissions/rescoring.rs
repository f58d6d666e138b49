//! Computes the scorecards of a rescoring set, and those that are missing in an earlier edition
//! before it comes back into force.
//!
//! The remaining work is read from the database, so it can be stopped and continued, and uploads
//! that arrive in the meantime are included. One upload is in memory at a time. A card comes from
//! stored ranks if there are ranks for the set's targets, and otherwise from the stored upload.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
};
use uuid::Uuid;

use super::cards::{CURRENT, copy_scores, new_card};
use super::rebuild::{FailedCard, scores};
use super::score::How;
use super::{counting_submissions, ladder, score, stored_ranks};
use crate::ambient::Instant;
use crate::challenges::{self, Ready, Scores};
use crate::database::{UnitOfWork, to_json};
use crate::entities::rescoring::{self, State as SetState};
use crate::entities::submission::{self, Column, Entity, State};
use crate::entities::{benchmark, phase, rescored_ranks, scorecard};
use crate::error::{Error, Result};
use crate::submissions::SubmissionsSite;

/// How many cards are computed and written at once; reading uploads again takes a while.
const BATCH: u64 = 25;

/// How often a server looks for sets to compute.
const EVERY: Duration = Duration::from_secs(2);

/// How long a process may compute a set without renewing its lease.
const LEASE_SECONDS: i64 = 60;

/// How many failures are kept with a set.
const KEPT_FAILURES: usize = 100;

/// How far the cards of an edition are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filling {
    /// How many submissions have a card.
    pub done: u64,
    /// How many there are.
    pub total: u64,
}

/// The condition of the submissions to a benchmark that are scored.
fn scored(benchmark: &benchmark::Model) -> Condition {
    let phases = phase::Entity::find()
        .select_only()
        .column(phase::Column::Id)
        .filter(phase::Column::BenchmarkId.eq(benchmark.id));
    Condition::all()
        .add(Column::State.eq(State::Scored))
        .add(Column::PhaseId.in_subquery(phases.into_query()))
}

/// The scored submissions to a benchmark without a card in the edition that its row names.
fn due(benchmark: &benchmark::Model) -> Select<Entity> {
    let own = Expr::col((Entity, Column::Id));
    let card = Query::select()
        .expr(Expr::value(1))
        .from(scorecard::Entity)
        .and_where(Expr::col((scorecard::Entity, scorecard::Column::SubmissionId)).eq(own))
        .and_where(scorecard::Column::BenchmarkVersion.eq(benchmark.edition()))
        .and_where(scorecard::Column::ScorerVersion.lte(CURRENT))
        .take();
    Entity::find().filter(scored(benchmark)).filter(Expr::exists(card).not())
}

/// How many scored submissions a benchmark has.
pub async fn scorable(db: &impl ConnectionTrait, benchmark: &benchmark::Model) -> Result<u64> {
    Ok(Entity::find().filter(scored(benchmark)).count(db).await?)
}

/// How many of them have no card in the edition that the benchmark's row names; optionally only
/// those that count on a board.
pub async fn missing(
    db: &impl ConnectionTrait,
    benchmark: &benchmark::Model,
    only_counting: bool,
) -> Result<u64> {
    let due = due(benchmark);
    let due = if only_counting { due.filter(counting_submissions()) } else { due };
    Ok(due.count(db).await?)
}

/// Computes the missing cards of the edition that a benchmark's row names, and returns those that
/// could not be computed.
pub async fn fill(site: &SubmissionsSite, benchmark: &benchmark::Model) -> Result<Vec<FailedCard>> {
    fill_leased(site, benchmark, None, &|_| {}).await
}

/// The same with reports of progress; the lease of a set is renewed after each batch, and the work
/// ends if that is no longer possible.
async fn fill_leased(
    site: &SubmissionsSite,
    benchmark: &benchmark::Model,
    leased: Option<&rescoring::Model>,
    report: &(dyn Fn(Filling) + Send + Sync),
) -> Result<Vec<FailedCard>> {
    let mut failed = Vec::new();
    let due = due(benchmark).order_by_asc(Column::Id);
    let mut batch = due.clone().limit(BATCH).all(&site.db).await?;
    if batch.is_empty() {
        return Ok(failed);
    }
    let by = Scoring::of(site, benchmark).await?;
    let total = scorable(&site.db, benchmark).await?;
    let mut done = total.saturating_sub(missing(&site.db, benchmark, false).await?);
    while let Some(last) = batch.last() {
        let after = last.id;
        done += batch.len() as u64;
        let (cards, failures) = compute(site, benchmark, &batch, &by).await?;
        failed.extend(failures);
        if !write(site, benchmark, cards).await? {
            return Ok(failed);
        }
        // Uploads that were scored in the meantime are not part of the total.
        report(Filling { done, total: std::cmp::max(total, done) });
        if let Some(set) = leased
            && !lease(site, set, None).await?
        {
            return Ok(failed);
        }
        batch = due.clone().filter(Column::Id.gt(after)).limit(BATCH).all(&site.db).await?;
    }
    Ok(failed)
}

/// New scores, with the ranks if the upload was read for them.
struct Computed {
    scores: Scores,
    ranks: Option<Vec<u8>>,
}

/// What submissions to a benchmark are scored with.
struct Scoring {
    ready: Arc<Ready>,
    /// How each phase turns ranks into scores, by the phase's id.
    of_phases: BTreeMap<i32, How>,
}

impl Scoring {
    async fn of(site: &SubmissionsSite, benchmark: &benchmark::Model) -> Result<Self> {
        let ready = site.benchmarks.get(benchmark).await?;
        let how = |phase: phase::Model| Ok((phase.id, How::of(&phase, benchmark)?));
        let on = phases(&site.db, benchmark).await?.into_iter();
        let of_phases = on.map(how).collect::<Result<_>>()?;
        Ok(Self { ready, of_phases })
    }

    fn how(&self, row: &submission::Model) -> Result<&How> {
        self.of_phases.get(&row.phase_id).ok_or_else(|| Error::not_found("phase", row.phase_id))
    }
}

/// The phases on a benchmark.
async fn phases(
    db: &impl ConnectionTrait,
    benchmark: &benchmark::Model,
) -> Result<Vec<phase::Model>> {
    let on = phase::Entity::find().filter(phase::Column::BenchmarkId.eq(benchmark.id));
    Ok(on.all(db).await?)
}

async fn compute(
    site: &SubmissionsSite,
    benchmark: &benchmark::Model,
    batch: &[submission::Model],
    by: &Scoring,
) -> Result<(BTreeMap<Uuid, Computed>, Vec<FailedCard>)> {
    let ids = batch.iter().map(|row| row.id).collect();
    let mut stored = stored_ranks::stored_ranks(&site.db, benchmark.targets_id, ids).await?;
    let (mut cards, mut failed) = (BTreeMap::new(), Vec::new());
    for row in batch {
        let computed = match stored.remove(&row.id) {
            Some(bytes) => of_ranks(bytes, &by.ready, by.how(row)?).await?,
            None => score::score_again(site, row, &by.ready, by.how(row)?)
                .await?
                .map(|(ranks, scores)| Computed { scores, ranks: Some(ranks.to_bytes()) }),
        };
        match computed {
            Ok(computed) => drop(cards.insert(row.id, computed)),
            Err(why) => failed.push(FailedCard { submission: row.id, why }),
        }
    }
    Ok((cards, failed))
}

async fn of_ranks(
    bytes: Vec<u8>,
    ready: &Arc<Ready>,
    how: &How,
) -> Result<Result<Computed, String>> {
    let (ready, how) = (Arc::clone(ready), how.clone());
    let computed = tokio::task::spawn_blocking(move || {
        scores(&bytes, &ready, &how).map(|scores| Computed { scores, ranks: None })
    });
    computed.await.map_err(|e| Error::internal("compute scorecards", e))
}

/// Writes cards in one transaction; false if the set was cancelled in the meantime. Cards that
/// another process has written stay.
async fn write(
    site: &SubmissionsSite,
    benchmark: &benchmark::Model,
    mut cards: BTreeMap<Uuid, Computed>,
) -> Result<bool> {
    let mut unit = UnitOfWork::begin(site).await?;
    if let Some(id) = benchmark.rescoring_id {
        let set = rescoring::Entity::find_by_id(id).one(unit.db()).await?;
        if set.is_none_or(|set| set.state == SetState::Cancelled) {
            return Ok(false);
        }
    }
    let edition = benchmark.edition();
    let written = scorecard::Entity::find()
        .select_only()
        .column(scorecard::Column::SubmissionId)
        .filter(scorecard::Column::SubmissionId.is_in(cards.keys().copied()))
        .filter(scorecard::Column::BenchmarkVersion.eq(&edition))
        .filter(scorecard::Column::ScorerVersion.eq(CURRENT));
    for id in written.into_tuple::<Uuid>().all(unit.db()).await? {
        cards.remove(&id);
    }
    let ids: Vec<Uuid> = cards.keys().copied().collect();
    for (id, Computed { scores, ranks }) in cards {
        let row = new_card(id, &edition, &scores, unit.now())?;
        scorecard::Entity::insert(row).exec(unit.db()).await?;
        if let Some(bytes) = ranks {
            stored_ranks::store(unit.db(), benchmark.targets_id, id, bytes).await?;
        }
    }
    let mut changed = ids.clone();
    for phase in phases(unit.db(), benchmark).await? {
        changed.extend(ladder::recompute(unit.db(), &phase, &edition).await?);
    }
    let present = challenges::benchmark_by_id(unit.db(), benchmark.id).await?;
    if present.edition() == edition && !ids.is_empty() {
        copy_scores(unit.db(), &changed, &edition).await?;
        unit.changes(benchmark.challenge_id);
    }
    unit.commit().await?;
    Ok(true)
}

/// Removes all that was computed for a set.
pub async fn remove_cards(
    db: &impl ConnectionTrait,
    benchmark: &benchmark::Model,
    set: &rescoring::Model,
) -> Result<()> {
    let edition = benchmark.with_set(set).edition();
    let cards = scorecard::Entity::delete_many();
    cards.filter(scorecard::Column::BenchmarkVersion.eq(edition)).exec(db).await?;
    let ranks = rescored_ranks::Entity::delete_many();
    ranks.filter(rescored_ranks::Column::RescoringId.eq(set.id)).exec(db).await?;
    Ok(())
}

/// Computes open sets until the server stops; several servers share the work.
pub async fn run_rescorings(site: &SubmissionsSite) {
    loop {
        let stopped = site.stopped();
        // An error was logged where it was found, and the next round tries again.
        let work = async {
            let _ = step(site).await;
            tokio::time::sleep(EVERY).await;
        };
        tokio::select! {
            () = work => {}
            () = stopped => return,
        }
    }
}

/// Computes what is missing in each open set that no other process computes.
async fn step(site: &SubmissionsSite) -> Result<()> {
    let open = rescoring::Entity::find()
        .filter(rescoring::Column::State.is_in([SetState::Computing, SetState::Ready]))
        .order_by_asc(rescoring::Column::Id);
    for set in open.all(&site.db).await? {
        let benchmark = challenges::benchmark_by_id(&site.db, set.benchmark_id).await?;
        if is_behind(&site.db, &benchmark, &set).await? {
            compute_set(site, &benchmark, &set, &|_| {}).await?;
        }
    }
    Ok(())
}

/// Whether a set is not finished, or submissions were scored since it was.
async fn is_behind(
    db: &impl ConnectionTrait,
    benchmark: &benchmark::Model,
    set: &rescoring::Model,
) -> Result<bool> {
    let Some(at) = set.computed_at else { return Ok(true) };
    let newer = due(&benchmark.with_set(set)).filter(Column::FinishedAt.gte(at));
    Ok(newer.limit(1).one(db).await?.is_some())
}

/// Computes what is missing in an open set, unless another process does; false in that case.
pub async fn compute_set(
    site: &SubmissionsSite,
    benchmark: &benchmark::Model,
    set: &rescoring::Model,
    report: &(dyn Fn(Filling) + Send + Sync),
) -> Result<bool> {
    if !lease(site, set, Some(site.ambient.now())).await? {
        return Ok(false);
    }
    let began = site.ambient.now();
    let other = benchmark.with_set(set);
    match fill_leased(site, &other, Some(set), report).await {
        Ok(failed) => finish(site, benchmark, set, began, failed).await.map(|()| true),
        Err(error) => {
            release(site, set).await?;
            Err(error)
        }
    }
}

/// Takes a lease that has expired by an instant, or renews the own one; false if the set is not
/// open, or another process holds it.
async fn lease(
    site: &SubmissionsSite,
    set: &rescoring::Model,
    expired_by: Option<Instant>,
) -> Result<bool> {
    let until = site.ambient.now().plus_seconds(LEASE_SECONDS);
    let mut update = rescoring::Entity::update_many()
        .col_expr(rescoring::Column::LeaseExpiresAt, Expr::value(until))
        .filter(rescoring::Column::Id.eq(set.id))
        .filter(rescoring::Column::State.is_in([SetState::Computing, SetState::Ready]));
    if let Some(now) = expired_by {
        update = update.filter(rescoring::Column::LeaseExpiresAt.lte(now));
    }
    Ok(update.exec(&site.db).await?.rows_affected == 1)
}

async fn release(site: &SubmissionsSite, set: &rescoring::Model) -> Result<()> {
    let free = rescoring::Entity::update_many()
        .col_expr(rescoring::Column::LeaseExpiresAt, Expr::value(Instant(0)))
        .filter(rescoring::Column::Id.eq(set.id));
    free.exec(&site.db).await?;
    Ok(())
}

/// Notes that a set was computed, with the submissions that could not be scored.
async fn finish(
    site: &SubmissionsSite,
    benchmark: &benchmark::Model,
    set: &rescoring::Model,
    began: Instant,
    mut failed: Vec<FailedCard>,
) -> Result<()> {
    let unit = UnitOfWork::begin(site).await?;
    let left = missing(unit.db(), &benchmark.with_set(set), false).await?;
    let is_complete = left <= failed.len() as u64;
    failed.truncate(KEPT_FAILURES);
    let failed = if failed.is_empty() { None } else { Some(to_json(&failed)?) };
    let mut update = rescoring::Entity::update_many()
        .col_expr(rescoring::Column::LeaseExpiresAt, Expr::value(Instant(0)))
        .col_expr(rescoring::Column::Failed, Expr::value(failed))
        .filter(rescoring::Column::Id.eq(set.id))
        .filter(rescoring::Column::State.is_in([SetState::Computing, SetState::Ready]));
    if is_complete {
        update = update
            .col_expr(rescoring::Column::State, Expr::value(SetState::Ready))
            .col_expr(rescoring::Column::ComputedAt, Expr::value(Some(began)));
    }
    update.exec(unit.db()).await?;
    unit.commit().await
}
