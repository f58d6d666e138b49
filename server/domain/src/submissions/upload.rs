//! The stored upload of a submission, which the rule of its phase may have deleted.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter, QuerySelect,
};

use crate::entities::submission::{self, Column};
use crate::error::{Error, Result};

impl submission::Model {
    /// Refuses what needs an upload that was deleted.
    ///
    /// # Errors
    /// Says when it was deleted.
    pub fn must_have_upload(&self) -> Result<()> {
        self.upload_deleted_at.map_or(Ok(()), |at| Err(Error::upload_deleted(at)))
    }
}

#[derive(FromQueryResult)]
struct Stored {
    files: i64,
    bytes: Option<i64>,
}

/// How many uploads of a phase are stored, and how many bytes they have.
pub async fn uploads_of(db: &impl ConnectionTrait, phase_id: i32) -> Result<(u64, u64)> {
    let stored = submission::Entity::find()
        .select_only()
        .column_as(Expr::col(Column::Id).count(), "files")
        .column_as(Expr::col(Column::UploadBytes).sum().cast_as("bigint"), "bytes")
        .filter(Column::PhaseId.eq(phase_id))
        .filter(Column::UploadKey.ne(""));
    let stored: Option<Stored> = stored.into_model().one(db).await?;
    let Some(Stored { files, bytes }) = stored else { return Ok((0, 0)) };
    let number = |n: i64| u64::try_from(n).unwrap_or_default();
    Ok((number(files), number(bytes.unwrap_or_default())))
}
