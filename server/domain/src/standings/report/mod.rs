//! The report of a phase, for the paper of a workshop: its design, its standings with what is known
//! about them, and how they came about.

mod design;
mod pairs;
mod timeline;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use scoring::statistics::{RankInterval, rank_frequencies};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Board, Row, certainty};
use crate::ambient::Instant;
use crate::challenges::{Division, PhaseState, state_at};
use crate::database::to_json;
use crate::entities::benchmark::TargetsAre;
use crate::entities::team::TeamKind;
use crate::error::{Error, Result};
use crate::submissions::{ScoreValue, SubmissionsSite};

pub use design::DesignItem;
pub use pairs::Band;

/// The version of the document.
const VERSION: u32 = 1;

/// How many teams have rank frequencies and are compared with each other, the best ones.
const COMPARED: usize = 30;

/// How many times queries are resampled, and from which seed.
const RESAMPLES: usize = 1000;
const SEED: u64 = 1;

/// The report of a phase. It contains only what may be published, and as a document it is what the
/// organisers confirm as final results.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The version of this document's form.
    pub version: u32,
    /// The challenge, by the name in its address.
    pub challenge: String,
    /// The phase, by the name in its address.
    pub phase: String,
    /// The challenge's title.
    pub title: String,
    /// The phase's title.
    pub phase_title: String,
    /// What the task is, in a sentence or two.
    pub summary: String,
    /// The instant of which it is.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// The digest of the galleries. Not the benchmark's version: it would confirm a guess of all hidden
    /// targets.
    pub gallery: String,
    /// The gallery protocol.
    pub protocol: String,
    /// The measure that ranks.
    pub primary: String,
    /// The measures that are published by group.
    pub measures: Vec<String>,
    /// The groups of queries.
    pub groups: Vec<ReportGroup>,
    /// How the challenge was designed.
    pub design: Vec<DesignItem>,
    /// The standings, in their order.
    pub rows: Vec<ReportRow>,
    /// How many times the queries were drawn again for the rank frequencies.
    pub resamples: u32,
    /// Of the best ranked teams, in their order: how often each had rank 1, 2, ….
    pub rank_frequencies: Vec<Vec<u32>>,
    /// Of the same teams: the band of the adjusted p-value against each team after it.
    pub p_bands: Vec<Vec<Band>>,
    /// Scored submissions so far at the end of each day that had one.
    pub scored: Vec<Point<u64>>,
    /// The best overall score so far, whenever it rose.
    pub best: Vec<Point<f64>>,
}

/// A group of queries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportGroup {
    /// Its name.
    pub name: String,
    /// Its queries.
    pub queries: u64,
}

/// A row of the standings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportRow {
    /// The rank; none for guests, baselines and probes.
    pub rank: Option<u32>,
    /// The name under which the team is listed.
    pub team: String,
    /// The kind of team.
    pub kind: TeamKind,
    /// The method's name.
    pub method: String,
    /// The submission that counts.
    pub submission: Uuid,
    /// When it was received.
    #[serde(with = "time::serde::rfc3339")]
    pub received_at: OffsetDateTime,
    /// The overall score.
    pub overall: f64,
    /// Its 95 % interval.
    pub interval: Option<[f64; 2]>,
    /// The 95 % interval of the rank.
    pub rank_interval: Option<[u32; 2]>,
    /// Whether it can't be told apart from the first.
    pub tied_with_first: Option<bool>,
    /// The values of the measures, in their order, by group; a rank beyond the rankings' end is none.
    pub values: Vec<Vec<Option<f64>>>,
    /// The team's scored submissions.
    pub tries: u64,
}

/// A value at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point<T> {
    /// The instant.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// The value.
    pub value: T,
}

impl Report {
    /// The document.
    pub fn to_document(&self) -> Result<String> {
        to_json(self)
    }

    /// The SHA-256 of the document, in hex.
    pub fn digest(&self) -> Result<String> {
        Ok(hex::encode(Sha256::digest(self.to_document()?)))
    }
}

impl Board {
    /// Whether anyone may see the phase's report: where the targets are hidden, how ranks vary tells
    /// more about them than scores, so it waits until nobody can use it any more.
    pub fn report_is_public(&self, now: Instant) -> bool {
        let is_closed = state_at(&self.phase, now) == PhaseState::Closed;
        let is_revealed = self.phase.reveal_at.is_none_or(|at| at <= now);
        match self.benchmark.targets {
            TargetsAre::Public | TargetsAre::Drawn => true,
            TargetsAre::None => false,
            TargetsAre::Hidden => is_closed && is_revealed,
        }
    }
}

