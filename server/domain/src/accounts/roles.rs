//! The roles of organisers.

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, Condition, ConnectionTrait, EntityTrait,
    ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, Set,
};

use super::{accounts_of, accounts_of_all};
use crate::ambient::Instant;
use crate::entities::role::{self, Role};
use crate::entities::team::{self, TeamKind};
use crate::entities::{challenge, membership, role_history, user};
use crate::error::{Error, Result};

/// What a person may do in a challenge, by a role in it or in all of them.
pub async fn role_in(
    db: &impl ConnectionTrait,
    user_id: i32,
    challenge_id: i32,
) -> Result<Option<Role>> {
    let everywhere = role::Column::ChallengeId.is_null();
    let rows = role::Entity::find()
        .filter(role::Column::UserId.eq(user_id))
        .filter(everywhere.or(role::Column::ChallengeId.eq(challenge_id)));
    Ok(rows.all(db).await?.into_iter().map(|row| row.role).max())
}

/// What a person may do in all challenges.
pub async fn role_everywhere(db: &impl ConnectionTrait, user_id: i32) -> Result<Option<Role>> {
    let row = row(user_id, None);
    Ok(role::Entity::find().filter(row).one(db).await?.map(|row| row.role))
}

/// All roles of a person, in a challenge or everywhere.
pub async fn roles_of(db: &impl ConnectionTrait, user_id: i32) -> Result<Vec<role::Model>> {
    let own = role::Entity::find().filter(role::Column::UserId.eq(user_id));
    Ok(own.all(db).await?)
}

/// Refuses a person with a lower role.
pub async fn must_have_role(
    db: &impl ConnectionTrait,
    user: &user::Model,
    challenge: &challenge::Model,
    least: Role,
) -> Result<Role> {
    match role_in(db, user.id, challenge.id).await? {
        Some(role) if role >= least => Ok(role),
        _ => Err(Error::forbidden(format!("this needs the role {} or higher", least.name()))),
    }
}

/// Whether there are any organisers.
pub async fn has_organisers(db: &impl ConnectionTrait) -> Result<bool> {
    Ok(role::Entity::find().count(db).await? > 0)
}

/// Everyone with a role in a challenge, or in all challenges.
pub async fn organisers_of(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
) -> Result<Vec<(role::Model, user::Model)>> {
    let everywhere = role::Column::ChallengeId.is_null();
    let rows = role::Entity::find()
        .filter(everywhere.or(role::Column::ChallengeId.eq(challenge.id)))
        .order_by_asc(role::Column::Id);
    let rows = rows.all(db).await?;
    let users = super::users_by_id(db, rows.iter().map(|row| row.user_id)).await?;
    let with_user = |row: role::Model| users.get(&row.user_id).cloned().map(|user| (row, user));
    Ok(rows.into_iter().filter_map(with_user).collect())
}

/// The people among some who have or had a role in a challenge, under any of their accounts: they
/// could see its targets. A role in all challenges counts for those that existed before it ended.
pub async fn insiders(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    users: &[user::Model],
) -> Result<Vec<user::Model>> {
    let accounts = accounts_of_all(db, users).await?;
    let ended = role_history::Column::EndedAt;
    let everywhere = Condition::all()
        .add(role_history::Column::ChallengeId.is_null())
        .add(ended.is_null().or(ended.gt(challenge.created_at)));
    let here =
        Condition::any().add(role_history::Column::ChallengeId.eq(challenge.id)).add(everywhere);
    let rows = role_history::Entity::find()
        .filter(role_history::Column::UserId.is_in(accounts.iter().map(|account| account.id)))
        .filter(here)
        .all(db)
        .await?;
    let is_inside = |user: &&user::Model| {
        let mut own = accounts.iter().filter(|account| account.is_same_person(user));
        own.any(|account| rows.iter().any(|row| row.user_id == account.id))
    };
    Ok(users.iter().filter(is_inside).cloned().collect())
}

