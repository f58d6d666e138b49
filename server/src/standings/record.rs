//! Standings before it is decided who sees what of them, in the shape in which they are kept.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Entrant, Entry, Row, Standings, public_name};
use crate::ambient::Instant;
use crate::challenges::{Details, Metric, Shown};
use crate::entities::submission::{self, State};
use crate::entities::team::{self, TeamKind};
use crate::entities::{benchmark, phase, scorecard};
use crate::error::Result;
use crate::submissions::Published;

/// A submission that waits for longer is counted as stuck.
const STUCK_SECONDS: i64 = 60;

/// The instant of which standings are taken, and for whom.
pub(super) struct View {
    now: Instant,
    /// What has happened from here on has not happened.
    before: Option<Instant>,
    own_names: bool,
}

impl View {
    /// As everybody sees them live.
    pub(super) fn of_public(now: Instant) -> Self {
        Self { now, before: None, own_names: false }
    }

    /// As everybody saw them at an instant.
    pub(super) fn before(at: Instant, now: Instant) -> Self {
        Self { now, before: Some(at), own_names: false }
    }

    /// As organisers see them.
    pub(super) fn of_organisers(now: Instant) -> Self {
        Self { now, before: None, own_names: true }
    }

    fn has_happened(&self, at: Option<Instant>) -> bool {
        at.is_some_and(|at| self.before.is_none_or(|before| at < before))
    }

    /// Whether a scored submission counts.
    fn counts(&self, row: &submission::Model) -> bool {
        let removed = [row.withdrawn_at, row.disqualified_at, row.hidden_at];
        !removed.into_iter().any(|at| self.has_happened(at))
    }

    fn name(&self, team: &team::Model, phase: &phase::Model) -> String {
        if self.own_names {
            return team.name.clone();
        }
        public_name(team, phase, self.before.unwrap_or(self.now)).to_owned()
    }
}

/// Standings with whole scorecards.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Record {
    rows: Vec<Recorded>,
    seen: BTreeSet<Uuid>,
    /// The names of the teams whose submissions are seen, as everybody knows them, by id.
    #[serde(default)]
    names: BTreeMap<i32, String>,
    teams: usize,
    scored: usize,
    median_micros: Option<i64>,
    stuck: usize,
}

#[derive(Debug, Serialize, Deserialize)]
struct Recorded {
    rank: Option<u32>,
    team: Entrant,
    submission: Entry,
    /// As it is stored, so that not a digit changes.
    card: String,
    runs: usize,
}

/// A scored submission that counts.
struct Run {
    submission: submission::Model,
    card: scorecard::Model,
}

impl Run {
    /// What orders submissions: the smallest place is the best.
    fn place(&self) -> impl Ord + use<> {
        let Self { submission, card } = self;
        // Scores are finite and not negative, so their bits order as they do.
        (Reverse(card.overall.to_bits()), submission.received_at, submission.id)
    }
}

impl Record {
    /// The standings of a phase.
    pub(super) async fn take(
        db: &impl ConnectionTrait,
        phase: &phase::Model,
        benchmark: &benchmark::Model,
        view: &View,
    ) -> Result<Self> {
        let mut teams = teams(db, phase.challenge_id).await?;
        if !phase.probes {
            teams.retain(|_, team| team.kind != TeamKind::Probe);
        }
        let mut rows = submission::Entity::find()
            .filter(submission::Column::PhaseId.eq(phase.id))
            .filter(submission::Column::Trial.eq(false))
            .filter(submission::Column::State.ne(State::Invalid));
        if let Some(before) = view.before {
            rows = rows.filter(submission::Column::ReceivedAt.lt(before));
        }
        let mut rows = rows.all(db).await?;
        rows.retain(|row| teams.contains_key(&row.team_id));
        let stuck = rows.iter().filter(|row| is_stuck(row, view.now)).count();
        rows.retain(|row| row.state == State::Scored);
        let (scored, median_micros) = (rows.len(), median(rows.iter().filter_map(duration)));
        rows.retain(|row| view.counts(row));
        let runs = runs(db, rows, benchmark).await?;
        let seen = runs.values().flatten().map(|run| run.submission.id).collect();
        let present = teams.values().filter(|team| runs.contains_key(&team.id));
        let names = present.map(|team| (team.id, view.name(team, phase))).collect();

        let best = runs.into_values().filter_map(|runs| {
            let count = runs.len();
            let best = that_counts(runs, phase.finals, view)?;
            Some((count, best))
        });
        let mut best: Vec<(usize, Run)> = best.collect();
        best.sort_by_key(|(_, run)| run.place());
        let asked = phase.asked()?;
        let mut rows = Vec::with_capacity(best.len());
        for (runs, Run { submission, card }) in best {
            let Some(team) = teams.remove(&submission.team_id) else { continue };
            let details = Details::of_column(&submission.details)?.public(&asked);
            let row = Recorded {
                rank: None,
                team: Entrant { id: team.id, name: view.name(&team, phase), kind: team.kind },
                submission: Entry {
                    id: submission.id,
                    method: submission.method,
                    details,
                    received_at: submission.received_at,
                },
                card: card.card,
                runs,
            };
            rows.push((card.overall, row));
        }
        give_ranks(&mut rows);
        let rows: Vec<Recorded> = rows.into_iter().map(|(_, row)| row).collect();
        let teams = rows.iter().filter(|row| row.rank.is_some()).count();
        Ok(Self { rows, seen, names, teams, scored, median_micros, stuck })
    }

