//! A phase with its standings, cached in memory while it is up to date.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use scoring::Ranks;
use uuid::Uuid;

use super::certainty::{Certainty, Material};
use super::frozen::{self, keep_one};
use super::pace::Pace;
use super::record::{Record, View};
use super::{Confirmed, Standings, confirmed};
use crate::ambient::Instant;
use crate::challenges::{self, AuditSummary, DialogRules, Division, Part, PublicShare, Viewer};
use crate::entities::{benchmark, challenge, phase};
use crate::error::Result;
use crate::submissions::SubmissionsSite;

/// A phase with its standings at an instant.
#[derive(Clone)]
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
    /// The part of its queries that scores are on.
    pub part: Part,
    /// The phase's feedback share, if it has one.
    pub share: Option<PublicShare>,
    /// The standings.
    pub standings: Standings,
    /// The last audit of the benchmark, as far as everyone may know of it.
    pub audit: Option<AuditSummary>,
    /// The final results that were confirmed, the latest first.
    pub confirmed: Vec<Confirmed>,
    /// How sure the ranks are; none if nothing is scored, or until it is computed. After a change it
    /// is of the board before, until it is computed again.
    pub certainty: Option<Arc<Certainty>>,
    /// The instant it was made; times on it are relative to this instant.
    pub made_at: Instant,
    /// When making it began: it has everything that was written before.
    begun: tokio::time::Instant,
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
        let (begun, now) = (tokio::time::Instant::now(), site.ambient.now());
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
                let record =
                    Record::take(&site.db, &phase, &benchmark, &View::of_public(now)).await?;
                match phase.earlier_board(now) {
                    Some(at) => {
                        record.beside(&frozen::record(&site.db, &phase, &benchmark, at, now).await?)
                    }
                    None => record,
                }
            }
        };
        let confirmed = confirmed(&site.db, &phase).await?;
        // A frozen board doesn't change, whatever is audited.
        let audit = match frozen_at {
            None => challenges::audit_summary(&site.db, &benchmark).await?,
            Some(_) => None,
        };
        let part = phase.part_at(now);
        let seen = phase.seen_at(Viewer::Public, &benchmark, now)?;
        let shown = seen.shown;
        let standings = record.standings(seen, frozen_at);
        let share =
            challenges::public_share(&site.db, &phase, &benchmark, &ready.benchmark, now).await?;
        let made_at = if frozen_at.is_some() { time_grid(&phases, now) } else { now };
        Ok(Self {
            challenge,
            phase,
            phases,
            benchmark,
            commitment,
            groups,
            part,
            share,
            standings,
            audit,
            confirmed,
            certainty: record.certainty().filter(|_| shown.has_overall() && !seen.laddered),
            made_at,
            begun,
            record,
        })
    }

    /// The part of the ranks of submissions that the board is computed on.
    pub(super) fn part_of(&self, stored: HashMap<Uuid, Ranks>) -> Result<HashMap<Uuid, Ranks>> {
        Division::of(&self.phase, &self.benchmark)?.by_id(stored, self.part)
    }

    /// On how many queries the scores are.
    pub fn queries(&self) -> u64 {
        let all = self.all_queries();
        match (&self.share, self.part) {
            (Some(share), Part::Share) => share.queries as u64,
            (Some(share), Part::Rest) => share.rest as u64,
            _ => all,
        }
    }

    /// All of its benchmark's queries, or all dialogs of a submission.
    pub fn all_queries(&self) -> u64 {
        let dialogs = |rules: DialogRules| u64::from(rules.dialogs) * self.groups.len() as u64;
        let played = self.phase.dialog_rules().map(dialogs);
        played.unwrap_or(self.benchmark.queries.max(0) as u64)
    }

    /// The same board, with how sure its ranks are.
    fn with(&self, certainty: Certainty) -> Self {
        Self { certainty: Some(Arc::new(certainty)), ..self.clone() }
    }

    /// What is left to compute of how sure its ranks are.
    fn to_compute(&self) -> Result<Option<Material>> {
        let certainty = self.certainty.as_ref();
        // It would tell what the Ladder hides.
        if self.phase.climbs_at(self.made_at) {
            return Ok(None);
        }
        if self.standings.frozen_at.is_some() && certainty.is_some() {
            return Ok(None);
        }
        let ranked = self.standings.rows.iter().filter(|row| row.rank.is_some());
        let ids = ranked.map(|row| row.submission.id);
        let material = Material::of(ids, (&self.phase, &self.benchmark), self.part)?;
        Ok(material.filter(|material| !certainty.is_some_and(|it| it.is_of(material))))
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

/// The requested boards. Only existing phases are cached, so nobody can fill the memory with names.
#[derive(Default)]
pub struct Boards {
    kept: Arc<Kept>,
    /// Held while a board is made: other requests wait for its result.
    making: tokio::sync::Mutex<()>,
}

/// The cached boards, by the names of challenge and phase.
#[derive(Default)]
struct Kept {
    boards: Mutex<HashMap<String, HashMap<String, Arc<Board>>>>,
    /// The phases whose certainty is being computed in the background.
    resampled: Mutex<BTreeSet<i32>>,
    /// How often boards were made, by phase.
    paces: Mutex<HashMap<i32, Pace>>,
}

/// Up to how many values of queries the certainty of a board is computed before it is shown; beyond
/// that it follows in the background. It takes about 10 ms.
const AT_ONCE: u64 = 20_000;

/// The shortest pause between computing a board's certainty twice.
const PAUSE: Duration = Duration::from_secs(2);

/// How many times as long as computing the pause is at least: a board that changes all the time takes a
/// hundredth of a core, since scoring needs the cores.
const REST: u32 = 99;

impl Boards {
    /// The board of a phase: the cached one while it is up to date, or else a new one.
    pub async fn get(
        &self,
        site: &Arc<SubmissionsSite>,
        challenge: &str,
        phase: &str,
    ) -> Result<Arc<Board>> {
        let asked = tokio::time::Instant::now();
        if let Some(board) = self.kept.current(site, challenge, phase).await? {
            return Ok(board);
        }
        // Without the lock: the boards of other phases needn't wait.
        tokio::time::sleep(self.kept.pause_before(challenge, phase)).await;
        let _making = self.making.lock().await;
        // One that was made meanwhile will do, even if there was another change since.
        let meanwhile = self.kept.last(challenge, phase).filter(|last| last.begun >= asked);
        if let Some(board) = meanwhile {
            return Ok(board);
        }
        if let Some(board) = self.kept.current(site, challenge, phase).await? {
            return Ok(board);
        }
        let last = self.kept.last(challenge, phase);
        let mut board = Board::of(site, challenge, phase, last.as_deref()).await?;
        self.kept.note_pace(board.phase.id);
        if board.standings.frozen_at.is_none() {
            board.certainty = last.and_then(|last| last.certainty.clone());
        }
        let Some(material) = board.to_compute()? else { return Ok(self.kept.keep(board)) };
        // A frozen board doesn't change, so it is shown whole or not at all.
        if material.size() <= AT_ONCE || board.standings.frozen_at.is_some() {
            let certainty = material.compute(&site.db, &board.benchmark).await?;
            return Ok(self.kept.keep(board.with(certainty)));
        }
        let board = self.kept.keep(board);
        self.compute_later(site, &board);
        Ok(board)
    }

    /// Computes how sure the ranks of a board are in the background, again and again while it
    /// changes, once at a time.
    fn compute_later(&self, site: &Arc<SubmissionsSite>, board: &Arc<Board>) {
        let phase = board.phase.id;
        if !lock(&self.kept.resampled).insert(phase) {
            return;
        }
        let (kept, site, mut board) = (self.kept.clone(), Arc::clone(site), Arc::clone(board));
        tokio::spawn(async move {
            loop {
                let began = tokio::time::Instant::now();
                match kept.compute(&site, &board).await {
                    Ok(Some(changed)) => board = changed,
                    Ok(None) => break,
                    Err(error) => {
                        tracing::error!(%error, "could not compute rank intervals");
                        break;
                    }
                }
                tokio::time::sleep(PAUSE.max(began.elapsed() * REST)).await;
            }
            lock(&kept.resampled).remove(&phase);
        });
    }
}

impl Kept {
    /// Computes how sure the ranks of a board are, and adds it to the cached board. Returns that
    /// board if its rows have changed meanwhile.
    async fn compute(&self, site: &SubmissionsSite, board: &Board) -> Result<Option<Arc<Board>>> {
        let Some(material) = board.to_compute()? else { return Ok(None) };
        let certainty = material.compute(&site.db, &board.benchmark).await?;
        let mut boards = lock(&self.boards);
        let phases = boards.get_mut(&board.challenge.name);
        let cached = phases.and_then(|phases| phases.get_mut(&board.phase.name));
        let Some(cached) = cached.filter(|cached| cached.phase.id == board.phase.id) else {
            return Ok(None);
        };
        *cached = Arc::new(cached.with(certainty));
        let changed = cached.to_compute()?.is_some();
        Ok(changed.then(|| Arc::clone(cached)))
    }

    /// How long to wait before the board of a phase is made again.
    fn pause_before(&self, challenge: &str, phase: &str) -> Duration {
        let last = self.last(challenge, phase);
        let pace = last.and_then(|last| lock(&self.paces).get(&last.phase.id).copied());
        pace.unwrap_or_default().wait(tokio::time::Instant::now())
    }

    fn note_pace(&self, phase: i32) {
        lock(&self.paces).entry(phase).or_default().step(tokio::time::Instant::now());
    }

    fn keep(&self, board: Board) -> Arc<Board> {
        let board = Arc::new(board);
        let mut boards = lock(&self.boards);
        let phases = boards.entry(board.challenge.name.clone()).or_default();
        phases.insert(board.phase.name.clone(), Arc::clone(&board));
        board
    }

    /// The cached board, if it is still up to date.
    async fn current(
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
        lock(&self.boards).get(challenge).and_then(|phases| phases.get(phase)).cloned()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
