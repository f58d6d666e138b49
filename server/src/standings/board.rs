//! A phase with its standings, kept in memory for as long as it is true.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::frozen::keep_one;
use super::{Standings, standings};
use crate::ambient::Instant;
use crate::app::App;
use crate::challenges;
use crate::entities::{benchmark, challenge, phase};
use crate::error::Result;

/// A phase with its standings, as they are at an instant.
pub struct Board {
    /// The challenge.
    pub challenge: challenge::Model,
    /// The phase.
    pub phase: phase::Model,
    /// All phases of the challenge, in the organisers' order.
    pub phases: Vec<phase::Model>,
    /// The phase's benchmark.
    pub benchmark: benchmark::Model,
    /// The names of the benchmark's groups.
    pub groups: Vec<String>,
    /// The standings.
    pub standings: Standings,
    /// The instant it was made; what is told of time on it is meant from here.
    pub made_at: Instant,
}

/// What a board tells of time (what is open, how long ago something was) is at most so old.
const SECONDS: i64 = 10;

impl Board {
    /// The board of a phase.
    pub async fn of(app: &App, challenge: &str, phase: &str) -> Result<Self> {
        let now = app.ambient.now();
        let challenge = challenges::find(&app.db, challenge).await?;
        let phase = challenges::find_phase(&app.db, &challenge, phase).await?;
        let phases = challenges::phases_of(&app.db, challenge.id).await?;
        let benchmark = challenges::benchmark_by_id(&app.db, phase.benchmark_id).await?;
        let ready = app.benchmarks.get(&benchmark).await?;
        let groups = ready.benchmark.groups().iter().map(|group| group.name.clone()).collect();
        keep_one(app, &phase, &benchmark).await?;
        let standings = standings(&app.db, &phase, &benchmark, now).await?;
        let made_at = if standings.frozen_at.is_some() { time_grid(&phases, now) } else { now };
        Ok(Self { challenge, phase, phases, benchmark, groups, standings, made_at })
    }

    /// Whether it still says what is so.
    fn holds(&self, revision: Option<i64>, now: Instant) -> bool {
        revision == Some(self.challenge.revision) && !self.turns_by(now)
    }

    /// Whether time has changed what it tells: some seconds have passed, or a phase has opened,
    /// closed, frozen or been revealed.
    fn turns_by(&self, now: Instant) -> bool {
        let passed = |at: Instant| self.made_at < at && at <= now;
        let mut turns = self.phases.iter().flat_map(phase::Model::turns);
        now < self.made_at || now >= self.made_at.plus_seconds(SECONDS) || turns.any(passed)
    }
}

/// The instant from which a frozen board tells time: on a grid, so that not even when the board was
/// made anew, which it is whenever something happens behind it, can be told from it.
fn time_grid(phases: &[phase::Model], now: Instant) -> Instant {
    let grid = Instant(now.0 - now.0.rem_euclid(SECONDS * 1_000_000));
    let turns = phases.iter().flat_map(phase::Model::turns).filter(|at| *at <= now);
    turns.max().map_or(grid, |turn| turn.max(grid))
}

/// The boards that were asked for, by the names of challenge and phase. Only phases that are there
/// are kept, so nobody can fill the memory with names.
#[derive(Default)]
pub struct Boards {
    kept: Mutex<HashMap<String, HashMap<String, Arc<Board>>>>,
    /// Held while a board is made: those who want it meanwhile wait for the one that is made.
    making: tokio::sync::Mutex<()>,
}

impl Boards {
    /// The board of a phase: the kept one while it is true, or else a new one.
    pub async fn get(&self, app: &App, challenge: &str, phase: &str) -> Result<Arc<Board>> {
        if let Some(board) = self.kept(app, challenge, phase).await? {
            return Ok(board);
        }
        let _making = self.making.lock().await;
        if let Some(board) = self.kept(app, challenge, phase).await? {
            return Ok(board);
        }
        let board = Arc::new(Board::of(app, challenge, phase).await?);
        let mut kept = self.lock();
        let phases = kept.entry(challenge.to_owned()).or_default();
        phases.insert(phase.to_owned(), Arc::clone(&board));
        Ok(board)
    }

    /// The kept board, if it is still true.
    async fn kept(&self, app: &App, challenge: &str, phase: &str) -> Result<Option<Arc<Board>>> {
        let found = self.lock().get(challenge).and_then(|phases| phases.get(phase)).cloned();
        let Some(board) = found else { return Ok(None) };
        let revision = app.revisions.of(&app.db, board.challenge.id).await?;
        Ok(Some(board).filter(|board| board.holds(revision, app.ambient.now())))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, HashMap<String, Arc<Board>>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
