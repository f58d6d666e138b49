//! Scores submissions: immediately for an upload that waits for its response, otherwise from the
//! queue.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::time::Duration;

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, broadcast};
use tokio::task::JoinSet;
use tokio::time::timeout;
use uuid::Uuid;

use super::queue::{self, Claim, LEASE_SECONDS, Lease, MOST_ATTEMPTS};
use super::result::{Report, Written};
use super::score;
use crate::challenges;
use crate::database::signals::{self, Signal};
use crate::entities::submission;
use crate::error::Result;
use crate::submissions::SubmissionsSite;

/// How many new submissions may wait in this process for each place. Waiting here costs nothing, and
/// going through the queue costs two transactions.
const IN_LINE: usize = 4;

/// How long they wait here before they go to the queue, where any worker takes them. Their lease
/// holds for much longer.
const LINE_TIME: Duration = Duration::from_secs(1);

/// The settings of a worker.
#[derive(Debug, Clone, Copy)]
pub struct WorkerSettings {
    /// How many submissions are scored at the same time.
    pub at_once: usize,
    /// How often to check the queue without a wake-up.
    pub poll: Duration,
    /// How much processor time scoring one upload may take; an upload that needs more is invalid.
    pub cpu_time: Duration,
}

/// Listens to other processes until this one stops.
pub async fn hear_others(site: &SubmissionsSite) {
    let heard = |signal| {
        match &signal {
            Signal::Changed(change) => site.revisions.note(vec![change.clone()]),
            Signal::Missed => site.revisions.forget(),
            Signal::Waiting | Signal::Finished(_) => {}
        }
        site.worker.hear(&signal);
    };
    signals::listen(&site.db, site.stopped(), heard).await;
}

/// Scores the submissions that one process has leased.
pub struct Worker {
    places: Arc<Semaphore>,
    /// New submissions of this process that wait for a place.
    line: Semaphore,
    /// Whether submissions may be waiting in the queue. They were there first.
    queued: AtomicBool,
    settings: WorkerSettings,
    /// The team of the submission that was taken last; at first 0, which is the id of no team.
    last_team: AtomicI32,
    /// Something was put back into the queue.
    wake: Notify,
    /// Sends the ids of submissions as they are finished.
    finished: broadcast::Sender<Uuid>,
}

impl Worker {
    /// A worker that is idle until it is called or [`run`](Self::run).
    pub fn new(settings: WorkerSettings) -> Self {
        let places = Arc::new(Semaphore::new(settings.at_once));
        let (finished, _) = broadcast::channel(1024);
        Self {
            places,
            line: Semaphore::new(IN_LINE * settings.at_once),
            queued: AtomicBool::new(true),
            settings,
            last_team: AtomicI32::new(0),
            wake: Notify::new(),
            finished,
        }
    }

    /// Its settings.
    pub fn settings(&self) -> WorkerSettings {
        self.settings
    }

    /// The ids of submissions as this process finishes them, or hears that another one has.
    pub fn finished(&self) -> broadcast::Receiver<Uuid> {
        self.finished.subscribe()
    }

    /// Looks at the queue: something was put into it.
    pub(super) fn wake(&self) {
        self.wake.notify_one();
    }

    /// Takes note of what another process has told.
    pub(super) fn hear(&self, signal: &Signal) {
        if let Signal::Finished(id) = signal {
            // It is not an error if nobody is listening.
            let _ = self.finished.send(*id);
        }
        if *signal == Signal::Waiting {
            self.queued.store(true, Ordering::Relaxed);
        }
        if !matches!(signal, Signal::Changed(_)) {
            // A submission waits for any worker, or its team has nothing being scored any more.
            self.wake.notify_one();
        }
    }

    /// Scores a leased submission once a place is free, or puts it back into the queue if that takes
    /// long. The work continues if the caller stops waiting.
    pub async fn offer(
        &self,
        site: &Arc<SubmissionsSite>,
        lease: Lease,
        row: submission::Model,
    ) -> Result<()> {
        let Some(place) = self.place_for(site, &row).await? else {
            lease.release(&site.db).await?;
            self.queued.store(true, Ordering::Relaxed);
            self.wake.notify_one();
            signals::send(&site.db, &[Signal::Waiting]).await?;
            return Ok(());
        };
        self.last_team.store(row.team_id, Ordering::Relaxed);
        let site = Arc::clone(site);
        tokio::spawn(async move {
            site.worker.finish(&site, lease, row).await;
            drop(place);
            // A queued submission may be waiting for this place.
            site.worker.wake.notify_one();
        });
        Ok(())
    }

    /// A place for a new submission. The last one, and those for which others wait, are not for a team
    /// that already has a submission being scored.
    async fn place_for(
        &self,
        site: &SubmissionsSite,
        row: &submission::Model,
    ) -> Result<Option<OwnedSemaphorePermit>> {
        let free = Arc::clone(&self.places).try_acquire_owned().ok();
        if free.is_some() && !self.is_last_place() {
            return Ok(free);
        }
        if queue::is_team_busy(&site.db, row, site.ambient.now()).await? {
            return Ok(None);
        }
        Ok(if free.is_some() { free } else { self.place_in_line().await })
    }

