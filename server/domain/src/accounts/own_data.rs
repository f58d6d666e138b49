//! Exports and deletes the data about a person.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
};
use serde_json::{Value, json};

use super::guess::knows_password;
use super::membership::leave;
use super::team::challenge_of;
use super::{members_of, take_all_roles, team_by_id};
use crate::accounts::AccountsSite;
use crate::ambient::Instant;
use crate::database;
use crate::database::UnitOfWork;
use crate::entities::{
    announcement, device, draft, event, identity, invite, link, mail, membership, participation,
    question, role, role_history, session, submission, submission_edit, token, user,
};
use crate::error::{Error, Result, rfc3339};

/// Everything stored about a person, with the names of the database; secrets, which are stored as
/// digests only, are left out.
pub async fn known_about(db: &impl ConnectionTrait, user: &user::Model) -> Result<Value> {
    let at = |at: Instant| Value::from(rfc3339(at));
    let maybe = |when: Option<Instant>| when.map_or(Value::Null, at);
    macro_rules! rows {
        ($entity:ident, |$row:ident| $told:expr) => {{
            let own = $entity::Entity::find().filter($entity::Column::UserId.eq(user.id));
            Value::from(own.all(db).await?.iter().map(|$row| $told).collect::<Vec<_>>())
        }};
    }
    Ok(json!({
        "name": user.name,
        "email": user.email,
        "has_password": user.password.is_some(),
        "confirmed_at": maybe(user.confirmed_at),
        "created_at": at(user.created_at),
        "notices": user.notices,
        "identities": rows!(identity, |row| json!({
            "issuer": row.issuer, "subject": row.subject, "created_at": at(row.created_at),
        })),
        "browsers": rows!(session, |row| json!({
            "browser": row.browser, "signed_in_at": at(row.created_at),
            "last_seen_at": at(row.seen_at), "expires_at": at(row.expires_at),
        })),
        "edits": rows!(submission_edit, |row| json!({
            "submission": row.submission_id, "at": at(row.at), "field": row.field,
            "before": row.before, "after": row.after,
        })),
        "devices": rows!(device, |row| json!({ "signed_in_at": at(row.created_at) })),
        "drafts": rows!(draft, |row| json!({
            "created_at": at(row.created_at), "definition": row.definition,
        })),
        "tokens": rows!(token, |row| json!({
            "name": row.name, "scopes": row.scopes, "created_at": at(row.created_at),
            "expires_at": maybe(row.expires_at), "last_used_at": maybe(row.used_at),
            "revoked_at": maybe(row.revoked_at),
        })),
        "roles": rows!(role, |row| json!({
            "challenge": row.challenge_id, "role": row.role.name(), "given_at": at(row.given_at),
        })),
        "role_history": rows!(role_history, |row| json!({
            "challenge": row.challenge_id, "given_at": at(row.given_at),
            "ended_at": maybe(row.ended_at),
        })),
        "participations": rows!(participation, |row| json!({
            "challenge": row.challenge_id, "rules_version": row.rules_version,
            "accepted_at": at(row.accepted_at), "state": row.state.name(),
        })),
        "teams": rows!(membership, |row| json!({
            "challenge": row.challenge_id, "team": row.team_id,
            "joined_at": at(row.joined_at), "left_at": maybe(row.left_at),
        })),
        "submissions": submissions(db, user).await?,
        "questions": rows!(question, |row| json!({
            "submission": row.submission_id, "asked_at": at(row.asked_at), "text": row.text,
            "answer": row.answer,
        })),
        "announcements": rows!(announcement, |row| json!({
            "challenge": row.challenge_id, "at": at(row.at), "title": row.title, "text": row.text,
        })),
        "actions": rows!(event, |row| json!({
            "challenge": row.challenge_id, "at": at(row.at), "action": row.action,
            "subject": row.subject, "reason": row.reason,
        })),
        "invites": invites(db, user).await?,
        "mails": mails(db, user).await?,
    }))
}

/// The invites that a person has made.
async fn invites(db: &impl ConnectionTrait, user: &user::Model) -> Result<Value> {
    let own = invite::Entity::find().filter(invite::Column::InvitedBy.eq(user.id));
    let told = own.all(db).await?.into_iter().map(|row| {
        json!({
            "team": row.team_id, "email": row.email, "created_at": rfc3339(row.created_at),
            "expires_at": rfc3339(row.expires_at), "used_at": row.used_at.map(rfc3339),
            "revoked_at": row.revoked_at.map(rfc3339),
        })
    });
    Ok(told.collect::<Vec<_>>().into())
}

