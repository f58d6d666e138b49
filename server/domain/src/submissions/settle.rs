//! Waits for the score of a new upload.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{ConnectionTrait, EntityTrait};
use tokio::io::AsyncRead;
use tokio::sync::{broadcast, oneshot};
use tokio::time::{Instant, sleep_until, timeout};
use uuid::Uuid;

use super::intake::{Arrival, Arrived};
use super::{Accepted, Repeat, notices};
use crate::database::UnitOfWork;
use crate::entities::submission::{self, State};
use crate::error::{Error, Result};
use crate::submissions::SubmissionsSite;

/// When to look first whether another process has finished a submission; then ever later.
const LOOK: Duration = Duration::from_millis(200);

/// The submission in the response to an upload.
#[derive(Debug)]
pub struct Submitted {
    /// The row, which may still be `received`.
    pub row: submission::Model,
    /// Whether the same upload was received before, so that no new submission was made.
    pub earlier: bool,
    /// The differences, if its bytes were uploaded before.
    pub repeat: Option<Repeat>,
}

/// Reads the body of an upload, makes it a submission, has it scored, and waits for the score as long as
/// the settings say. A repeated upload waits for the score of the first.
pub async fn submit(
    site: &Arc<SubmissionsSite>,
    arrival: Arrival,
    body: impl AsyncRead + Unpin,
) -> Result<Submitted> {
    finish(site, arrival.receive(site, body).await?).await
}

/// Makes a received upload a submission, has it scored, and waits as [`submit`] does.
pub async fn finish(site: &Arc<SubmissionsSite>, arrived: Arrived) -> Result<Submitted> {
    let right = arrived.check();
    let arrived = arrived.kept_if(right).await?;
    // The rest runs as its own task: if the client leaves, which ends this call, the upload was
    // still received, and its team must get the result.
    let (here, gone) = oneshot::channel::<()>();
    let site = Arc::clone(site);
    let settling = tokio::spawn(async move { settle(&site, arrived, gone).await });
    let settled = settling.await.map_err(|e| Error::internal("wait for a score", e))?;
    drop(here);
    settled
}

async fn settle(
    site: &Arc<SubmissionsSite>,
    arrived: Arrived,
    gone: oneshot::Receiver<()>,
) -> Result<Submitted> {
    // Listen before the work begins, so that its end can't be missed.
    let finished = site.worker.finished();
    let accepted = arrived.insert(site).await?;
    let earlier = matches!(accepted, Accepted::Earlier(..));
    let mut repeat = None;
    let id = match accepted {
        Accepted::Earlier(row, repeat) if row.state != State::Received => {
            return Ok(Submitted { row, earlier, repeat });
        }
        Accepted::Earlier(row, of) => {
            repeat = of;
            row.id
        }
        Accepted::New(row, lease) => {
            let id = row.id;
            site.worker.offer(site, lease, row).await?;
            id
        }
    };
    tokio::select! {
        // A timeout is not an error: the row says that the submission is waiting.
        _ = timeout(site.intake.patience, is_done(site, finished, id)) => {}
        _ = gone => {}
    }
    Ok(Submitted { row: as_it_is(site, id).await?, earlier, repeat })
}

/// Waits for the score of a submission that is in the queue, as long as the settings say.
pub(super) async fn wait_for(site: &SubmissionsSite, id: Uuid) -> Result<submission::Model> {
    let finished = site.worker.finished();
    let _ = timeout(site.intake.patience, is_done(site, finished, id)).await;
    as_it_is(site, id).await
}

/// Completes once a submission is finished, by any process.
async fn is_done(site: &SubmissionsSite, mut finished: broadcast::Receiver<Uuid>, id: Uuid) {
    let mut pause = LOOK;
    let mut look = Instant::now() + pause;
    loop {
        tokio::select! {
            told = finished.recv() => match told {
                Ok(other) if other != id => {}
                // Finished, or so many were finished in the meantime that only the row can tell.
                _ => return,
            },
            () = sleep_until(look) => match find(&site.db, id).await {
                Ok(row) if row.state == State::Received => {
                    pause *= 2;
                    look = Instant::now() + pause;
                }
                _ => return,
            },
        }
    }
}

/// The submission in the response to its upload. If its score is not known yet, this is noted in
/// the same transaction, so that the process that finishes it later notifies the team.
async fn as_it_is(site: &SubmissionsSite, id: Uuid) -> Result<submission::Model> {
    let row = find(&site.db, id).await?;
    if row.state != State::Received || row.trial {
        return Ok(row);
    }
    let unit = UnitOfWork::begin(site).await?;
    let row = find(unit.db(), id).await?;
    if row.state == State::Received {
        notices::waits(&unit, &row).await?;
    }
    unit.commit().await?;
    Ok(row)
}

async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<submission::Model> {
    let row = submission::Entity::find_by_id(id).one(db).await?;
    row.ok_or_else(|| Error::not_found("submission", id))
}
