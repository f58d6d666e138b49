//! Present and former members of teams.

use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, Set,
};

use super::{accounts_of, accounts_of_all, insiders, team_by_id};
use crate::ambient::Instant;
use crate::entities::participation::{self, Joining};
use crate::entities::team::{self, TeamKind};
use crate::entities::{challenge, membership, user};
use crate::error::{Error, Result};

/// The team of a person.
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

/// The members of a team, in the order in which they joined.
pub async fn members_of(
    db: &impl ConnectionTrait,
    team: &team::Model,
) -> Result<Vec<(membership::Model, user::Model)>> {
    let rows = membership::Entity::find()
        .filter(membership::Column::TeamId.eq(team.id))
        .filter(membership::Column::LeftAt.is_null())
        .order_by_asc(membership::Column::Id);
    let rows = rows.all(db).await?;
    let users = user::Entity::find()
        .filter(user::Column::Id.is_in(rows.iter().map(|row| row.user_id)))
        .all(db)
        .await?;
    let user = |row: &membership::Model| users.iter().find(|user| user.id == row.user_id).cloned();
    Ok(rows.into_iter().filter_map(|row| user(&row).map(|user| (row, user))).collect())
}

/// Adds a person to a team. Refused for people who have not joined the challenge, already have a
/// team or can see the targets, and if the team is full.
pub async fn enter_team(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    user: &user::Model,
    team: &team::Model,
    now: Instant,
) -> Result<()> {
    ensure_takes_part(db, challenge, user).await?;
    if team.kind == TeamKind::Team
        && !insiders(db, challenge, std::slice::from_ref(user)).await?.is_empty()
    {
        return Err(Error::forbidden(
            "you are or were an organiser of this challenge; people who could see its targets can \
             only be in a team that is out of competition",
        ));
    }
    let accounts = accounts_of(db, user).await?;
    if let Some(row) = present_among(db, &accounts, challenge.id).await? {
        let own = team_by_id(db, row.team_id).await?;
        let with = if row.user_id == user.id { "" } else { " with another account of yours" };
        return Err(Error::conflict(format!(
            "you are in the team `{}`{with}; leave it first",
            own.name
        )));
    }
    let members = members_of(db, team).await?.len();
    if challenge.team_size.is_some_and(|most| members >= most.max(1) as usize) {
        return Err(Error::conflict(format!("the team has {members} members, the maximum")));
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

/// Removes a person from their team.
pub(super) async fn leave(
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

/// The empty teams of a challenge that a person, under any of their accounts, was the last to
/// leave.
pub async fn teams_left_empty(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    user: &user::Model,
) -> Result<Vec<team::Model>> {
    let accounts = accounts_of(db, user).await?;
    let own = membership::Entity::find()
        .filter(membership::Column::ChallengeId.eq(challenge.id))
        .filter(membership::Column::UserId.is_in(accounts.iter().copied()))
        .all(db)
        .await?;
    let all = membership::Entity::find()
        .filter(membership::Column::TeamId.is_in(own.iter().map(|row| row.team_id)))
        .all(db)
        .await?;
    let is_left = |team: i32| {
        let of_team = || all.iter().filter(|row| row.team_id == team);
        let last = of_team().max_by_key(|row| (row.left_at, row.id));
        of_team().all(|row| row.left_at.is_some())
            && last.is_some_and(|row| accounts.contains(&row.user_id))
    };
    let left: Vec<i32> = own.iter().map(|row| row.team_id).filter(|team| is_left(*team)).collect();
    let teams = team::Entity::find().filter(team::Column::Id.is_in(left));
    Ok(teams.order_by_asc(team::Column::Id).all(db).await?)
}

/// All memberships of a team's present members in teams of its challenge, a list per person: under
/// any account, including deleted ones.
pub async fn memberships_by_person(
    db: &impl ConnectionTrait,
    team: &team::Model,
) -> Result<Vec<Vec<membership::Model>>> {
    let members = membership::Entity::find()
        .filter(membership::Column::TeamId.eq(team.id))
        .filter(membership::Column::LeftAt.is_null())
        .all(db)
        .await?;
    // A team of programs alone.
    if members.is_empty() {
        return Ok(vec![]);
    }
    let present = user::Entity::find()
        .filter(user::Column::Id.is_in(members.iter().map(|row| row.user_id)))
        .all(db)
        .await?;
    let accounts = accounts_of_all(db, &present).await?;
    let times = membership::Entity::find()
        .filter(membership::Column::ChallengeId.eq(team.challenge_id))
        .filter(membership::Column::UserId.is_in(accounts.iter().map(|account| account.id)))
        .all(db)
        .await?;
    let of = |person: &user::Model| {
        let own = accounts.iter().filter(|account| account.is_same_person(person));
        let own: Vec<i32> = own.map(|account| account.id).collect();
        times.iter().filter(|row| own.contains(&row.user_id)).cloned().collect()
    };
    Ok(present.iter().map(of).collect())
}

async fn present(
    db: &impl ConnectionTrait,
    user_id: i32,
    challenge_id: i32,
) -> Result<Option<membership::Model>> {
    present_among(db, &[user_id], challenge_id).await
}

async fn present_among(
    db: &impl ConnectionTrait,
    user_ids: &[i32],
    challenge_id: i32,
) -> Result<Option<membership::Model>> {
    let present = membership::Entity::find()
        .filter(membership::Column::UserId.is_in(user_ids.iter().copied()))
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

/// The organisers' latest decision about a person, under any account; none if they never decided.
async fn decision_on(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    user: &user::Model,
) -> Result<Option<Joining>> {
    let decided = participation::Entity::find()
        .filter(participation::Column::ChallengeId.eq(challenge.id))
        .filter(participation::Column::UserId.is_in(accounts_of(db, user).await?))
        .filter(participation::Column::DecidedAt.is_not_null())
        .order_by_desc(participation::Column::DecidedAt)
        .order_by_desc(participation::Column::Id);
    Ok(decided.one(db).await?.map(|row| row.state))
}

/// Refuses people who do not take part in a challenge.
pub async fn ensure_takes_part(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    user: &user::Model,
) -> Result<()> {
    let own = participation_of(db, challenge, user).await?.map(|row| row.state);
    let state = match own {
        Some(own) => Some(decision_on(db, challenge, user).await?.unwrap_or(own)),
        None => None,
    };
    match state {
        Some(Joining::Approved) => Ok(()),
        Some(Joining::Waiting) => {
            Err(Error::forbidden("the organisers have not approved your request yet"))
        }
        Some(Joining::Refused) => {
            Err(Error::forbidden("the organisers have decided that you can’t take part"))
        }
        None => Err(Error::forbidden("accept the rules of the challenge first")),
    }
}

/// Accepts the present rules for a person, who then takes part or waits for an organiser's
/// decision. Accepting newer rules keeps the decision, and so does another account.
pub async fn accept_rules(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    user: &user::Model,
    version: i32,
    now: Instant,
) -> Result<participation::Model> {
    if version != challenge.rules_version {
        return Err(Error::conflict("the rules have changed in the meantime; read them again"));
    }
    must_be_of_domain(challenge, user)?;
    let accepted = participation::Model {
        id: 0,
        challenge_id: challenge.id,
        user_id: user.id,
        rules_version: version,
        accepted_at: now,
        state: match decision_on(db, challenge, user).await? {
            Some(decided) => decided,
            None if challenge.approval => Joining::Waiting,
            None => Joining::Approved,
        },
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
        "this challenge is only for addresses at {}",
        challenge.email_domains.split_whitespace().collect::<Vec<_>>().join(", ")
    )))
}
