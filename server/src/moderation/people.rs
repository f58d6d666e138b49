//! Who takes part, who organises, and which teams are ranked.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder,
};
use serde_json::{Value, json};

use super::audit::{self, Action, Deed, note};
use super::undo::instant;
use crate::accounts::{self, Email};
use crate::app::App;
use crate::entities::participation::{self, Joining};
use crate::entities::role::Role;
use crate::entities::team::{self, TeamKind};
use crate::entities::{challenge, user};
use crate::error::{Error, Result};
use crate::mail::Letter;
use crate::{challenges, database, mail, standings};

/// Everybody who asked to take part in a challenge, those who wait first.
pub async fn participations(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
) -> Result<Vec<(participation::Model, user::Model)>> {
    let of = participation::Entity::find()
        .filter(participation::Column::ChallengeId.eq(challenge.id))
        .order_by_asc(participation::Column::Id);
    let mut all = Vec::new();
    for row in of.all(db).await? {
        let user = accounts::user_by_id(db, row.user_id).await?;
        all.push((row, user));
    }
    all.sort_by_key(|(row, _)| row.state != Joining::Waiting);
    Ok(all)
}

/// The teams of a challenge, in the order in which they were made.
pub async fn teams(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
) -> Result<Vec<team::Model>> {
    let of = team::Entity::find().filter(team::Column::ChallengeId.eq(challenge.id));
    Ok(of.order_by_asc(team::Column::Id).all(db).await?)
}

/// Decides whether a person takes part, and tells them.
pub async fn decide_participation(
    app: &App,
    by: &user::Model,
    challenge: &challenge::Model,
    id: i32,
    (state, reason): (Joining, &str),
) -> Result<()> {
    let (now, reason) = (app.ambient.now(), audit::reason(reason)?);
    let action = match state {
        Joining::Approved => Action::Approve,
        Joining::Refused => Action::Refuse,
        Joining::Waiting => return Err(Error::field("state", "is approved or refused")),
    };
    let transaction = database::begin(&app.db).await?;
    let old = participation_with(&transaction, challenge, id).await?;
    if old.state == state {
        return Err(Error::conflict("that is so already"));
    }
    let new = participation::Model {
        state,
        decided_at: Some(now),
        decided_by: Some(by.id),
        ..old.clone()
    };
    new.clone().into_active_model().reset_all().update(&transaction).await?;
    let deed = Deed {
        challenge_id: challenge.id,
        by: by.id,
        action,
        subject: format!("participation {id}"),
        reason,
        before: told(&old),
        after: told(&new),
    };
    note(&transaction, now, deed).await?;
    let user = accounts::user_by_id(&transaction, old.user_id).await?;
    if let Some(address) = &user.email {
        let home = format!("{}/c/{}/team", app.base_address(), challenge.name);
        let text = match state {
            Joining::Approved => {
                format!("You take part in {}. Make a team:\n\n{home}\n", challenge.title)
            }
            _ => format!(
                "The organisers of {} have decided that you don’t take part: {reason}\n",
                challenge.title
            ),
        };
        let letter = Letter::new(address, &format!("{}: taking part", challenge.title), text);
        mail::post(&transaction, now, letter).await?;
    }
    transaction.commit().await?;
    Ok(())
}

async fn participation_with(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    id: i32,
) -> Result<participation::Model> {
    let found = participation::Entity::find_by_id(id).one(db).await?;
    let own = found.filter(|row| row.challenge_id == challenge.id);
    own.ok_or_else(|| Error::not_found("participation", id))
}

fn told(row: &participation::Model) -> Value {
    json!({
        "state": row.state.name(),
        "decided_at": row.decided_at.map(|at| at.0),
        "decided_by": row.decided_by,
    })
}

/// Makes a participation again what an event says it was.
pub(super) async fn put_participation_back(
    db: &DatabaseTransaction,
    challenge: &challenge::Model,
    subject: &str,
    before: &Value,
) -> Result<(Value, Value)> {
    let old = participation_with(db, challenge, number_of(subject)?).await?;
    let state = match before["state"].as_str() {
        Some("approved") => Joining::Approved,
        Some("refused") => Joining::Refused,
        _ => Joining::Waiting,
    };
    let new = participation::Model {
        state,
        decided_at: instant(&before["decided_at"]),
        decided_by: before["decided_by"].as_i64().map(|id| id as i32),
        ..old.clone()
    };
    new.clone().into_active_model().reset_all().update(db).await?;
    Ok((told(&old), told(&new)))
}

/// The number at the end of an event's subject.
pub(super) fn number_of(subject: &str) -> Result<i32> {
    let number = subject.rsplit(' ').next().and_then(|number| number.parse().ok());
    number.ok_or_else(|| Error::internal("undo this", format!("the subject is `{subject}`")))
}

