//! Deletes the uploads that the rules of their phases no longer keep.

use std::collections::BTreeSet;

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::ambient::Instant;
use crate::challenges::{self, Retention};
use crate::entities::rescoring::{self, State as SetState};
use crate::entities::submission::{self, Column, State};
use crate::entities::{benchmark, phase};
use crate::error::Result;
use crate::standings;
use crate::submissions::SubmissionsSite;

/// How many submissions are handled at a time.
const BATCH: u64 = 500;

/// Deletes the uploads that are due; returns how many.
///
/// First the submissions say that their uploads are deleted, then the uploads go, then the submissions no
/// longer name them. Whatever is interrupted is done the next time.
pub async fn delete_due_uploads(site: &SubmissionsSite) -> Result<usize> {
    let now = site.ambient.now();
    let ruled = phase::Entity::find().filter(phase::Column::UploadDays.is_not_null());
    for phase in ruled.all(&site.db).await? {
        let Retention { others, ranked } = phase.retention();
        let is_due = |at: Option<Instant>| at.is_some_and(|at| at <= now);
        let benchmark = challenges::benchmark_by_id(&site.db, phase.benchmark_id).await?;
        // Corrected targets may need them.
        if !is_due(others) || is_rescored(site, &benchmark).await? {
            continue;
        }
        let kept = if is_due(ranked) {
            BTreeSet::new()
        } else {
            standings::on_the_board(&site.db, &phase, &benchmark, now).await?
        };
        mark(site, &phase, &kept, now).await?;
    }
    delete_marked(site).await
}

/// Whether a rescoring of the benchmark isn't finished.
async fn is_rescored(site: &SubmissionsSite, benchmark: &benchmark::Model) -> Result<bool> {
    let open = rescoring::Entity::find()
        .filter(rescoring::Column::BenchmarkId.eq(benchmark.id))
        .filter(rescoring::Column::State.is_in([SetState::Computing, SetState::Ready]));
    Ok(open.one(&site.db).await?.is_some())
}

/// Notes that the uploads of a phase are deleted, apart from those that are kept.
async fn mark(
    site: &SubmissionsSite,
    phase: &phase::Model,
    kept: &BTreeSet<Uuid>,
    now: Instant,
) -> Result<()> {
    let mut after = Uuid::nil();
    loop {
        let some = submission::Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::PhaseId.eq(phase.id))
            .filter(Column::State.is_in([State::Scored, State::Invalid, State::Failed]))
            .filter(Column::UploadKey.ne(""))
            .filter(Column::UploadDeletedAt.is_null())
            .filter(Column::Id.gt(after))
            .order_by_asc(Column::Id)
            .limit(BATCH);
        let some: Vec<Uuid> = some.into_tuple().all(&site.db).await?;
        let Some(last) = some.last() else { return Ok(()) };
        after = *last;
        let due = some.into_iter().filter(|id| !kept.contains(id));
        submission::Entity::update_many()
            .col_expr(Column::UploadDeletedAt, Expr::value(now))
            .filter(Column::Id.is_in(due))
            .exec(&site.db)
            .await?;
    }
}

/// Deletes the uploads of submissions that say so; returns how many.
async fn delete_marked(site: &SubmissionsSite) -> Result<usize> {
    let mut deleted = 0;
    loop {
        let some = submission::Entity::find()
            .select_only()
            .columns([Column::Id])
            .columns([Column::UploadKey])
            .filter(Column::UploadDeletedAt.is_not_null())
            .filter(Column::UploadKey.ne(""))
            .limit(BATCH);
        let some: Vec<(Uuid, String)> = some.into_tuple().all(&site.db).await?;
        if some.is_empty() {
            return Ok(deleted);
        }
        for (_, key) in &some {
            site.uploads.remove_forever(key).await?;
        }
        deleted += some.len();
        submission::Entity::update_many()
            .col_expr(Column::UploadKey, Expr::value(""))
            .filter(Column::Id.is_in(some.into_iter().map(|(id, _)| id)))
            .exec(&site.db)
            .await?;
    }
}
