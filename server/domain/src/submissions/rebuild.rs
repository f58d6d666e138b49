//! Recomputes scorecards from stored ranks.
//!
//! The remaining work is read from the database: the scored submissions without a card of the
//! current scorer. So a stopped rebuild can be continued, several can run at once, and a server can
//! run at the same time. Each batch is computed first and then written in one short transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use scoring::Ranks;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::cards::{CURRENT, copy_scores, new_card, newer_scorer};
use super::score::How;
use super::{ladder, stored_ranks};
use crate::challenges::{self, Located, Ready, Scores};
use crate::database::UnitOfWork;
use crate::entities::submission::{self, State};
use crate::entities::{benchmark, challenge, phase, scorecard};
use crate::error::{Error, Result};
use crate::submissions::SubmissionsSite;

/// How many cards are computed and written at once.
const BATCH: u64 = 200;

/// The progress of a rebuild in a phase.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// The challenge.
    pub challenge: &'a str,
    /// The phase.
    pub phase: &'a str,
    /// How many of its submissions have been processed.
    pub done: u64,
    /// How many there were to process.
    pub total: u64,
}

/// The result of a rebuild.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// How many cards were written.
    pub written: u64,
    /// The cards that could not be computed; the older ones stay.
    pub failed: Vec<FailedCard>,
}

/// A scorecard that could not be computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedCard {
    /// The submission.
    pub submission: Uuid,
    /// The reason.
    pub why: String,
}

