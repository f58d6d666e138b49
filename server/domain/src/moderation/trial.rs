//! Organisers' trials: submissions that are processed like any other, but count nowhere.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::accounts::{self, Caller};
use crate::ambient::Instant;
use crate::challenges;
use crate::database::UnitOfWork;
use crate::entities::{challenge, phase, submission, user};
use crate::error::{Error, Result};
use crate::submissions::Entry;
use crate::submissions::SubmissionsSite;

/// A trial submission of an organiser to a phase, whether or not the phase is open.
pub async fn trial(
    site: &SubmissionsSite,
    by: &user::Model,
    challenge: &challenge::Model,
    phase: phase::Model,
    at: Instant,
) -> Result<Entry> {
    let unit = UnitOfWork::begin(site).await?;
    let team = accounts::team_of_trials(unit.db(), challenge, at).await?;
    unit.commit().await?;
    Ok(Entry {
        caller: Caller { team, user: Some(by.clone()) },
        phase,
        method: String::new(),
        details: BTreeMap::new(),
        idempotency_key: None,
        at,
        bytes: None,
        trial: true,
    })
}

/// The trials of a challenge, the latest first, up to a maximum number.
pub async fn trials_of(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    most: u64,
) -> Result<Vec<submission::Model>> {
    let phases = challenges::phases_of(db, challenge.id).await?;
    let trials = submission::Entity::find()
        .filter(submission::Column::Trial.eq(true))
        .filter(submission::Column::PhaseId.is_in(phases.iter().map(|phase| phase.id)))
        .order_by_desc(submission::Column::Id);
    Ok(trials.limit(most).all(db).await?)
}

/// The trial with this id; a team's submission is not found.
pub async fn trial_with(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    id: Uuid,
) -> Result<submission::Model> {
    let run = crate::submissions::of_challenge(db, challenge, id).await?;
    if run.trial { Ok(run) } else { Err(Error::not_found("trial", id)) }
}
