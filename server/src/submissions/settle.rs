//! Waits for the score of an upload that was just taken.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::EntityTrait;
use tokio::time::{Instant, interval_at, timeout};
use uuid::Uuid;

use super::Accepted;
use crate::app::App;
use crate::entities::submission::{self, State};
use crate::error::{Error, Result};

/// What another process has finished is seen after so long.
const LOOK: Duration = Duration::from_millis(200);

/// Has the submission scored and waits for it as long as the settings say; then answers the row as
/// it is, which may still be `received`. A repeated upload waits for the score of the first.
pub async fn settle(app: &Arc<App>, accepted: Accepted) -> Result<submission::Model> {
    // Listening begins before the work does: its end can't be missed.
    let mut finished = app.worker.finished();
    let id = match accepted {
        Accepted::Earlier(row) if row.state != State::Received => return Ok(row),
        Accepted::Earlier(row) => row.id,
        Accepted::New(row, lease) => {
            let id = row.id;
            app.worker.offer(app, lease, row).await?;
            id
        }
    };
    let done = async {
        let mut look = interval_at(Instant::now() + LOOK, LOOK);
        loop {
            tokio::select! {
                told = finished.recv() => match told {
                    Ok(other) if other != id => {}
                    // Finished, or so many were finished meanwhile that only the row can tell.
                    _ => break,
                },
                _ = look.tick() => match find(app, id).await {
                    Ok(row) if row.state == State::Received => {}
                    _ => break,
                },
            }
        }
    };
    // Running out of patience is no error: the row says that it waits.
    let _ = timeout(app.settings.patience, done).await;
    find(app, id).await
}

async fn find(app: &App, id: Uuid) -> Result<submission::Model> {
    let row = submission::Entity::find_by_id(id).one(&app.db).await?;
    row.ok_or_else(|| Error::not_found("submission", id))
}
