//! Confirming the final results of a phase.

use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait,
    PaginatorTrait, QueryFilter, Set,
};

use super::audit;
use super::change::Change;
use crate::ambient::Instant;
use crate::challenges::{PhaseState, state_at};
use crate::database::UnitOfWork;
use crate::entities::submission::{self, State};
use crate::entities::{challenge, final_results, phase, user};
use crate::error::{Error, Result};
use crate::standings::{Board, Report, confirmed};
use crate::submissions::SubmissionsSite;

/// Confirms the present board of a phase as its final results, with a reason. They get a permanent
/// address, and nobody can change them: after a correction, others are confirmed beside them.
///
/// The phase must have closed and be revealed, and every submission must be scored.
pub async fn confirm_results(
    site: &SubmissionsSite,
    by: &user::Model,
    (board, report): (&Board, &Report),
    reason: &str,
) -> Result<final_results::Model> {
    let reason = audit::reason(reason)?;
    let mut unit = UnitOfWork::begin(site).await?;
    let current = challenge::Entity::find_by_id(board.challenge.id).one(unit.db()).await?;
    if current.map(|challenge| challenge.revision) != Some(board.challenge.revision) {
        return Err(Error::conflict(
            "the board has changed meanwhile; look at it and confirm again",
        ));
    }
    ensure_final(unit.db(), board, unit.now()).await?;
    let row = final_results::ActiveModel {
        id: NotSet,
        phase_id: Set(board.phase.id),
        name: Set(name(unit.db(), &board.phase, unit.now()).await?),
        confirmed_at: Set(unit.now()),
        sha256: Set(report.digest()?),
        document: Set(report.to_document()?),
    };
    let row = row.insert(unit.db()).await?;
    let change = Change::FinalResults {
        phase: board.phase.id,
        name: row.name.clone(),
        sha256: row.sha256.clone(),
    };
    audit::record(&unit, board.challenge.id, Some(by), &change, reason).await?;
    unit.changes(board.challenge.id);
    unit.commit().await?;
    Ok(row)
}

/// Refuses a board that can still change by itself.
async fn ensure_final(db: &impl ConnectionTrait, board: &Board, now: Instant) -> Result<()> {
    let phase = &board.phase;
    if state_at(phase, now) != PhaseState::Closed {
        return Err(Error::conflict("the phase has not closed yet"));
    }
    if phase.reveal_at.is_some_and(|at| at > now) {
        return Err(Error::conflict("the phase is not revealed yet"));
    }
    let waiting = submission::Entity::find()
        .filter(submission::Column::PhaseId.eq(phase.id))
        .filter(submission::Column::State.is_in([State::Received, State::Failed]))
        .filter(submission::Column::Trial.eq(false));
    match waiting.count(db).await? {
        0 if board.standings.rows.is_empty() => {
            Err(Error::conflict("nothing on the board has a score"))
        }
        0 => Ok(()),
        1 => Err(Error::conflict("one submission is not scored yet")),
        n => Err(Error::conflict(format!("{n} submissions are not scored yet"))),
    }
}

/// The date, with a number if there are others of the same day.
async fn name(db: &impl ConnectionTrait, phase: &phase::Model, now: Instant) -> Result<String> {
    let date = now.utc().date().to_string();
    let taken: Vec<String> = confirmed(db, phase).await?.into_iter().map(|it| it.name).collect();
    let mut names = std::iter::once(date.clone()).chain((2..).map(|n| format!("{date}-{n}")));
    let free = names.find(|name| !taken.contains(name));
    free.ok_or_else(|| Error::internal("name final results", "no name is free"))
}