/// Recomputes the scorecards of older scorers, of one challenge or all, and reports progress after
/// each batch. Nothing is changed if any card comes from a newer scorer.
pub async fn rebuild(
    site: &SubmissionsSite,
    only: Option<&challenge::Model>,
    progress: impl Fn(Progress<'_>),
) -> Result<Rebuilt> {
    if let Some(newer) = newer_scorer(&site.db).await? {
        return Err(Error::newer_scorer(newer, CURRENT));
    }
    let all = match only {
        Some(challenge) => vec![challenge.clone()],
        None => challenges::all(&site.db).await?,
    };
    let mut rebuilt = Rebuilt::default();
    for challenge in all {
        for phase in challenges::phases_of(&site.db, challenge.id).await? {
            let located = challenges::located(&site.db, challenge.clone(), phase.id).await?;
            of_phase(site, &located, &progress, &mut rebuilt).await?;
        }
    }
    Ok(rebuilt)
}

async fn of_phase(
    site: &SubmissionsSite,
    located: &Located,
    progress: &impl Fn(Progress<'_>),
    rebuilt: &mut Rebuilt,
) -> Result<()> {
    let Located { challenge, phase, benchmark } = located;
    let total = due(phase, benchmark).count(&site.db).await?;
    if total == 0 {
        return Ok(());
    }
    let ready = site.benchmarks.get(benchmark).await?;
    let how = How::of(phase, benchmark)?;
    let (mut done, mut after) = (0, None);
    loop {
        let mut batch = due(phase, benchmark);
        if let Some(after) = after {
            batch = batch.filter(submission::Column::Id.gt(after));
        }
        let ids: Vec<Uuid> = batch.limit(BATCH).into_tuple().all(&site.db).await?;
        let Some(last) = ids.last() else { return Ok(()) };
        after = Some(*last);
        done += ids.len() as u64;
        let (cards, failed) =
            compute(&site.db, benchmark, ids, (Arc::clone(&ready), how.clone())).await?;
        rebuilt.written += write(site, located, cards).await?;
        rebuilt.failed.extend(failed);
        let (challenge, phase) = (&challenge.name, &phase.name);
        // Uploads that were scored in the meantime are not part of the total.
        progress(Progress { challenge, phase, done, total: std::cmp::max(total, done) });
    }
}

/// The scored submissions to a phase that have no card of the current scorer, by id.
fn due(phase: &phase::Model, benchmark: &benchmark::Model) -> Select<submission::Entity> {
    submission::Entity::find()
        .select_only()
        .column(submission::Column::Id)
        .filter(submission::Column::PhaseId.eq(phase.id))
        .filter(submission::Column::State.eq(State::Scored))
        .filter(Expr::exists(current(&benchmark.edition())).not())
        // Without targets, uploads are only validated and have no ranks.
        .filter(Expr::exists(stored_ranks::of_submission(benchmark.targets_id)))
        .order_by_asc(submission::Column::Id)
}

fn current(edition: &str) -> SelectStatement {
    let own = Expr::col((submission::Entity, submission::Column::Id));
    Query::select()
        .expr(Expr::value(1))
        .from(scorecard::Entity)
        .and_where(Expr::col((scorecard::Entity, scorecard::Column::SubmissionId)).eq(own))
        .and_where(scorecard::Column::BenchmarkVersion.eq(edition))
        .and_where(scorecard::Column::ScorerVersion.eq(CURRENT))
        .take()
}

/// The cards of some submissions, and the failures.
async fn compute(
    db: &impl ConnectionTrait,
    benchmark: &benchmark::Model,
    ids: Vec<Uuid>,
    (ready, how): (Arc<Ready>, How),
) -> Result<(BTreeMap<Uuid, Scores>, Vec<FailedCard>)> {
    let stored = stored_ranks::stored_ranks(db, benchmark.targets_id, ids).await?;
    let computed = tokio::task::spawn_blocking(move || {
        let (mut cards, mut failed) = (BTreeMap::new(), Vec::new());
        for (submission, bytes) in stored {
            match scores(&bytes, &ready, &how) {
                Ok(scores) => drop(cards.insert(submission, scores)),
                Err(why) => failed.push(FailedCard { submission, why }),
            }
        }
        (cards, failed)
    });
    computed.await.map_err(|e| Error::internal("compute scorecards", e))
}

/// The scores for stored ranks, or why there are none.
pub(super) fn scores(bytes: &[u8], ready: &Ready, how: &How) -> Result<Scores, String> {
    let ranks = Ranks::from_bytes(bytes).map_err(|e| e.to_string())?;
    if ranks.fit(&ready.benchmark) {
        how.scores(&ranks, &ready.benchmark).map_err(|e| e.to_string())
    } else {
        Err("its stored ranks don't match the benchmark's queries".to_owned())
    }
}

/// Writes cards in one transaction, and returns how many: another rebuild may have been faster.
async fn write(
    site: &SubmissionsSite,
    located: &Located,
    mut cards: BTreeMap<Uuid, Scores>,
) -> Result<u64> {
    let Located { challenge, phase, benchmark } = located;
    let mut unit = UnitOfWork::begin(site).await?;
    let edition = benchmark.edition();
    let present = challenges::benchmark_by_id(unit.db(), benchmark.id).await?;
    if present.edition() != edition {
        // A rescoring set came into force in the meantime; its own cards count now.
        return Ok(0);
    }
    let written = scorecard::Entity::find()
        .select_only()
        .column(scorecard::Column::SubmissionId)
        .filter(scorecard::Column::SubmissionId.is_in(cards.keys().copied()))
        .filter(scorecard::Column::BenchmarkVersion.eq(&edition))
        .filter(scorecard::Column::ScorerVersion.eq(CURRENT));
    let written: Vec<Uuid> = written.into_tuple().all(unit.db()).await?;
    let written: BTreeSet<Uuid> = written.into_iter().collect();
    cards.retain(|id, _| !written.contains(id));
    if cards.is_empty() {
        return Ok(0);
    }
    let (count, now) = (cards.len() as u64, unit.now());
    let ids: Vec<Uuid> = cards.keys().copied().collect();
    let row = |(id, scores): (Uuid, Scores)| new_card(id, &edition, &scores, now);
    let rows: Vec<scorecard::ActiveModel> = cards.into_iter().map(row).collect::<Result<_>>()?;
    scorecard::Entity::insert_many(rows).exec(unit.db()).await?;
    let changed = ladder::recompute(unit.db(), phase, &edition).await?;
    copy_scores(unit.db(), &[ids, changed].concat(), &edition).await?;
    unit.changes(challenge.id);
    unit.commit().await?;
    Ok(count)
}