    /// A place, after those who wait already. None if it takes long, or others wait in the queue.
    async fn place_in_line(&self) -> Option<OwnedSemaphorePermit> {
        if self.queued.load(Ordering::Relaxed) {
            return None;
        }
        let _in_line = self.line.try_acquire().ok()?;
        timeout(LINE_TIME, Arc::clone(&self.places).acquire_owned()).await.ok()?.ok()
    }

    /// Processes the queue until the process is told to stop, then finishes the submissions in
    /// progress.
    pub async fn run(&self, site: &Arc<SubmissionsSite>, stop: impl Future<Output = ()>) {
        let mut stop = std::pin::pin!(stop);
        let mut tasks = JoinSet::new();
        loop {
            tokio::select! {
                () = &mut stop => break,
                place = Arc::clone(&self.places).acquire_owned() => {
                    let Ok(place) = place else { break };
                    match self.claim(site, self.is_last_place()).await {
                        Ok(Some((lease, row))) => {
                            let site = Arc::clone(site);
                            tasks.spawn(async move {
                                site.worker.finish(&site, lease, row).await;
                                drop(place);
                                // Its team may have more submissions in the queue, which had to
                                // wait for this one.
                                site.worker.wake.notify_one();
                            });
                        }
                        Ok(None) => {
                            drop(place);
                            tokio::select! {
                                () = &mut stop => break,
                                () = self.wake.notified() => {}
                                () = tokio::time::sleep(self.settings.poll) => {}
                            }
                        }
                        Err(_) => {
                            drop(place);
                            tokio::time::sleep(self.settings.poll).await;
                        }
                    }
                }
            }
            while tasks.try_join_next().is_some() {}
        }
        while tasks.join_next().await.is_some() {}
        // Wait for the places held by waiting uploads.
        drop(self.places.acquire_many(self.settings.at_once as u32).await);
    }

    /// Takes one submission from the queue and scores it; false if the queue is empty.
    pub async fn step(&self, site: &Arc<SubmissionsSite>) -> Result<bool> {
        let Some((lease, row)) = self.claim(site, true).await? else { return Ok(false) };
        self.finish(site, lease, row).await;
        Ok(true)
    }

    /// Whether the place just taken was the last one.
    fn is_last_place(&self) -> bool {
        self.places.available_permits() == 0
    }

    async fn claim(
        &self,
        site: &SubmissionsSite,
        only_idle_teams: bool,
    ) -> Result<Option<(Lease, submission::Model)>> {
        let last_team = Some(self.last_team.load(Ordering::Relaxed));
        let claim = Claim { only_idle_teams, last_team };
        let claimed = queue::claim(&site.db, &site.ambient, claim).await?;
        self.queued.store(claimed.is_some(), Ordering::Relaxed);
        if let Some((_, row)) = &claimed {
            self.last_team.store(row.team_id, Ordering::Relaxed);
        }
        Ok(claimed)
    }

    /// Scores one submission and writes the result, renewing the lease in the meantime.
    async fn finish(&self, site: &Arc<SubmissionsSite>, lease: Lease, row: submission::Model) {
        let id = row.id;
        let beat = Duration::from_secs(LEASE_SECONDS as u64 / 3);
        let renewing = async {
            loop {
                tokio::time::sleep(beat).await;
                // An error may be temporary; only a lease that is known to be lost ends the work.
                if let Ok(false) = lease.renew(&site.db, &site.ambient).await {
                    break;
                }
            }
        };
        let written = tokio::select! {
            written = score_and_write(site, lease, row) => written,
            () = renewing => Ok(false),
        };
        match written {
            Ok(true) => {
                // It is not an error if nobody is listening.
                let _ = self.finished.send(id);
            }
            Ok(false) => tracing::warn!(submission = %id, "another worker has finished this"),
            // The row stays `received`; when the lease expires it is tried again.
            Err(error) => {
                tracing::error!(submission = %id, %error, "could not finish a submission");
            }
        }
    }
}

async fn score_and_write(
    site: &Arc<SubmissionsSite>,
    lease: Lease,
    row: submission::Model,
) -> Result<bool> {
    let phase = challenges::phase_by_id(&site.db, row.phase_id).await?;
    loop {
        let benchmark = challenges::benchmark_by_id(&site.db, phase.benchmark_id).await?;
        let report = if row.attempts > MOST_ATTEMPTS {
            tracing::error!(submission = %row.id, attempts = row.attempts, "given up");
            Report::Failed
        } else {
            score::score(site, &row, &phase, &benchmark).await?
        };
        match report.write(site, &lease, &row, &benchmark).await? {
            Written::Done => {
                let waited = (site.ambient.now().0 - row.received_at.0).max(0) as f64 / 1e6;
                site.meter.finished(report.state(), waited);
                return Ok(true);
            }
            Written::LostLease => return Ok(false),
            // The targets changed while it was scored, which an organiser does now and then.
            Written::Rescored => {}
        }
    }
}
