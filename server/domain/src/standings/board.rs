//! A phase with its standings, cached in memory while it is up to date.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Standings;
use super::frozen::{self, keep_one};
use super::record::{Record, View};
use crate::ambient::Instant;
use crate::challenges::{self, Viewer};
use crate::entities::{benchmark, challenge, phase};
use crate::error::Result;
use crate::submissions::SubmissionsSite;

/// A phase with its standings at an instant.
pub struct Board {
    /// The challenge.
    pub challenge: challenge::Model,
    /// The phase.
    pub phase: phase::Model,
    /// All phases of the challenge, in the organisers' order.
    pub phases: Vec<phase::Model>,
    /// The phase's benchmark.
    pub benchmark: benchmark::Model,
    /// The digest of the last commitment to its targets, if they are hidden.
    pub commitment: Option<String>,
    /// The names of the benchmark's groups.
    pub groups: Vec<String>,
    /// The standings.
    pub standings: Standings,
    /// The instant it was made; times on it are relative to this instant.
    pub made_at: Instant,
    record: Record,
}

/// How old the times on a board (what is open, how long ago something was) can be.
const SECONDS: i64 = 10;

impl Board {
    /// The board of a phase, reusing the last one as far as it is still up to date.
    async fn of(
        site: &SubmissionsSite,
        challenge: &str,
        phase: &str,
        last: Option<&Self>,
    ) -> Result<Self> {
        let now = site.ambient.now();
        let challenge = challenges::find(&site.db, challenge).await?;
        let phase = challenges::find_phase(&site.db, &challenge, phase).await?;
        let phases = challenges::phases_of(&site.db, challenge.id).await?;
        let benchmark = challenges::benchmark_by_id(&site.db, phase.benchmark_id).await?;
        let commitment = challenges::commitment_digest(&site.db, &benchmark).await?;
        let ready = site.benchmarks.get(&benchmark).await?;
        let groups = ready.benchmark.groups().iter().map(|group| group.name.clone()).collect();
        keep_one(site, &phase, &benchmark).await?;
        let frozen_at = phase.frozen_at(now);
        let last = last.and_then(|last| Some((last, last.changes(site, &challenge, &phase, now)?)));
        let record = match (frozen_at, last) {
            (Some(at), _) => frozen::record(&site.db, &phase, &benchmark, at, now).await?,
            (None, Some((last, teams))) => {
                last.record.renewed(&site.db, &phase, &benchmark, (&teams, now)).await?
            }
            (None, None) => {
                Record::take(&site.db, &phase, &benchmark, &View::of_public(now)).await?
            }
        };
        let shown = phase.shown_at(Viewer::Public, benchmark.publishable()?, now)?;
        let standings = record.standings(shown, frozen_at);
        let made_at = if frozen_at.is_some() { time_grid(&phases, now) } else { now };
        Ok(Self {
            challenge,
            phase,
            phases,
            benchmark,
            commitment,
            groups,
            standings,
            made_at,
            record,
        })
    }

    /// The teams whose submissions have changed since it was made; none if more may have changed.
    fn changes(
        &self,
        site: &SubmissionsSite,
        challenge: &challenge::Model,
        phase: &phase::Model,
        now: Instant,
    ) -> Option<BTreeSet<i32>> {
        if self.phase.id != phase.id || self.standings.frozen_at.is_some() || self.turned_by(now) {
            return None;
        }
        let place = (challenge.id, phase.id);
        site.revisions.teams_changed(place, self.challenge.revision, challenge.revision)
    }

    /// Whether it is still up to date.
    fn holds(&self, revision: Option<i64>, now: Instant) -> bool {
        revision == Some(self.challenge.revision) && !self.has_aged_by(now)
    }

    /// Whether it is out of date because time has passed.
    fn has_aged_by(&self, now: Instant) -> bool {
        now >= self.made_at.plus_seconds(SECONDS) || self.turned_by(now)
    }

    /// Whether a phase has opened, closed, frozen or been revealed since.
    fn turned_by(&self, now: Instant) -> bool {
        let passed = |at: Instant| self.made_at < at && at <= now;
        now < self.made_at || self.phases.iter().flat_map(phase::Model::turns).any(passed)
    }
}

/// The instant to which times on a frozen board are relative. It is on a grid, so that the board
/// doesn't reveal when it was rebuilt, which happens whenever something changes.
fn time_grid(phases: &[phase::Model], now: Instant) -> Instant {
    let grid = Instant(now.0 - now.0.rem_euclid(SECONDS * 1_000_000));
    let turns = phases.iter().flat_map(phase::Model::turns).filter(|at| *at <= now);
    turns.max().map_or(grid, |turn| turn.max(grid))
}

/// The requested boards, by the names of challenge and phase. Only existing phases are cached, so
/// nobody can fill the memory with names.
#[derive(Default)]
pub struct Boards {
    kept: Mutex<HashMap<String, HashMap<String, Arc<Board>>>>,
    /// Held while a board is made: other requests wait for its result.
    making: tokio::sync::Mutex<()>,
}

impl Boards {
    /// The board of a phase: the cached one while it is up to date, or else a new one.
    pub async fn get(
        &self,
        site: &SubmissionsSite,
        challenge: &str,
        phase: &str,
    ) -> Result<Arc<Board>> {
        if let Some(board) = self.kept(site, challenge, phase).await? {
            return Ok(board);
        }
        let _making = self.making.lock().await;
        if let Some(board) = self.kept(site, challenge, phase).await? {
            return Ok(board);
        }
        let last = self.last(challenge, phase);
        let board = Arc::new(Board::of(site, challenge, phase, last.as_deref()).await?);
        let mut kept = self.lock();
        let phases = kept.entry(challenge.to_owned()).or_default();
        phases.insert(phase.to_owned(), Arc::clone(&board));
        Ok(board)
    }

    /// The cached board, if it is still up to date.
    async fn kept(
        &self,
        site: &SubmissionsSite,
        challenge: &str,
        phase: &str,
    ) -> Result<Option<Arc<Board>>> {
        let Some(board) = self.last(challenge, phase) else { return Ok(None) };
        let revision = site.revisions.of(&site.db, board.challenge.id).await?;
        Ok(Some(board).filter(|board| board.holds(revision, site.ambient.now())))
    }

    /// The latest board.
    fn last(&self, challenge: &str, phase: &str) -> Option<Arc<Board>> {
        self.lock().get(challenge).and_then(|phases| phases.get(phase)).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, HashMap<String, Arc<Board>>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
