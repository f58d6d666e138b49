//! Finishes a submission: what was played becomes a transcript, and waits for its score.

use std::sync::Arc;

use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait as _, QueryFilter, QuerySelect as _};

use super::Game;
use super::transcript::of_turns;
use crate::database::{Signal, UnitOfWork};
use crate::dialogs::turns_of;
use crate::entities::submission::{self, Column, State};
use crate::entities::{dialog_turn, played};
use crate::error::{Error, Result};
use crate::submissions::{SubmissionsSite, settle};

/// How many submissions whose time is over are finished at once.
const FINISHED: u64 = 100;

/// Finishes a submission, unless somebody did already.
pub(super) async fn finish(site: &SubmissionsSite, game: &Game) -> Result<()> {
    let id = game.row.id;
    let turns = turns_of(&site.db, id, None).await?;
    if turns.is_empty() {
        return Ok(());
    }
    let transcript = of_turns(&turns, &game.drawn);
    let bytes = tokio::task::spawn_blocking(move || transcript.to_bytes()).await;
    let bytes = bytes.map_err(|e| Error::internal("write a transcript", e))?;
    let bytes = bytes.map_err(|e| Error::internal("write a transcript", e))?;
    let upload = site.uploads.put(site.ambient.id(), bytes.as_slice(), u64::MAX).await?;
    let mut unit = UnitOfWork::begin(site).await?;
    let stored = upload.stored();
    let done = submission::Entity::update_many()
        .col_expr(Column::State, Expr::value(State::Received))
        .col_expr(Column::UploadKey, Expr::value(&stored.key))
        .col_expr(Column::UploadDigest, Expr::value(&stored.digest))
        .col_expr(Column::UploadBytes, Expr::value(stored.bytes as i64))
        .filter(Column::Id.eq(id))
        .filter(Column::State.eq(State::Playing))
        .exec(unit.db())
        .await?;
    if done.rows_affected != 1 {
        drop(unit);
        return upload.remove().await;
    }
    dialog_turn::Entity::delete_many()
        .filter(dialog_turn::Column::SubmissionId.eq(id))
        .exec(unit.db())
        .await?;
    unit.signal(Signal::Waiting);
    unit.commit().await?;
    upload.claim();
    site.worker.wake();
    Ok(())
}

/// Finishes submissions whose time is over, and returns how many.
pub async fn finish_ended(site: &SubmissionsSite) -> Result<u64> {
    // Asked for each that is being played, so that it costs nothing for those that were.
    let over = Query::select()
        .expr(Expr::value(1))
        .from(played::Entity)
        .and_where(
            Expr::col((played::Entity, played::Column::SubmissionId))
                .eq(Expr::col((submission::Entity, Column::Id))),
        )
        .and_where(played::Column::EndsAt.lte(site.ambient.now()))
        .take();
    let ended = submission::Entity::find()
        .filter(Column::State.eq(State::Playing))
        .filter(Expr::exists(over))
        .limit(FINISHED);
    let mut finished = 0;
    for row in ended.all(&site.db).await? {
        finish(site, &Game::of(site, row).await?).await?;
        finished += 1;
    }
    Ok(finished)
}

/// Waits for the score of a finished submission, as after an upload; another one is returned as it is.
pub async fn settle_played(
    site: &Arc<SubmissionsSite>,
    row: submission::Model,
) -> Result<submission::Model> {
    if row.state != State::Received {
        return Ok(row);
    }
    settle::wait_for(site, row.id).await
}
