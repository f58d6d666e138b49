//! The stored ranks of submissions: of the definition's targets, or of a set's corrected ones.

use std::collections::BTreeMap;

use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};
use uuid::Uuid;

use crate::entities::{ranks, rescored_ranks, submission};
use crate::error::Result;

/// The stored ranks of some submissions, by submission; `targets_id` names the set with the
/// targets, if they are not those of the definition.
pub async fn stored_ranks(
    db: &impl ConnectionTrait,
    targets_id: Option<i32>,
    ids: Vec<Uuid>,
) -> Result<BTreeMap<Uuid, Vec<u8>>> {
    Ok(match targets_id {
        None => {
            let rows = ranks::Entity::find().filter(ranks::Column::SubmissionId.is_in(ids));
            rows.all(db).await?.into_iter().map(|row| (row.submission_id, row.bytes)).collect()
        }
        Some(set) => {
            let rows = rescored_ranks::Entity::find()
                .filter(rescored_ranks::Column::RescoringId.eq(set))
                .filter(rescored_ranks::Column::SubmissionId.is_in(ids));
            rows.all(db).await?.into_iter().map(|row| (row.submission_id, row.bytes)).collect()
        }
    })
}

/// A row for each submission of the outer statement that has stored ranks.
pub(super) fn of_submission(targets_id: Option<i32>) -> SelectStatement {
    let own = Expr::col((submission::Entity, submission::Column::Id));
    let mut rows = Query::select().expr(Expr::value(1)).take();
    match targets_id {
        None => rows
            .from(ranks::Entity)
            .and_where(Expr::col((ranks::Entity, ranks::Column::SubmissionId)).eq(own)),
        Some(set) => {
            let of = (rescored_ranks::Entity, rescored_ranks::Column::SubmissionId);
            rows.from(rescored_ranks::Entity)
                .and_where(rescored_ranks::Column::RescoringId.eq(set))
                .and_where(Expr::col(of).eq(own))
        }
    };
    rows
}

/// Stores the ranks of a submission.
pub(super) async fn store(
    db: &impl ConnectionTrait,
    targets_id: Option<i32>,
    submission_id: Uuid,
    bytes: Vec<u8>,
) -> Result<()> {
    let (submission_id, bytes) = (Set(submission_id), Set(bytes));
    match targets_id {
        None => {
            let row = ranks::ActiveModel { submission_id, bytes };
            ranks::Entity::insert(row).exec_without_returning(db).await?;
        }
        Some(set) => {
            let rescoring_id = Set(set);
            let row = rescored_ranks::ActiveModel { rescoring_id, submission_id, bytes };
            rescored_ranks::Entity::insert(row).exec_without_returning(db).await?;
        }
    }
    Ok(())
}