    /// The same without some submissions: nobody takes their places, and nobody's rank or name changes.
    #[must_use]
    pub(super) fn without(mut self, removed: &BTreeSet<Uuid>) -> Self {
        // A record of an earlier release knows the names of its rows only.
        for row in &self.rows {
            self.names.entry(row.team.id).or_insert_with(|| row.team.name.clone());
        }
        self.rows.retain(|row| !removed.contains(&row.submission.id));
        self.seen.retain(|id| !removed.contains(id));
        self
    }

    /// What may be told of it.
    pub(super) fn told(self, shown: Shown, frozen_at: Option<Instant>) -> Result<Standings> {
        let rows = self.rows.into_iter().filter(|_| shown.has(Metric::Overall)).map(|row| {
            let metrics = Published::of_card(&row.card, shown)?;
            let Recorded { rank, team, submission, runs, .. } = row;
            Ok(Row { rank, team, submission, metrics, runs })
        });
        Ok(Standings {
            rows: rows.collect::<Result<_>>()?,
            shown,
            teams: self.teams,
            scored: self.scored,
            median_micros: self.median_micros,
            stuck: self.stuck,
            frozen_at,
            seen: self.seen,
            names: self.names,
        })
    }
}

/// The run a team stands with: the best, or the best of those it has chosen as final.
fn that_counts(mut runs: Vec<Run>, finals: i32, view: &View) -> Option<Run> {
    if finals > 0 && runs.iter().any(|run| view.has_happened(run.submission.final_at)) {
        runs.retain(|run| view.has_happened(run.submission.final_at));
        // There are more of them only where the phase allowed more before.
        runs.sort_by_key(|run| (run.submission.final_at, run.submission.id));
        runs.truncate(finals as usize);
    }
    runs.into_iter().min_by_key(Run::place)
}

/// Ranks the teams: equal scores share a rank, and the next one counts those before it.
fn give_ranks(rows: &mut [(f64, Recorded)]) {
    let mut ranked = 0;
    let mut last: Option<(u64, u32)> = None;
    for (overall, row) in rows.iter_mut().filter(|(_, row)| row.team.kind == TeamKind::Team) {
        ranked += 1;
        let score = overall.to_bits();
        let rank = last.filter(|(before, _)| *before == score).map_or(ranked, |(_, rank)| rank);
        row.rank = Some(rank);
        last = Some((score, rank));
    }
}

/// Submissions with their scorecards, by team.
async fn runs(
    db: &impl ConnectionTrait,
    rows: Vec<submission::Model>,
    benchmark: &benchmark::Model,
) -> Result<BTreeMap<i32, Vec<Run>>> {
    let mut cards = BTreeMap::new();
    // Databases take a limited number of parameters in one statement.
    for some in rows.chunks(500) {
        let of = scorecard::Entity::find()
            .filter(scorecard::Column::SubmissionId.is_in(some.iter().map(|s| s.id)))
            .filter(scorecard::Column::BenchmarkVersion.eq(&benchmark.version))
            .filter(scorecard::Column::ScorerVersion.eq(scoring::SCORER_VERSION as i32));
        // A score that is not finite never reaches a board.
        let finite = of.all(db).await?.into_iter().filter(|card| card.overall.is_finite());
        cards.extend(finite.map(|card| (card.submission_id, card)));
    }
    let mut runs: BTreeMap<i32, Vec<Run>> = BTreeMap::new();
    for submission in rows {
        if let Some(card) = cards.remove(&submission.id) {
            runs.entry(submission.team_id).or_default().push(Run { submission, card });
        }
    }
    Ok(runs)
}

async fn teams(db: &impl ConnectionTrait, challenge_id: i32) -> Result<BTreeMap<i32, team::Model>> {
    let of = team::Entity::find().filter(team::Column::ChallengeId.eq(challenge_id));
    Ok(of.all(db).await?.into_iter().map(|team| (team.id, team)).collect())
}

fn is_stuck(row: &submission::Model, now: Instant) -> bool {
    match row.state {
        State::Received => row.received_at < now.plus_seconds(-STUCK_SECONDS),
        State::Failed => true,
        State::Scored | State::Invalid => false,
    }
}

fn duration(submission: &submission::Model) -> Option<i64> {
    let Instant(from) = submission.received_at;
    submission.finished_at.map(|Instant(to)| to - from)
}

fn median(values: impl Iterator<Item = i64>) -> Option<i64> {
    let mut values: Vec<i64> = values.collect();
    values.sort_unstable();
    values.get(values.len().saturating_sub(1) / 2).copied()
}
