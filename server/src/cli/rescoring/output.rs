//! Rescoring sets as text and as JSON.

use std::fmt;

use domain::ambient::Instant;
use domain::entities::{benchmark, rescoring};
use domain::error::rfc3339;
use domain::moderation::{PhaseMoves, Preview};
use domain::standings::{Move, Placed};
use domain::submissions::FailedCard;
use serde::Serialize;

/// A set in a list.
#[derive(Serialize)]
struct Head {
    id: i32,
    benchmark: String,
    kind: &'static str,
    state: &'static str,
    in_force: bool,
    created_at: String,
    reason: String,
}

/// The sets of a challenge.
#[derive(Serialize)]
#[serde(transparent)]
pub(super) struct List(Vec<Head>);

/// What a set would change.
#[derive(Serialize)]
pub(super) struct PreviewOutput {
    #[serde(flatten)]
    head: Head,
    submissions: u64,
    missing: u64,
    failed: Vec<FailedCard>,
    phases: Vec<Board>,
}

#[derive(Serialize)]
struct Board {
    phase: String,
    frozen: bool,
    ranks_moved: usize,
    moves: Vec<Moved>,
}

#[derive(Serialize)]
struct Moved {
    team: String,
    before: Option<Place>,
    after: Option<Place>,
}

#[derive(Serialize)]
struct Place {
    rank: Option<u32>,
    overall: f64,
    submission: String,
}

impl Head {
    fn of(set: &rescoring::Model, benchmark: &benchmark::Model) -> Self {
        Self {
            id: set.id,
            benchmark: benchmark.name.clone(),
            kind: set.kind.name(),
            state: set.state.name(),
            in_force: benchmark.rescoring_id == Some(set.id),
            created_at: rfc3339(Instant(set.created_at.0)),
            reason: set.reason.clone(),
        }
    }
}

impl List {
    pub(super) fn of(sets: &[(rescoring::Model, benchmark::Model)]) -> Self {
        Self(sets.iter().map(|(set, benchmark)| Head::of(set, benchmark)).collect())
    }
}

impl PreviewOutput {
    pub(super) fn of(preview: &Preview) -> Self {
        Self {
            head: Head::of(&preview.set, &preview.benchmark),
            submissions: preview.submissions,
            missing: preview.missing,
            failed: preview.failed.clone(),
            phases: preview.phases.iter().map(Board::of).collect(),
        }
    }
}

impl Board {
    fn of(it: &PhaseMoves) -> Self {
        let moves = it.moves.iter().map(Moved::of).collect();
        Self { phase: it.phase.name.clone(), frozen: it.frozen, ranks_moved: it.ranks(), moves }
    }
}

impl Moved {
    fn of(it: &Move) -> Self {
        let place = |placed: Option<Placed>| {
            placed.map(|Placed { rank, score, submission }| Place {
                rank,
                overall: score,
                submission: submission.to_string(),
            })
        };
        Self { team: it.team.name.clone(), before: place(it.before), after: place(it.after) }
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, benchmark, kind, state, created_at, reason, .. } = self;
        let in_force = if self.in_force { ", in force" } else { "" };
        write!(
            f,
            "rescoring {id} of benchmark {benchmark} ({kind}): {state}{in_force}, created at \
             {created_at}: {reason}"
        )
    }
}

impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return writeln!(f, "no rescorings");
        }
        self.0.iter().try_for_each(|head| writeln!(f, "{head}"))
    }
}

impl fmt::Display for PreviewOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.head)?;
        writeln!(f, "{} scored submissions, {} of them missing", self.submissions, self.missing)?;
        for FailedCard { submission, why } in &self.failed {
            writeln!(f, "submission {submission}: {why}")?;
        }
        self.phases.iter().try_for_each(|phase| write!(f, "{phase}"))
    }
}

impl fmt::Display for Board {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let frozen = if self.frozen { "; its public board is frozen and stays" } else { "" };
        let (ranks, scores) = (self.ranks_moved, self.moves.len());
        writeln!(f, "\n{}: {ranks} ranks and {scores} scores change{frozen}", self.phase)?;
        if self.moves.is_empty() {
            return Ok(());
        }
        writeln!(f, "{:>11} {:>19}  team", "rank", "score")?;
        let shown = |place: &Option<Place>| {
            let rank = place.as_ref().and_then(|place| place.rank);
            let score = place.as_ref().map(|place| format!("{:.3}", 100.0 * place.overall));
            let none = || "-".to_owned();
            (rank.map_or_else(none, |rank| rank.to_string()), score.unwrap_or_else(none))
        };
        for Moved { team, before, after } in &self.moves {
            let ((old_rank, old), (rank, score)) = (shown(before), shown(after));
            writeln!(f, "{old_rank:>4} → {rank:>4} {old:>8} → {score:>8}  {team}")?;
        }
        Ok(())
    }
}
