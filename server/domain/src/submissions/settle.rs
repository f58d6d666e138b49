//! Waits for the score of an upload that was just taken.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{ConnectionTrait, EntityTrait};
use tokio::io::AsyncRead;
use tokio::sync::{broadcast, oneshot};
use tokio::time::{Instant, interval_at, timeout};
use uuid::Uuid;

use super::intake::{Arrival, Arrived};
use super::{Accepted, Repeat, notices};
use crate::database::UnitOfWork;
use crate::entities::submission::{self, State};
use crate::error::{Error, Result};
use crate::submissions::SubmissionsSite;

/// What another process has finished is seen after so long.
const LOOK: Duration = Duration::from_millis(200);

/// A submission as its upload is answered with.
#[derive(Debug)]
pub struct Submitted {
    /// The row, which may still be `received`.
    pub row: submission::Model,
    /// Whether the same upload was taken before, so that no submission was made.
    pub earlier: bool,
    /// What was said with it, where its bytes are known from before.
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

/// Makes an upload that has arrived a submission, has it scored, and waits as [`submit`] does.
pub async fn finish(site: &Arc<SubmissionsSite>, arrived: Arrived) -> Result<Submitted> {
    let right = arrived.check();
    let arrived = arrived.kept_if(right).await?;
    // The rest goes on by itself: if the client leaves, which ends this call, the upload has arrived all
    // the same, and its team is to know what became of it.
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
    // Listening begins before the work does: its end can't be missed.
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
        // Running out of patience is no error: the row says that it waits.
        _ = timeout(site.intake.patience, is_done(site, finished, id)) => {}
        _ = gone => {}
    }
    Ok(Submitted { row: as_it_is(site, id).await?, earlier, repeat })
}

/// Done once a submission is finished, by whomever.
async fn is_done(site: &SubmissionsSite, mut finished: broadcast::Receiver<Uuid>, id: Uuid) {
    let mut look = interval_at(Instant::now() + LOOK, LOOK);
    loop {
        tokio::select! {
            told = finished.recv() => match told {
                Ok(other) if other != id => {}
                // Finished, or so many were finished meanwhile that only the row can tell.
                _ => return,
            },
            _ = look.tick() => match find(&site.db, id).await {
                Ok(row) if row.state == State::Received => {}
                _ => return,
            },
        }
    }
}

/// The submission as its upload is answered with. Where that is before its score is known, it is noted
/// in the same transaction that it was still so: whoever finishes it later tells the team.
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
