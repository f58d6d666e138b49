//! More submissions for one team in one phase.

use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set,
};
use serde_json::{Value, json};

use super::audit::{self, Action, Deed, note};
use super::people::{number_of, team_with};
use super::undo::instant;
use crate::ambient::Instant;
use crate::app::App;
use crate::entities::{challenge, phase, quota_grant, user};
use crate::error::{Error, Result};
use crate::{challenges, database};

/// The most that is given at once.
const MOST: i32 = 1000;

/// How much is given, and until when.
#[derive(Debug, Clone, Copy)]
pub struct Grant {
    /// More submissions a day.
    pub per_day: i32,
    /// More submissions in the phase.
    pub total: i32,
    /// The first instant at which it no longer holds, if there is one.
    pub until: Option<Instant>,
}

/// Gives a team more submissions in a phase.
pub async fn grant(
    app: &App,
    by: &user::Model,
    phase: &phase::Model,
    team_id: i32,
    (grant, reason): (Grant, &str),
) -> Result<()> {
    let (now, reason) = (app.ambient.now(), audit::reason(reason)?);
    for (field, number) in [("per_day", grant.per_day), ("total", grant.total)] {
        if !(0..=MOST).contains(&number) {
            return Err(Error::field(field, format!("must be 0 to {MOST}")));
        }
    }
    if grant.per_day == 0 && grant.total == 0 {
        return Err(Error::field("per_day", "and `total` are both 0, so nothing is given"));
    }
    if grant.until.is_some_and(|until| until <= now) {
        return Err(Error::field("until", "is over already"));
    }
    let transaction = database::begin(&app.db).await?;
    let challenge = challenges::by_id(&transaction, phase.challenge_id).await?;
    let team = team_with(&transaction, &challenge, team_id).await?;
    let row = quota_grant::ActiveModel {
        id: NotSet,
        phase_id: Set(phase.id),
        team_id: Set(team.id),
        per_day: Set(grant.per_day),
        total: Set(grant.total),
        reason: Set(reason.to_owned()),
        given_by: Set(by.id),
        given_at: Set(now),
        until: Set(grant.until),
        revoked_at: Set(None),
    };
    let row = row.insert(&transaction).await?;
    let deed = Deed {
        challenge_id: challenge.id,
        by: by.id,
        action: Action::Grant,
        subject: format!("grant {}", row.id),
        reason,
        // Undone, it is a grant that was revoked when it was given.
        before: json!({ "revoked_at": now.0, "team": team.name, "phase": phase.name }),
        after: told(&row),
    };
    note(&transaction, now, deed).await?;
    let text = format!(
        "Your team may hand in more to {}: {} a day and {} in all. {reason}",
        phase.title, grant.per_day, grant.total
    );
    super::notices::tell(app, &transaction, &challenge, &team, ("grant", &text), None).await?;
    transaction.commit().await?;
    Ok(())
}

/// Takes a grant back. What was handed in stays.
pub async fn revoke_grant(
    app: &App,
    by: &user::Model,
    challenge: &challenge::Model,
    id: i32,
    reason: &str,
) -> Result<()> {
    let (now, reason) = (app.ambient.now(), audit::reason(reason)?);
    let transaction = database::begin(&app.db).await?;
    let old = grant_with(&transaction, challenge, id).await?;
    if old.revoked_at.is_some() {
        return Err(Error::conflict("that is so already"));
    }
    let new = quota_grant::Model { revoked_at: Some(now), ..old.clone() };
    new.clone().into_active_model().reset_all().update(&transaction).await?;
    let deed = Deed {
        challenge_id: challenge.id,
        by: by.id,
        action: Action::RevokeGrant,
        subject: format!("grant {id}"),
        reason,
        before: told(&old),
        after: told(&new),
    };
    note(&transaction, now, deed).await?;
    transaction.commit().await?;
    Ok(())
}

/// The grants of a phase, the latest first.
pub async fn grants_of(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
) -> Result<Vec<quota_grant::Model>> {
    let of = quota_grant::Entity::find().filter(quota_grant::Column::PhaseId.eq(phase.id));
    Ok(of.order_by_desc(quota_grant::Column::Id).all(db).await?)
}

/// Makes a grant again what an event says it was.
pub(super) async fn put_back(
    db: &DatabaseTransaction,
    challenge: &challenge::Model,
    subject: &str,
    before: &Value,
) -> Result<(Value, Value)> {
    let old = grant_with(db, challenge, number_of(subject)?).await?;
    let new = quota_grant::Model { revoked_at: instant(&before["revoked_at"]), ..old.clone() };
    new.clone().into_active_model().reset_all().update(db).await?;
    Ok((told(&old), told(&new)))
}

async fn grant_with(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    id: i32,
) -> Result<quota_grant::Model> {
    let unknown = || Error::not_found("grant", id);
    let grant = quota_grant::Entity::find_by_id(id).one(db).await?.ok_or_else(unknown)?;
    let phase = challenges::phase_by_id(db, grant.phase_id).await?;
    if phase.challenge_id == challenge.id { Ok(grant) } else { Err(unknown()) }
}

fn told(row: &quota_grant::Model) -> Value {
    json!({
        "phase": row.phase_id,
        "team": row.team_id,
        "per_day": row.per_day,
        "total": row.total,
        "until": row.until.map(|at| at.0),
        "revoked_at": row.revoked_at.map(|at| at.0),
    })
}
