//! Final submissions: a team chooses submissions that count, or undoes the choice.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter,
};
use uuid::Uuid;

use crate::accounts::Caller;
use crate::database::UnitOfWork;
use crate::entities::phase;
use crate::entities::submission;
use crate::error::{Error, Result};
use crate::submissions::{SubmissionsSite, counts, own};
use crate::{challenges, standings};

/// Whether a submission is final.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// It is final.
    Final,
    /// It is no longer final.
    NotFinal,
}

/// Chooses a submission of the caller's team as final, or undoes the choice, while its phase is
/// open. Doing it twice changes nothing.
pub async fn choose(
    site: &SubmissionsSite,
    caller: &Caller,
    id: Uuid,
    choice: Choice,
) -> Result<submission::Model> {
    let now = site.ambient.now();
    let mut unit = UnitOfWork::begin(site).await?;
    let old = own(unit.db(), caller, id).await?;
    let phase = challenges::phase_by_id(unit.db(), old.phase_id).await?;
    challenges::ensure_active(unit.db(), phase.challenge_id).await?;
    phase.must_take(now)?;
    let final_at = match choice {
        Choice::Final if old.final_at.is_some() => return Ok(old),
        Choice::NotFinal if old.final_at.is_none() => return Ok(old),
        Choice::Final => {
            must_be_choosable(unit.db(), &phase, &old).await?;
            Some(now)
        }
        Choice::NotFinal => {
            let benchmark = challenges::benchmark_by_id(unit.db(), phase.benchmark_id).await?;
            if !standings::keep(unit.db(), &phase, &benchmark, now).await? {
                return Err(Error::freezing());
            }
            None
        }
    };
    let new = submission::Model { final_at, ..old };
    let new = new.into_active_model().reset_all().update(unit.db()).await?;
    challenges::note_change(&mut unit, &phase, new.team_id, now);
    unit.commit().await?;
    Ok(new)
}

/// Checks that a submission counts now, and that its phase allows one more final submission.
async fn must_be_choosable(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    run: &submission::Model,
) -> Result<()> {
    let most = phase.finals.max(0) as u64;
    if most == 0 {
        let sentence = "this phase has no final submissions: the best submission of each team \
                        counts";
        return Err(Error::conflict(sentence));
    }
    if !counts(run) {
        return Err(Error::conflict("only a scored submission that counts can be chosen as final"));
    }
    if finals_left(db, phase, run.team_id).await? == 0 {
        let runs = if most == 1 { "submission" } else { "submissions" };
        return Err(Error::conflict(format!(
            "your team has chosen {most} final {runs}, the maximum in this phase; remove one first"
        )));
    }
    Ok(())
}

/// How many more submissions of a phase a team can choose. A chosen submission that is withdrawn
/// counts, so that it can be put back.
pub async fn finals_left(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    team_id: i32,
) -> Result<u64> {
    let most = phase.finals.max(0) as u64;
    if most == 0 {
        return Ok(0);
    }
    let chosen = submission::Entity::find()
        .filter(submission::Column::PhaseId.eq(phase.id))
        .filter(submission::Column::TeamId.eq(team_id))
        .filter(submission::Column::FinalAt.is_not_null());
    Ok(most.saturating_sub(chosen.count(db).await?))
}
