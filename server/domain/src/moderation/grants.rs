//! More submissions for one team in one phase.

use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, Set,
};

use super::audit;
use super::change::Change;
use super::lists::ROWS;
use super::people::team_with;
use crate::ambient::Instant;
use crate::database::{Notice, UnitOfWork};
use crate::entities::{challenge, phase, quota_grant, team, user};
use crate::error::{Error, Result};
use crate::submissions::SubmissionsSite;
use crate::{accounts, challenges};

/// The maximum of one grant.
const MOST: i32 = 1000;

/// How many more submissions, and until when.
#[derive(Debug, Clone, Copy)]
pub struct Grant {
    /// More submissions per day.
    pub per_day: i32,
    /// More submissions in the phase.
    pub total: i32,
    /// When it ends, if it does.
    pub until: Option<Instant>,
}

/// Gives a team more submissions in a phase.
pub async fn grant(
    site: &SubmissionsSite,
    by: &user::Model,
    phase: &phase::Model,
    team_id: i32,
    (grant, reason): (Grant, &str),
) -> Result<()> {
    let reason = audit::reason(reason)?;
    for (field, number) in [("per_day", grant.per_day), ("total", grant.total)] {
        if !(0..=MOST).contains(&number) {
            return Err(Error::field(field, format!("must be 0 to {MOST}")));
        }
    }
    if grant.per_day == 0 && grant.total == 0 {
        return Err(Error::field("per_day", "and `total` are both 0; set at least one of them"));
    }
    let mut unit = UnitOfWork::begin(site).await?;
    if grant.until.is_some_and(|until| until <= unit.now()) {
        return Err(Error::field("until", "must be in the future"));
    }
    let challenge = challenges::by_id(unit.db(), phase.challenge_id).await?;
    let team = team_with(unit.db(), &challenge, team_id).await?;
    let row = quota_grant::ActiveModel {
        id: NotSet,
        phase_id: Set(phase.id),
        team_id: Set(team.id),
        per_day: Set(grant.per_day),
        total: Set(grant.total),
        reason: Set(reason.to_owned()),
        given_by: Set(by.id),
        given_at: Set(unit.now()),
        until: Set(grant.until),
        revoked_at: Set(None),
    };
    let row = row.insert(unit.db()).await?;
    let change = change_of(&row, (false, true));
    audit::record(&unit, challenge.id, Some(by), &change, reason).await?;
    let text = format!(
        "Your team can make more submissions to {}: {} a day and {} in total. {reason}",
        phase.title, grant.per_day, grant.total
    );
    unit.notify(Notice { team_id: team.id, kind: "grant".to_owned(), text, submission: None });
    unit.commit().await
}

/// Revokes a grant. Submissions that were made stay.
pub async fn revoke_grant(
    site: &SubmissionsSite,
    by: &user::Model,
    challenge: &challenge::Model,
    id: i32,
    reason: &str,
) -> Result<()> {
    let reason = audit::reason(reason)?;
    let mut unit = UnitOfWork::begin(site).await?;
    let row = grant_with(unit.db(), challenge, id).await?;
    if row.revoked_at.is_some() {
        return Err(Error::conflict("no change: already revoked"));
    }
    audit::perform(&mut unit, challenge, by, &change_of(&row, (true, false)), reason).await?;
    unit.commit().await
}

/// The change that makes or revokes a grant.
fn change_of(row: &quota_grant::Model, (before, after): (bool, bool)) -> Change {
    Change::Grant {
        grant: row.id,
        team: row.team_id,
        phase: row.phase_id,
        per_day: row.per_day,
        total: row.total,
        until: row.until,
        before,
        after,
    }
}

/// The latest grants of some phases with the teams that have them, the latest first.
pub async fn grants_of(
    db: &impl ConnectionTrait,
    phases: &[phase::Model],
) -> Result<Vec<(quota_grant::Model, team::Model)>> {
    let of = quota_grant::Entity::find()
        .filter(quota_grant::Column::PhaseId.is_in(phases.iter().map(|phase| phase.id)))
        .order_by_desc(quota_grant::Column::Id)
        .limit(ROWS);
    let rows = of.all(db).await?;
    let teams = accounts::teams_by_id(db, rows.iter().map(|row| row.team_id)).await?;
    let with_team = |row: quota_grant::Model| {
        let team = teams.get(&row.team_id)?.clone();
        Some((row, team))
    };
    Ok(rows.into_iter().filter_map(with_team).collect())
}

/// The challenge's grant with this id.
pub(super) async fn grant_with(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    id: i32,
) -> Result<quota_grant::Model> {
    let unknown = || Error::not_found("grant", id);
    let grant = quota_grant::Entity::find_by_id(id).one(db).await?.ok_or_else(unknown)?;
    let phase = challenges::phase_by_id(db, grant.phase_id).await?;
    if phase.challenge_id == challenge.id { Ok(grant) } else { Err(unknown()) }
}