/// The mails to a person that are still stored, without their text, which is in the mailbox or may
/// contain a secret.
async fn mails(db: &impl ConnectionTrait, user: &user::Model) -> Result<Value> {
    let address = user.email.as_deref().unwrap_or_default();
    let own = mail::Entity::find().filter(mail::Column::Address.eq(address));
    let told = own.all(db).await?.into_iter().map(|row| {
        json!({
            "subject": row.subject, "created_at": rfc3339(row.created_at),
            "sent_at": row.sent_at.map(rfc3339),
        })
    });
    Ok(told.collect::<Vec<_>>().into())
}

async fn submissions(db: &impl ConnectionTrait, user: &user::Model) -> Result<Value> {
    let own = submission::Entity::find().filter(submission::Column::UserId.eq(user.id));
    let told = own.all(db).await?.into_iter().map(|row| {
        json!({
            "id": row.id, "received_at": rfc3339(row.received_at), "state": row.state.name(),
            "method": row.method, "sha256": row.upload_digest, "bytes": row.upload_bytes,
        })
    });
    Ok(told.collect::<Vec<_>>().into())
}

/// Deletes a person's account. A row without name and address remains, so that limits and the
/// organisers' log still have a reference. The submissions of a team that becomes empty stay on the
/// board or are withdrawn.
pub async fn delete(
    site: &AccountsSite,
    user: &user::Model,
    password: &str,
    withdraw: bool,
) -> Result<()> {
    if !knows_password(site, user, password).await? {
        return Err(Error::field("password", "is wrong"));
    }
    let now = site.ambient.now();
    let mut unit = UnitOfWork::begin(site).await?;
    must_leave_an_owner(unit.db(), user).await?;
    let present = membership::Entity::find()
        .filter(membership::Column::UserId.eq(user.id))
        .filter(membership::Column::LeftAt.is_null());
    for row in present.all(unit.db()).await? {
        let team = team_by_id(unit.db(), row.team_id).await?;
        let challenge = challenge_of(unit.db(), &team).await?;
        leave(unit.db(), &challenge, user, now).await?;
        if withdraw && members_of(unit.db(), &team).await?.is_empty() {
            submission::Entity::update_many()
                .col_expr(submission::Column::WithdrawnAt, Expr::value(Some(now)))
                .filter(submission::Column::TeamId.eq(team.id))
                .filter(submission::Column::WithdrawnAt.is_null())
                .exec(unit.db())
                .await?;
            unit.changes(challenge.id);
        }
    }
    macro_rules! forget {
        ($($entity:ident),+) => {$(
            $entity::Entity::delete_many()
                .filter($entity::Column::UserId.eq(user.id))
                .exec(unit.db())
                .await?;
        )+};
    }
    forget!(identity, session, token, link, device, draft);
    take_all_roles(unit.db(), user, now).await?;
    let naming = mail::Entity::delete_many().filter(mail::Column::NamesUserId.eq(user.id));
    naming.exec(unit.db()).await?;
    if let Some(address) = &user.email {
        let to = mail::Entity::delete_many().filter(mail::Column::Address.eq(address));
        to.exec(unit.db()).await?;
        let open = invite::Entity::delete_many().filter(invite::Column::Email.eq(address));
        open.exec(unit.db()).await?;
    }
    let gone = user::Model {
        id: user.id,
        email: None,
        name: "a former member".to_owned(),
        password: None,
        confirmed_at: None,
        notices: false,
        created_at: user.created_at,
        deleted_at: Some(now),
        // Limits, refusals and former roles apply to the person, also with a new account.
        person: user.person.clone(),
    };
    gone.into_active_model().reset_all().update(unit.db()).await?;
    unit.commit().await?;
    // Deleted data is overwritten in the database file, and is now removed from its log too.
    database::scrub(&site.db).await?;
    Ok(())
}

/// Someone must be able to manage the organisers.
async fn must_leave_an_owner(db: &impl ConnectionTrait, user: &user::Model) -> Result<()> {
    use crate::entities::role::{Column, Role};
    let owners = role::Entity::find()
        .filter(Column::ChallengeId.is_null())
        .filter(Column::Role.eq(Role::Owner))
        .all(db)
        .await?;
    if !owners.is_empty() && owners.iter().all(|row| row.user_id == user.id) {
        let sentence = "you are the only owner of this server; make someone else an owner first";
        return Err(Error::conflict(sentence));
    }
    Ok(())
}
