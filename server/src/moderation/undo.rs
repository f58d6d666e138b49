//! Undoing what an organiser did, as a deed of its own.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
};
use serde_json::Value;

use super::audit::{self, Action, Deed, note};
use super::{Proposal, decisions, grants, people};
use crate::ambient::Instant;
use crate::app::App;
use crate::database;
use crate::entities::{challenge, event, user};
use crate::error::{Error, Result};
use crate::submissions::from_json;

/// Undoes a deed, with a reason: what it changed is again as it was before, and the log says so. What
/// was undone can't be undone again; the deed can be done again.
pub async fn undo(
    app: &App,
    by: &user::Model,
    challenge: &challenge::Model,
    id: i32,
    reason: &str,
) -> Result<()> {
    let (now, reason) = (app.ambient.now(), audit::reason(reason)?);
    let event = event_of(&app.db, challenge, id).await?;
    let action = Action::named(&event.action).filter(|action| action.is_undoable());
    let action = action.ok_or_else(|| Error::conflict("this can’t be undone"))?;
    let before: Value = from_json(&event.before)?;
    if action == Action::Define {
        return undo_definition(app, by, challenge, &event, &before, reason).await;
    }
    let transaction = database::begin(&app.db).await?;
    must_stand(&event_of(&transaction, challenge, id).await?)?;
    let subject = &event.subject;
    let (was, is) = match action {
        Action::Disqualify | Action::Reinstate | Action::Hide | Action::Show => {
            decisions::put_back(&transaction, challenge, subject, &before, now).await?
        }
        Action::ChangeTeam => {
            people::put_team_back(&transaction, challenge, subject, &before).await?
        }
        Action::Approve | Action::Refuse => {
            people::put_participation_back(&transaction, challenge, subject, &before).await?
        }
        Action::Grant | Action::RevokeGrant => {
            grants::put_back(&transaction, challenge, subject, &before).await?
        }
        _ => return Err(Error::conflict("this can’t be undone")),
    };
    let deed = Deed {
        challenge_id: challenge.id,
        by: by.id,
        action: Action::Undo,
        subject: subject.clone(),
        reason,
        before: was,
        after: is,
    };
    let undo = note(&transaction, now, deed).await?;
    mark(&transaction, event, undo).await?;
    transaction.commit().await?;
    app.revisions.forget();
    Ok(())
}

/// A challenge says again what it said before.
async fn undo_definition(
    app: &App,
    by: &user::Model,
    challenge: &challenge::Model,
    event: &event::Model,
    before: &Value,
    reason: &str,
) -> Result<()> {
    must_stand(event)?;
    let definition = before["definition"].as_str().unwrap_or_default();
    if definition.is_empty() {
        return Err(Error::conflict("a challenge that was made can’t be unmade"));
    }
    let proposal = Proposal::read(app, by, Some(challenge), definition).await?;
    let seal = proposal.seal();
    proposal.apply(app, by, &seal, reason).await?;
    let transaction = database::begin(&app.db).await?;
    let latest = event::Entity::find()
        .filter(event::Column::ChallengeId.eq(challenge.id))
        .filter(event::Column::Action.eq(Action::Define.name()));
    let latest = latest.all(&transaction).await?.into_iter().map(|event| event.id).max();
    mark(&transaction, event.clone(), latest.unwrap_or(event.id)).await?;
    transaction.commit().await?;
    Ok(())
}

async fn event_of(
    db: &impl sea_orm::ConnectionTrait,
    challenge: &challenge::Model,
    id: i32,
) -> Result<event::Model> {
    let found = event::Entity::find_by_id(id).one(db).await?;
    let own = found.filter(|event| event.challenge_id == Some(challenge.id));
    own.ok_or_else(|| Error::not_found("event", id))
}

fn must_stand(event: &event::Model) -> Result<()> {
    match event.undone_by {
        None => Ok(()),
        Some(_) => Err(Error::conflict("this was undone already")),
    }
}

async fn mark(db: &DatabaseTransaction, event: event::Model, by: i32) -> Result<()> {
    let undone = event::Model { undone_by: Some(by), ..event };
    undone.into_active_model().reset_all().update(db).await?;
    Ok(())
}

/// The instant of an event's JSON.
pub(super) fn instant(value: &Value) -> Option<Instant> {
    value.as_i64().map(Instant)
}
