//! Invites: links with which one person each can join a team.

use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    ExprTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, Set,
};

use super::team::challenge_of;
use super::{Email, Secret, enter_team, team_by_id, user_by_id};
use crate::ambient::{Ambient, Instant};
use crate::entities::{invite, membership, team, user};
use crate::error::{Error, Result};

/// How long an invite is valid.
const SECONDS: i64 = 7 * 86_400;

/// The maximum number of open invites per team.
const MOST: u64 = 20;

/// Creates an invite to a team, by a member or by the operator of the server. Its secret is
/// returned only here.
pub(super) async fn new_invite(
    db: &impl ConnectionTrait,
    ambient: &Ambient,
    team: &team::Model,
    by: Option<&user::Model>,
    email: Option<&Email>,
) -> Result<Secret> {
    let now = ambient.now();
    if live(team, now).count(db).await? >= MOST {
        return Err(Error::conflict(format!("the team has {MOST} open invites; revoke one first")));
    }
    let secret = Secret::random(ambient);
    let row = invite::ActiveModel {
        id: NotSet,
        team_id: Set(team.id),
        digest: Set(secret.digest()),
        email: Set(email.map(|email| email.as_str().to_owned())),
        invited_by: Set(by.map(|by| by.id)),
        created_at: Set(now),
        expires_at: Set(now.plus_seconds(SECONDS)),
        revoked_at: Set(None),
        used_at: Set(None),
        used_by: Set(None),
    };
    row.insert(db).await?;
    Ok(secret)
}

/// The open invites of a team.
pub async fn invites_of(
    db: &impl ConnectionTrait,
    team: &team::Model,
    now: Instant,
) -> Result<Vec<invite::Model>> {
    Ok(live(team, now).order_by_desc(invite::Column::Id).all(db).await?)
}

/// The name of the person who made an invite.
pub async fn inviter(db: &impl ConnectionTrait, invite: &invite::Model) -> Result<String> {
    match invite.invited_by {
        Some(id) => Ok(user_by_id(db, id).await?.name),
        None => Ok("The organisers".to_owned()),
    }
}

/// The team of an invite.
pub async fn invited_to(
    db: &impl ConnectionTrait,
    now: Instant,
    secret: &Secret,
) -> Result<(invite::Model, team::Model)> {
    let found = open(now).filter(invite::Column::Digest.eq(secret.digest())).one(db).await?;
    let invite = found.ok_or_else(Error::spent_link)?;
    let team = team_by_id(db, invite.team_id).await?;
    Ok((invite, team))
}

/// Adds a person to the team of an invite.
pub(super) async fn follow_invite(
    db: &impl ConnectionTrait,
    now: Instant,
    secret: &Secret,
    user: &user::Model,
) -> Result<team::Model> {
    let (invite, team) = invited_to(db, now, secret).await?;
    let challenge = challenge_of(db, &team).await?;
    enter_team(db, &challenge, user, &team, now).await?;
    let followed = invite::Model { used_at: Some(now), used_by: Some(user.id), ..invite };
    followed.into_active_model().reset_all().update(db).await?;
    Ok(team)
}

/// Revokes an invite of a team; those of other teams are not found.
pub async fn revoke_invite(
    db: &impl ConnectionTrait,
    now: Instant,
    team: &team::Model,
    id: i32,
) -> Result<()> {
    invite::Entity::update_many()
        .col_expr(invite::Column::RevokedAt, Expr::value(Some(now)))
        .filter(invite::Column::TeamId.eq(team.id))
        .filter(invite::Column::Id.eq(id))
        .filter(invite::Column::RevokedAt.is_null())
        .exec(db)
        .await?;
    Ok(())
}

fn live(team: &team::Model, now: Instant) -> sea_orm::Select<invite::Entity> {
    open(now).filter(invite::Column::TeamId.eq(team.id))
}

/// Open invites. An invite ends when the member who made it leaves.
fn open(now: Instant) -> sea_orm::Select<invite::Entity> {
    let its = |column: invite::Column| Expr::col((invite::Entity, column));
    let still_member = Query::select()
        .column(membership::Column::Id)
        .from(membership::Entity)
        .and_where(Expr::col(membership::Column::TeamId).eq(its(invite::Column::TeamId)))
        .and_where(Expr::col(membership::Column::UserId).eq(its(invite::Column::InvitedBy)))
        .and_where(Expr::col(membership::Column::LeftAt).is_null())
        .and_where(Expr::col(membership::Column::JoinedAt).lte(its(invite::Column::CreatedAt)))
        .take();
    let by_organisers = invite::Column::InvitedBy.is_null();
    invite::Entity::find()
        .filter(Condition::any().add(by_organisers).add(Expr::exists(still_member)))
        .filter(invite::Column::RevokedAt.is_null())
        .filter(invite::Column::UsedAt.is_null())
        .filter(invite::Column::ExpiresAt.gt(now))
}
