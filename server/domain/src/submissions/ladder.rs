//! The Ladder (Blum and Hardt 2015): before the reveal a submission shows a new score only if it is better
//! than its team's best so far by a step.

use std::collections::BTreeMap;

use scoring::statistics::ladder_step;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::cards::CURRENT;
use crate::entities::submission::{self, Column, State};
use crate::entities::{phase, scorecard};
use crate::error::Result;

/// The score that a submission shows: its own, rounded, or that of its team's best so far.
pub(super) async fn shown(
    db: &impl ConnectionTrait,
    row: &submission::Model,
    (step, edition): (f64, &str),
    score: f64,
) -> Result<f64> {
    let best = submission::Entity::find()
        .select_only()
        .column_as(Column::Score.max(), "best")
        .filter(Column::PhaseId.eq(row.phase_id))
        .filter(Column::TeamId.eq(row.team_id))
        .filter(Column::Trial.eq(row.trial))
        .filter(Column::State.eq(State::Scored))
        .filter(Column::ScoredAgainst.eq(edition));
    let best: Option<Option<f64>> = best.into_tuple().one(db).await?;
    let best = best.flatten();
    Ok(ladder_step(step, best, score).or(best).unwrap_or_default())
}

/// Computes the shown scores of a phase anew from the exact ones, in the order in which they were made: after
/// new scorecards for submissions that were scored before. Returns the submissions whose score changed.
pub(super) async fn recompute(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    edition: &str,
) -> Result<Vec<Uuid>> {
    let mut changed = Vec::new();
    let Some(step) = phase.ladder_step() else { return Ok(changed) };
    let scored = submission::Entity::find()
        .select_only()
        .columns([Column::Id, Column::TeamId])
        .filter(Column::PhaseId.eq(phase.id))
        .filter(Column::State.eq(State::Scored))
        .order_by_asc(Column::FinishedAt)
        .order_by_asc(Column::Id);
    let scored: Vec<(Uuid, i32)> = scored.into_tuple().all(db).await?;
    let of_edition = scorecard::Entity::find()
        .select_only()
        .columns([scorecard::Column::SubmissionId])
        .columns([scorecard::Column::Overall, scorecard::Column::FinalOverall])
        .filter(scorecard::Column::BenchmarkVersion.eq(edition))
        .filter(scorecard::Column::ScorerVersion.eq(CURRENT))
        .filter(scorecard::Column::FinalOverall.is_not_null());
    let exact: Vec<(Uuid, f64, f64)> = of_edition.into_tuple().all(db).await?;
    let exact: BTreeMap<Uuid, (f64, f64)> =
        exact.into_iter().map(|(id, shown, exact)| (id, (shown, exact))).collect();
    let mut best: BTreeMap<i32, f64> = BTreeMap::new();
    for (id, team) in scored {
        let Some((shown, exact)) = exact.get(&id).copied() else { continue };
        let before = best.get(&team).copied();
        let score = ladder_step(step, before, exact).or(before).unwrap_or_default();
        best.insert(team, score);
        if score.to_bits() != shown.to_bits() {
            changed.push(id);
            scorecard::Entity::update_many()
                .col_expr(scorecard::Column::Overall, Expr::value(score))
                .filter(scorecard::Column::SubmissionId.eq(id))
                .filter(scorecard::Column::BenchmarkVersion.eq(edition))
                .filter(scorecard::Column::ScorerVersion.eq(CURRENT))
                .exec(db)
                .await?;
        }
    }
    Ok(changed)
}
