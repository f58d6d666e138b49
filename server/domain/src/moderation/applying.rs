//! Applies a change to the database.
//!
//! The rules of each kind of change are here, for forms and for undo. A change is refused if the
//! present state differs from its `before`.

use sea_orm::{ActiveModelTrait, ConnectionTrait, IntoActiveModel};

use super::change::{Admission, Availability, Change, Ruling};
use super::people::{participation_with, team_with};
use super::{announcements, grants, rescoring};
use crate::ambient::Instant;
use crate::database::UnitOfWork;
use crate::entities::team::{self, TeamKind};
use crate::entities::{announcement, challenge, participation, quota_grant, submission, user};
use crate::error::{Error, Result};
use crate::{accounts, challenges, standings, submissions};

impl Change {
    /// Applies the change, with the reason that its teams are told. Changes of roles, data and the definition, and answers, are applied by
    /// the functions that make them.
    pub(super) async fn apply(
        &self,
        unit: &mut UnitOfWork<'_>,
        challenge: &challenge::Model,
        reason: &str,
    ) -> Result<()> {
        match self {
            Self::Disqualification { submission, before, after } => {
                let old = submissions::of_challenge(unit.db(), challenge, *submission).await?;
                ensure_is(
                    self,
                    &Ruling::of(old.disqualified_at, old.disqualified_why.as_deref()),
                    before,
                )?;
                let (disqualified_at, disqualified_why) = Ruling::columns(after.as_ref());
                let new = submission::Model { disqualified_at, disqualified_why, ..old };
                write_submission(unit, new, before.is_some()).await
            }
            Self::Hiding { submission, before, after } => {
                let old = submissions::of_challenge(unit.db(), challenge, *submission).await?;
                ensure_is(self, &Ruling::of(old.hidden_at, old.hidden_why.as_deref()), before)?;
                let (hidden_at, hidden_why) = Ruling::columns(after.as_ref());
                let new = submission::Model { hidden_at, hidden_why, ..old };
                write_submission(unit, new, before.is_some()).await
            }
            Self::Participation { participation, before, after, .. } => {
                let old = participation_with(unit.db(), challenge, *participation).await?;
                ensure_is(self, &Admission::of(&old), before)?;
                let Admission { state, decided_at, decided_by } = *after;
                let new = participation::Model { state, decided_at, decided_by, ..old };
                new.into_active_model().reset_all().update(unit.db()).await?;
                Ok(())
            }
            Self::TeamKind { team, before, after } => {
                let old = team_with(unit.db(), challenge, *team).await?;
                ensure_is(self, &old.kind, before)?;
                change_kind(unit, challenge, old, *after).await
            }
            Self::Grant { grant, before, after, .. } => {
                let old = grants::grant_with(unit.db(), challenge, *grant).await?;
                ensure_is(self, &old.revoked_at.is_none(), before)?;
                let revoked_at = (!after).then(|| unit.now());
                let new = quota_grant::Model { revoked_at, ..old };
                new.into_active_model().reset_all().update(unit.db()).await?;
                Ok(())
            }
            Self::Announcement { announcement, before, after, .. } => {
                let old = announcements::with(unit.db(), challenge, *announcement).await?;
                ensure_is(self, &old.removed_at.is_none(), before)?;
                let removed_at = (!after).then(|| unit.now());
                let new = announcement::Model { removed_at, ..old };
                new.into_active_model().reset_all().update(unit.db()).await?;
                Ok(())
            }
            Self::Availability { before, after } => {
                let old = challenges::by_id(unit.db(), challenge.id).await?;
                ensure_is(self, &Availability::of(&old), before)?;
                let Availability { archived_at, deleted_at } = *after;
                let new = challenge::Model { archived_at, deleted_at, ..old };
                new.into_active_model().reset_all().update(unit.db()).await?;
                unit.changes(challenge.id);
                Ok(())
            }
            Self::Rescoring { benchmark, before, after, .. } => {
                let old = challenges::benchmark_by_id(unit.db(), *benchmark).await?;
                ensure_is(self, &old.rescoring_id, before)?;
                rescoring::put_in_force(unit, challenge, &old, *after, reason).await
            }
            _ => Err(Error::internal("apply a change", self.action().name())),
        }
    }
}

impl Ruling {
    /// The ruling in two columns of a submission.
    pub(super) fn of(at: Option<Instant>, why: Option<&str>) -> Option<Self> {
        at.map(|at| Self { at, reason: why.unwrap_or_default().to_owned() })
    }

    /// The values of the two columns.
    fn columns(ruling: Option<&Self>) -> (Option<Instant>, Option<String>) {
        (ruling.map(|it| it.at), ruling.map(|it| it.reason.clone()))
    }
}

impl Availability {
    /// The availability in the row of a challenge.
    pub(super) fn of(row: &challenge::Model) -> Self {
        Self { archived_at: row.archived_at, deleted_at: row.deleted_at }
    }
}

impl Admission {
    /// The decision in the row of a participation.
    pub(super) fn of(row: &participation::Model) -> Self {
        Self { state: row.state, decided_at: row.decided_at, decided_by: row.decided_by }
    }
}

/// Refuses a change if the present state differs from its `before`.
fn ensure_is<T: PartialEq>(change: &Change, present: &T, before: &T) -> Result<()> {
    if present == before {
        return Ok(());
    }
    Err(Error::conflict(format!(
        "this {} was changed since then, outside the log",
        change.subject().split(' ').next().unwrap_or_default()
    )))
}

/// Writes a submission. Before a submission counts again, the frozen board is saved: a reverted
/// decision leaves no trace from which that board could be rebuilt later.
async fn write_submission(
    unit: &mut UnitOfWork<'_>,
    new: submission::Model,
    comes_back: bool,
) -> Result<()> {
    let phase = challenges::phase_by_id(unit.db(), new.phase_id).await?;
    if comes_back {
        let benchmark = challenges::benchmark_by_id(unit.db(), phase.benchmark_id).await?;
        if !standings::keep(unit.db(), &phase, &benchmark, unit.now()).await? {
            return Err(Error::freezing());
        }
    }
    new.into_active_model().reset_all().update(unit.db()).await?;
    unit.changes(phase.challenge_id);
    Ok(())
}

/// Makes a team ranked, or puts it out of competition. Frozen boards are saved first; a team whose
/// members organise the challenge can't be ranked.
async fn change_kind(
    unit: &mut UnitOfWork<'_>,
    challenge: &challenge::Model,
    team: team::Model,
    kind: TeamKind,
) -> Result<()> {
    if !standings::keep_all(unit.db(), challenge.id, unit.now()).await? {
        return Err(Error::freezing());
    }
    if kind == TeamKind::Team {
        ensure_no_insiders(unit.db(), challenge, &team).await?;
    }
    let new = team::Model { kind, ..team };
    new.into_active_model().reset_all().update(unit.db()).await?;
    unit.changes(challenge.id);
    Ok(())
}

async fn ensure_no_insiders(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    team: &team::Model,
) -> Result<()> {
    let members = accounts::members_of(db, team).await?;
    let members: Vec<user::Model> = members.into_iter().map(|(_, user)| user).collect();
    match accounts::insiders(db, challenge, &members).await?.first() {
        Some(insider) => Err(Error::conflict(format!(
            "{} is or was an organiser of this challenge, so the team can’t be ranked",
            insider.name
        ))),
        None => Ok(()),
    }
}
