//! The ordered rows of one phase. Pages, JSON and everything else that ranks come from here, and
//! nothing else orders rows.

mod board;
mod revisions;

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

pub use board::{Board, Boards};
pub use revisions::Revisions;

use crate::ambient::Instant;
use crate::challenges::{Metric, Shown, Viewer};
use crate::entities::submission::{self, State};
use crate::entities::team::{self, TeamKind};
use crate::entities::{benchmark, phase, scorecard};
use crate::error::Result;
use crate::submissions::Published;

/// The ordered rows of one phase.
#[derive(Debug, Clone)]
pub struct Standings {
    /// Best first; baselines and probes stand among the teams by score, without a rank. None where
    /// scores are not public.
    pub rows: Vec<Row>,
    /// Which metrics everybody may see.
    pub shown: Shown,
    /// How many teams have a scored submission.
    pub teams: usize,
    /// Scored submissions, over all teams.
    pub scored: usize,
    /// Half of the scored submissions took at most so long, from the request's head to the result.
    pub median_micros: Option<i64>,
    /// Submissions that failed through our fault, or wait for longer than a minute.
    pub stuck: usize,
}

/// A submission that waits for longer is counted as stuck.
const STUCK_SECONDS: i64 = 60;

/// One team's best submission.
#[derive(Debug, Clone)]
pub struct Row {
    /// 1 for the best team; equal scores share a rank; none for baselines and probes.
    pub rank: Option<u32>,
    /// The team.
    pub team: team::Model,
    /// Its best submission.
    pub submission: submission::Model,
    /// Its overall score.
    pub overall: f64,
    /// What everybody may see of its metrics.
    pub metrics: Published,
    /// How many scored submissions the team has.
    pub runs: usize,
}

/// The standings of a phase.
///
/// A team stands with its best submission that it has not withdrawn. The order is total: higher
/// score, then earlier time, then smaller id. Where the overall score is not public there are no
/// rows, since their order would tell it.
pub async fn standings(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    benchmark: &benchmark::Model,
    now: Instant,
) -> Result<Standings> {
    let rows = submission::Entity::find()
        .filter(submission::Column::PhaseId.eq(phase.id))
        .filter(submission::Column::State.ne(State::Invalid))
        .all(db)
        .await?;
    let late = now.plus_seconds(-STUCK_SECONDS);
    let is_stuck = |row: &&submission::Model| match row.state {
        State::Received => row.received_at < late,
        State::Failed => true,
        State::Scored | State::Invalid => false,
    };
    let stuck = rows.iter().filter(is_stuck).count();
    let scored: Vec<_> = rows.into_iter().filter(|row| row.state == State::Scored).collect();
    let median_micros = median(scored.iter().filter_map(duration).collect());
    let total = scored.len();
    let scored: Vec<_> = scored.into_iter().filter(|row| row.withdrawn_at.is_none()).collect();
    let shown = phase.shown(Viewer::Public, benchmark.targets)?;
    let mut cards = scorecards(db, &scored, benchmark).await?;
    let mut teams = teams(db, phase.challenge_id).await?;

    let mut best: BTreeMap<i32, (usize, submission::Model, scorecard::Model)> = BTreeMap::new();
    for submission in scored {
        let Some(card) = cards.remove(&submission.id) else { continue };
        match best.get_mut(&submission.team_id) {
            None => {
                best.insert(submission.team_id, (1, submission, card));
            }
            Some((runs, standing, standing_card)) => {
                *runs += 1;
                if place(&card, &submission) < place(standing_card, standing) {
                    (*standing, *standing_card) = (submission, card);
                }
            }
        }
    }
    let mut best: Vec<_> = best.into_values().collect();
    best.sort_by_key(|(_, submission, card)| place(card, submission));

    let mut rows = Vec::with_capacity(best.len());
    for (runs, submission, card) in best {
        let Some(team) = teams.remove(&submission.team_id) else { continue };
        let (overall, metrics) = (card.overall, Published::of(&card, shown)?);
        rows.push(Row { rank: None, team, submission, overall, metrics, runs });
    }
    give_ranks(&mut rows);
    let teams = rows.iter().filter(|row| row.rank.is_some()).count();
    if !shown.has(Metric::Overall) {
        rows.clear();
    }
    Ok(Standings { rows, shown, teams, scored: total, median_micros, stuck })
}

/// What orders submissions: the smallest place is the best.
fn place(card: &scorecard::Model, submission: &submission::Model) -> impl Ord + use<> {
    // Scores are finite and not negative, so their bits order as they do.
    (std::cmp::Reverse(card.overall.to_bits()), submission.received_at, submission.id)
}

/// Ranks the teams: equal scores share a rank, and the next one counts those before it.
fn give_ranks(rows: &mut [Row]) {
    let mut ranked = 0;
    let mut last: Option<(u64, u32)> = None;
    for row in rows.iter_mut().filter(|row| row.team.kind == TeamKind::Team) {
        ranked += 1;
        let score = row.overall.to_bits();
        let rank = last.filter(|(before, _)| *before == score).map_or(ranked, |(_, rank)| rank);
        row.rank = Some(rank);
        last = Some((score, rank));
    }
}

async fn scorecards(
    db: &impl ConnectionTrait,
    scored: &[submission::Model],
    benchmark: &benchmark::Model,
) -> Result<BTreeMap<uuid::Uuid, scorecard::Model>> {
    let mut cards = BTreeMap::new();
    // Databases take a limited number of parameters in one statement.
    for some in scored.chunks(500) {
        let of = scorecard::Entity::find()
            .filter(scorecard::Column::SubmissionId.is_in(some.iter().map(|s| s.id)))
            .filter(scorecard::Column::BenchmarkVersion.eq(&benchmark.version))
            .filter(scorecard::Column::ScorerVersion.eq(scoring::SCORER_VERSION as i32));
        for card in of.all(db).await? {
            // A score that is not finite never reaches a board.
            if card.overall.is_finite() {
                cards.insert(card.submission_id, card);
            }
        }
    }
    Ok(cards)
}

async fn teams(db: &impl ConnectionTrait, challenge_id: i32) -> Result<BTreeMap<i32, team::Model>> {
    let of = team::Entity::find().filter(team::Column::ChallengeId.eq(challenge_id));
    Ok(of.all(db).await?.into_iter().map(|team| (team.id, team)).collect())
}

fn duration(submission: &submission::Model) -> Option<i64> {
    let Instant(from) = submission.received_at;
    submission.finished_at.map(|Instant(to)| to - from)
}

fn median(mut values: Vec<i64>) -> Option<i64> {
    values.sort_unstable();
    values.get(values.len().saturating_sub(1) / 2).copied()
}
