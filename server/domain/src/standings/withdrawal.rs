//! A team withdraws a submission from the board, or puts it back.

use sea_orm::{ActiveModelTrait, IntoActiveModel};
use uuid::Uuid;

use crate::accounts::Caller;
use crate::database::UnitOfWork;
use crate::entities::submission;
use crate::error::{Error, Result};
use crate::submissions::{SubmissionsSite, own};
use crate::{challenges, standings};

/// Whether a submission is on the board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdrawal {
    /// It is removed from the board. The limits that it used stay used.
    Withdrawn,
    /// It is back on the board.
    Restored,
}

/// Withdraws a submission of the caller's team, or puts it back. Doing it twice changes nothing.
pub async fn withdraw(
    site: &SubmissionsSite,
    caller: &Caller,
    id: Uuid,
    withdrawal: Withdrawal,
) -> Result<submission::Model> {
    let now = site.ambient.now();
    let mut unit = UnitOfWork::begin(site).await?;
    let old = own(unit.db(), caller, id).await?;
    let withdrawn_at = match withdrawal {
        Withdrawal::Withdrawn => Some(old.withdrawn_at.unwrap_or(now)),
        Withdrawal::Restored => None,
    };
    if old.withdrawn_at == withdrawn_at {
        return Ok(old);
    }
    let phase = challenges::phase_by_id(unit.db(), old.phase_id).await?;
    challenges::ensure_active(unit.db(), phase.challenge_id).await?;
    if withdrawal == Withdrawal::Restored {
        let benchmark = challenges::benchmark_by_id(unit.db(), phase.benchmark_id).await?;
        if !standings::keep(unit.db(), &phase, &benchmark, now).await? {
            return Err(Error::freezing());
        }
    }
    let new = submission::Model { withdrawn_at, ..old };
    let new = new.into_active_model().reset_all().update(unit.db()).await?;
    challenges::note_change(&mut unit, &phase, new.team_id, now);
    unit.commit().await?;
    Ok(new)
}