/// The report of a phase's board.
pub async fn report(site: &SubmissionsSite, board: &Board) -> Result<Report> {
    let Board { challenge, phase, benchmark, standings, .. } = board;
    let shown = standings.shown;
    if !shown.has_overall() {
        return Err(Error::unusable(
            "the scores of this phase are not public, so it has no report",
        ));
    }
    let before = standings.frozen_at;
    let ranked = standings.rows.iter().filter(|row| row.rank.is_some()).take(COMPARED);
    let ids: Vec<Uuid> = ranked.map(|row| row.submission.id).collect();
    let stored = certainty::stored(&site.db, benchmark, &ids).await?;
    let division = Division::of(phase, benchmark)?;
    let stored = board.part_of(stored)?;
    let primary = shown.task().primary;
    let compute = move || {
        let ranks: Option<Vec<_>> = ids.iter().map(|id| stored.get(id)).collect();
        let ranks = ranks.unwrap_or_default();
        let frequencies = rank_frequencies(&ranks, primary, RESAMPLES, SEED);
        (frequencies.unwrap_or_default(), pairs::bands(&ranks, primary))
    };
    let computed = tokio::task::spawn_blocking(compute).await;
    let (rank_frequencies, p_bands) =
        computed.map_err(|e| Error::internal("compute a report", e))?;
    let ready = site.benchmarks.get(benchmark).await?;
    let queries = division.group_queries(&ready.benchmark, board.part)?;
    let groups = ready.benchmark.groups().iter().zip(queries);
    let groups = groups
        .map(|(group, queries)| ReportGroup { name: group.name.clone(), queries: queries as u64 });
    Ok(Report {
        version: VERSION,
        challenge: challenge.name.clone(),
        phase: phase.name.clone(),
        title: challenge.title.clone(),
        phase_title: phase.title.clone(),
        summary: challenge.summary.clone(),
        at: board.made_at.utc(),
        gallery: benchmark.gallery_digest.clone(),
        protocol: benchmark.protocol.clone(),
        primary: primary.to_string(),
        measures: shown.measures().map(|measure| measure.to_string()).collect(),
        groups: groups.collect(),
        design: design::of(challenge, phase, benchmark, &ready)?,
        rows: standings.rows.iter().map(|row| ReportRow::of(board, row)).collect(),
        resamples: RESAMPLES as u32,
        rank_frequencies,
        p_bands,
        scored: timeline::scored(&site.db, phase, before).await?,
        best: timeline::best(&site.db, phase, benchmark, (before, board.made_at)).await?,
    })
}

impl ReportRow {
    fn of(board: &Board, row: &Row) -> Self {
        let certainty = board.certainty.as_ref();
        let placed: Option<RankInterval> =
            certainty.and_then(|it| it.placed(row.submission.id, row.rank?));
        let groups: Vec<_> = row.metrics.groups().collect();
        let of_measure = |at: usize| {
            let value = |value: ScoreValue| match value {
                ScoreValue::Share(number) | ScoreValue::Number(number) => Some(number),
                ScoreValue::Rank(rank) => Some(rank as f64),
                ScoreValue::Beyond(_) | ScoreValue::Missing => None,
            };
            groups.iter().map(|group| value(group.values[at].value)).collect()
        };
        let measures = row.metrics.shown().measures().count();
        Self {
            rank: row.rank,
            team: row.team.name.clone(),
            kind: row.team.kind,
            method: row.submission.method.clone(),
            submission: row.submission.id,
            received_at: row.submission.received_at.utc(),
            overall: row.metrics.overall().unwrap_or_default(),
            interval: row.metrics.interval().map(|it| [it.low, it.high]),
            rank_interval: placed.map(|it| [it.best, it.worst]),
            tied_with_first: placed.map(|it| it.with_first),
            values: (0..measures).map(of_measure).collect(),
            tries: row.tries as u64,
        }
    }
}

type Kept = (Arc<Board>, Arc<Report>);

/// The reports that were asked for last, by phase: computing one takes a moment.
#[derive(Default)]
pub struct Reports(Mutex<HashMap<i32, Kept>>);

impl Reports {
    /// The report of a board: the cached one, or else a new one.
    pub async fn get(&self, site: &SubmissionsSite, board: &Arc<Board>) -> Result<Arc<Report>> {
        let kept = self.lock().get(&board.phase.id).cloned();
        if let Some((of, report)) = kept
            && of.standings == board.standings
            && of.certainty == board.certainty
        {
            return Ok(report);
        }
        let made = Arc::new(report(site, board).await?);
        self.lock().insert(board.phase.id, (Arc::clone(board), Arc::clone(&made)));
        Ok(made)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<i32, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
