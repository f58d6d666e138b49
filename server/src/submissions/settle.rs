//! Waits for the score of an upload that was just taken.

use std::sync::Arc;

use sea_orm::EntityTrait;
use tokio::sync::broadcast::error::RecvError;

use super::Accepted;
use crate::app::App;
use crate::entities::submission;
use crate::error::{Error, Result};

/// Has the submission scored and waits for it as long as the settings say; then answers the row as
/// it is, which may still be `received`.
pub async fn settle(app: &Arc<App>, accepted: Accepted) -> Result<submission::Model> {
    let (row, lease) = match accepted {
        Accepted::Earlier(row) => return Ok(row),
        Accepted::New(row, lease) => (row, lease),
    };
    let id = row.id;
    // Listening begins before the work does: its end can't be missed.
    let mut finished = app.worker.finished();
    app.worker.offer(app, lease, row).await?;
    let done = async {
        loop {
            match finished.recv().await {
                Ok(other) if other != id => {}
                // Finished, or so many were finished meanwhile that only the row can tell.
                Ok(_) | Err(RecvError::Lagged(_) | RecvError::Closed) => break,
            }
        }
    };
    // Running out of patience is no error: the row says that it waits.
    let _ = tokio::time::timeout(app.settings.patience, done).await;
    let row = submission::Entity::find_by_id(id).one(&app.db).await?;
    row.ok_or_else(|| Error::not_found("submission", id))
}
