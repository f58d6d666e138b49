//! Who is in which team, and was.

use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, Set,
};

use super::{new_team, role_in, team_by_id, user_by_id};
use crate::ambient::Instant;
use crate::entities::participation::{self, Joining};
use crate::entities::team::{self, TeamKind};
use crate::entities::{challenge, membership, user};
use crate::error::{Error, Result};

/// The team that a person is in.
pub async fn team_of(
    db: &impl ConnectionTrait,
    user_id: i32,
    challenge_id: i32,
) -> Result<Option<team::Model>> {
    match present(db, user_id, challenge_id).await? {
        Some(row) => Ok(Some(team_by_id(db, row.team_id).await?)),
        None => Ok(None),
    }
}

/// Who is in a team, the longest first.
pub async fn members_of(
    db: &impl ConnectionTrait,
    team: &team::Model,
) -> Result<Vec<(membership::Model, user::Model)>> {
    let rows = membership::Entity::find()
        .filter(membership::Column::TeamId.eq(team.id))
        .filter(membership::Column::LeftAt.is_null())
        .order_by_asc(membership::Column::Id);
    let mut members = Vec::new();
    for row in rows.all(db).await? {
        let user = user_by_id(db, row.user_id).await?;
        members.push((row, user));
    }
    Ok(members)
}

/// Makes a team with one person in it.
pub async fn found_team(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    user: &user::Model,
    name: &str,
    kind: TeamKind,
    now: Instant,
) -> Result<team::Model> {
    let team = new_team(db, challenge, name, kind, now).await?;
    enter_team(db, challenge, user, &team, now).await?;
    Ok(team)
}

/// Puts a person into a team. Whoever has not joined the challenge, is in a team already, or can see
/// the targets is refused, and so is one more than a team may have.
pub async fn enter_team(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    user: &user::Model,
    team: &team::Model,
    now: Instant,
) -> Result<()> {
    must_take_part(db, challenge, user).await?;
    if team.kind == TeamKind::Team && role_in(db, user.id, challenge.id).await?.is_some() {
        return Err(Error::forbidden(
            "you organise this challenge, and whoever can see its targets can’t be in a ranked team",
        ));
    }
    if let Some(row) = present(db, user.id, challenge.id).await? {
        let own = team_by_id(db, row.team_id).await?;
        return Err(Error::conflict(format!("you are in the team `{}`; leave it first", own.name)));
    }
    let members = members_of(db, team).await?.len();
    if challenge.team_size.is_some_and(|most| members >= most.max(1) as usize) {
        return Err(Error::conflict(format!(
            "the team has {members} members, and that is the most"
        )));
    }
    let row = membership::ActiveModel {
        id: NotSet,
        challenge_id: Set(challenge.id),
        team_id: Set(team.id),
        user_id: Set(user.id),
        joined_at: Set(now),
        left_at: Set(None),
    };
    row.insert(db).await?;
    Ok(())
}

/// Takes a person out of the team they are in.
pub async fn leave_team(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    user: &user::Model,
    now: Instant,
) -> Result<()> {
    let Some(row) = present(db, user.id, challenge.id).await? else {
        return Err(Error::no_team(&challenge.name));
    };
    let left = membership::Model { left_at: Some(now), ..row };
    left.into_active_model().reset_all().update(db).await?;
    Ok(())
}

/// All the times a person was in a team of a challenge.
pub async fn memberships(
    db: &impl ConnectionTrait,
    user_id: i32,
    challenge_id: i32,
) -> Result<Vec<membership::Model>> {
    let of = membership::Entity::find()
        .filter(membership::Column::UserId.eq(user_id))
        .filter(membership::Column::ChallengeId.eq(challenge_id));
    Ok(of.all(db).await?)
}

async fn present(
    db: &impl ConnectionTrait,
    user_id: i32,
    challenge_id: i32,
) -> Result<Option<membership::Model>> {
    let present = membership::Entity::find()
        .filter(membership::Column::UserId.eq(user_id))
        .filter(membership::Column::ChallengeId.eq(challenge_id))
        .filter(membership::Column::LeftAt.is_null());
    Ok(present.one(db).await?)
}

/// How a person takes part in a challenge, if they have asked to.
pub async fn participation_of(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    user: &user::Model,
) -> Result<Option<participation::Model>> {
    let of = participation::Entity::find()
        .filter(participation::Column::ChallengeId.eq(challenge.id))
        .filter(participation::Column::UserId.eq(user.id));
    Ok(of.one(db).await?)
}

/// Refuses whoever does not take part in a challenge.
pub async fn must_take_part(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    user: &user::Model,
) -> Result<()> {
    match participation_of(db, challenge, user).await?.map(|row| row.state) {
        Some(Joining::Approved) => Ok(()),
        Some(Joining::Waiting) => {
            Err(Error::forbidden("the organisers have yet to let you take part"))
        }
        Some(Joining::Refused) => {
            Err(Error::forbidden("the organisers have decided that you don’t take part"))
        }
        None => Err(Error::forbidden("accept the rules of the challenge first")),
    }
}

/// A person accepts the rules as they stand, and with that takes part, or waits for an organiser to
/// decide. Accepting newer rules keeps what was decided.
pub async fn accept_rules(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    user: &user::Model,
    version: i32,
    now: Instant,
) -> Result<participation::Model> {
    if version != challenge.rules_version {
        return Err(Error::conflict("the rules have changed meanwhile; read them again"));
    }
    must_be_of_domain(challenge, user)?;
    let accepted = participation::Model {
        id: 0,
        challenge_id: challenge.id,
        user_id: user.id,
        rules_version: version,
        accepted_at: now,
        state: if challenge.approval { Joining::Waiting } else { Joining::Approved },
        decided_at: None,
        decided_by: None,
    };
    if let Some(old) = participation_of(db, challenge, user).await? {
        let renewed = participation::Model { rules_version: version, accepted_at: now, ..old };
        return Ok(renewed.into_active_model().reset_all().update(db).await?);
    }
    let row = participation::ActiveModel { id: NotSet, ..accepted.into_active_model().reset_all() };
    Ok(row.insert(db).await?)
}

fn must_be_of_domain(challenge: &challenge::Model, user: &user::Model) -> Result<()> {
    let email = user.email.as_deref().unwrap_or_default();
    let domain = email.rsplit('@').next().unwrap_or_default();
    let of = |allowed: &str| domain == allowed || domain.ends_with(&format!(".{allowed}"));
    let mut allowed = challenge.email_domains.split_whitespace().peekable();
    if allowed.peek().is_none() || allowed.any(of) {
        return Ok(());
    }
    Err(Error::forbidden(format!(
        "this challenge is for addresses of {}",
        challenge.email_domains.split_whitespace().collect::<Vec<_>>().join(", ")
    )))
}