/// Gives a person a role in a challenge, or in all of them, replacing their previous role there.
/// Members of a ranked team can't have a role: organisers can see the targets.
pub async fn give_role(
    db: &impl ConnectionTrait,
    user: &user::Model,
    challenge: Option<&challenge::Model>,
    role: Role,
    by: Option<i32>,
    now: Instant,
) -> Result<()> {
    if let Some(team) = ranked_team(db, user, challenge).await? {
        return Err(Error::conflict(format!(
            "{} is in the ranked team `{}`, but people who can see the targets can’t be; they must \
             leave it first",
            user.name, team.name
        )));
    }
    take_role(db, user, challenge, now).await?;
    let history = role_history::ActiveModel {
        id: NotSet,
        user_id: Set(user.id),
        challenge_id: Set(challenge.map(|challenge| challenge.id)),
        given_at: Set(now),
        ended_at: Set(None),
    };
    history.insert(db).await?;
    let row = role::ActiveModel {
        id: NotSet,
        user_id: Set(user.id),
        challenge_id: Set(challenge.map(|challenge| challenge.id)),
        role: Set(role),
        given_at: Set(now),
        given_by: Set(by),
    };
    row.insert(db).await?;
    Ok(())
}

/// Removes a person's role in a challenge, or in all of them. The history of roles stays.
pub async fn take_role(
    db: &impl ConnectionTrait,
    user: &user::Model,
    challenge: Option<&challenge::Model>,
    now: Instant,
) -> Result<()> {
    let row = row(user.id, challenge.map(|challenge| challenge.id));
    role::Entity::delete_many().filter(row).exec(db).await?;
    let here = match challenge {
        Some(challenge) => role_history::Column::ChallengeId.eq(challenge.id),
        None => role_history::Column::ChallengeId.is_null(),
    };
    end_history(db, user, now, Condition::all().add(here)).await
}

/// Removes all of a person's roles.
pub async fn take_all_roles(
    db: &impl ConnectionTrait,
    user: &user::Model,
    now: Instant,
) -> Result<()> {
    role::Entity::delete_many().filter(role::Column::UserId.eq(user.id)).exec(db).await?;
    end_history(db, user, now, Condition::all()).await
}

async fn end_history(
    db: &impl ConnectionTrait,
    user: &user::Model,
    now: Instant,
    which: Condition,
) -> Result<()> {
    role_history::Entity::update_many()
        .col_expr(role_history::Column::EndedAt, Expr::value(Some(now)))
        .filter(role_history::Column::UserId.eq(user.id))
        .filter(role_history::Column::EndedAt.is_null())
        .filter(which)
        .exec(db)
        .await?;
    Ok(())
}

fn row(user_id: i32, challenge_id: Option<i32>) -> Condition {
    let place = match challenge_id {
        Some(id) => role::Column::ChallengeId.eq(id),
        None => role::Column::ChallengeId.is_null(),
    };
    Condition::all().add(role::Column::UserId.eq(user_id)).add(place)
}

/// The ranked team that a person is in, in a challenge or in any.
async fn ranked_team(
    db: &impl ConnectionTrait,
    user: &user::Model,
    challenge: Option<&challenge::Model>,
) -> Result<Option<team::Model>> {
    let mut present = membership::Entity::find()
        .filter(membership::Column::UserId.is_in(accounts_of(db, user).await?))
        .filter(membership::Column::LeftAt.is_null());
    if let Some(challenge) = challenge {
        present = present.filter(membership::Column::ChallengeId.eq(challenge.id));
    }
    let teams: Vec<i32> = present.all(db).await?.into_iter().map(|row| row.team_id).collect();
    let ranked = team::Entity::find()
        .filter(team::Column::Id.is_in(teams))
        .filter(team::Column::Kind.eq(TeamKind::Team));
    Ok(ranked.one(db).await?)
}