/// Makes a team ranked, or lets it stand out of competition. One whose members organise the challenge
/// can't be ranked.
pub async fn change_team(
    app: &App,
    by: &user::Model,
    challenge: &challenge::Model,
    id: i32,
    (kind, reason): (TeamKind, &str),
) -> Result<()> {
    let (now, reason) = (app.ambient.now(), audit::reason(reason)?);
    let transaction = database::begin(&app.db).await?;
    let old = team_with(&transaction, challenge, id).await?;
    if old.kind == kind {
        return Err(Error::conflict("that is so already"));
    }
    if !standings::keep_all(&transaction, challenge.id, now).await? {
        return Err(Error::freezing());
    }
    let new = put_team(&transaction, challenge, old.clone(), kind).await?;
    let deed = Deed {
        challenge_id: challenge.id,
        by: by.id,
        action: Action::ChangeTeam,
        subject: format!("team {id}"),
        reason,
        before: json!({ "kind": old.kind.name(), "name": old.name }),
        after: json!({ "kind": new.kind.name(), "name": new.name }),
    };
    note(&transaction, now, deed).await?;
    let text = match kind {
        TeamKind::Team => format!("Your team is ranked from now on: {reason}"),
        _ => format!("Your team stands out of competition from now on: {reason}"),
    };
    super::notices::tell(app, &transaction, challenge, &new, ("team", &text), None).await?;
    transaction.commit().await?;
    app.revisions.forget();
    Ok(())
}

/// Makes a team again what an event says it was.
pub(super) async fn put_team_back(
    db: &DatabaseTransaction,
    challenge: &challenge::Model,
    subject: &str,
    before: &Value,
) -> Result<(Value, Value)> {
    let old = team_with(db, challenge, number_of(subject)?).await?;
    let kind = [TeamKind::Team, TeamKind::Guest, TeamKind::Baseline, TeamKind::Probe];
    let kind = kind.into_iter().find(|kind| before["kind"] == kind.name());
    let kind = kind.unwrap_or(old.kind);
    let new = put_team(db, challenge, old.clone(), kind).await?;
    Ok((json!({ "kind": old.kind.name() }), json!({ "kind": new.kind.name() })))
}

async fn put_team(
    db: &DatabaseTransaction,
    challenge: &challenge::Model,
    team: team::Model,
    kind: TeamKind,
) -> Result<team::Model> {
    if kind == TeamKind::Team {
        let members = accounts::members_of(db, &team).await?;
        let members: Vec<user::Model> = members.into_iter().map(|(_, user)| user).collect();
        if let Some(insider) = accounts::insiders(db, challenge, &members).await?.first() {
            return Err(Error::conflict(format!(
                "{} organises this challenge, or did, so the team can’t be ranked",
                insider.name
            )));
        }
    }
    let new = team::Model { kind, ..team };
    let new = new.into_active_model().reset_all().update(db).await?;
    challenges::touch(db, challenge.id).await?;
    Ok(new)
}

/// The team with that id, if it is one of the challenge.
pub(super) async fn team_with(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    id: i32,
) -> Result<team::Model> {
    let team = team::Entity::find_by_id(id).one(db).await?;
    let own = team.filter(|team| team.challenge_id == challenge.id);
    own.ok_or_else(|| Error::not_found("team", id))
}

/// Gives a person a role in a challenge, or takes it away where none is named. Only owners do.
pub async fn set_role(
    app: &App,
    by: &user::Model,
    challenge: &challenge::Model,
    email: &str,
    (role, reason): (Option<Role>, &str),
) -> Result<()> {
    let (now, reason) = (app.ambient.now(), audit::reason(reason)?);
    let email = Email::read(email)?;
    let transaction = database::begin(&app.db).await?;
    accounts::must_have_role(&transaction, by, challenge, Role::Owner).await?;
    let user = accounts::user_with(&transaction, &email).await?;
    let user = user.filter(|user| user.confirmed_at.is_some()).ok_or_else(|| {
        Error::field("email", "belongs to no account with a confirmed address; let them sign up")
    })?;
    let old = accounts::role_in(&transaction, user.id, challenge.id).await?;
    let action = if let Some(role) = role {
        let by = Some(by.id);
        accounts::give_role(&transaction, &user, Some(challenge), role, by, now).await?;
        Action::GiveRole
    } else {
        accounts::take_role(&transaction, &user, Some(challenge), now).await?;
        Action::TakeRole
    };
    let new = accounts::role_in(&transaction, user.id, challenge.id).await?;
    if old == new {
        let sentence = "that is so already; a role in all challenges is given on the server itself";
        return Err(Error::conflict(sentence));
    }
    let deed = Deed {
        challenge_id: challenge.id,
        by: by.id,
        action,
        subject: format!("person {}", user.id),
        reason,
        before: json!({ "role": old.map(Role::name) }),
        after: json!({ "role": new.map(Role::name) }),
    };
    note(&transaction, now, deed).await?;
    transaction.commit().await?;
    Ok(())
}
