//! API tokens of teams and people.

use std::fmt;

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, DatabaseConnection,
    EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, Set,
};
use sha2::{Digest, Sha256};

use super::{Scope, Scopes, shown_name, team_by_id, user_by_id};
use crate::ambient::{Ambient, Instant};
use crate::entities::{team, token, user};
use crate::error::{Error, Result};

/// The prefix of every token, so that a leaked token is recognised.
const PREFIX: &str = "fiq_";

/// How precisely the last use of a token is recorded: more precision would mean a write with each
/// request.
const USED_SECONDS: i64 = 60;

/// The maximum number of valid tokens per person.
const MOST: u64 = 20;

/// A token of a team or a person: `fiq_` and 32 hex digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new token of 128 random bits.
    pub fn random(ambient: &Ambient) -> Self {
        Self(format!("{PREFIX}{}", hex::encode(ambient.bytes::<16>())))
    }

    /// The text that a program sends to be known.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The digest in the database: SHA-256, hex. A token has 128 random bits, so a slow hash would
    /// add nothing.
    pub fn digest(&self) -> String {
        hex::encode(Sha256::digest(self.0.as_bytes()))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(hidden)")
    }
}

/// Who makes a request.
#[derive(Debug, Clone)]
pub enum Actor {
    /// A person.
    Person(user::Model),
    /// A team, by a token without a person, which the organisers' own programs use.
    Team(team::Model),
}

/// The person or team whose token this is. A token without the scope is refused, and so is one that
/// has expired.
pub async fn authenticate(
    db: &DatabaseConnection,
    now: Instant,
    shown: &str,
    scope: Scope,
) -> Result<Actor> {
    if !shown.starts_with(PREFIX) {
        return Err(Error::unauthorized());
    }
    let valid = token::Entity::find()
        .filter(token::Column::Digest.eq(Token(shown.to_owned()).digest()))
        .filter(token::Column::RevokedAt.is_null());
    let row = valid.one(db).await?.ok_or_else(Error::unauthorized)?;
    if row.expires_at.is_some_and(|expires| now >= expires) {
        return Err(Error::unauthorized());
    }
    Scopes::read(&row.scopes).must_have(scope)?;
    if row.used_at.is_none_or(|used| used < now.plus_seconds(-USED_SECONDS)) {
        token::Entity::update_many()
            .col_expr(token::Column::UsedAt, Expr::value(Some(now)))
            .filter(token::Column::Id.eq(row.id))
            .exec(db)
            .await?;
    }
    match (row.user_id, row.team_id) {
        (Some(user), _) => Ok(Actor::Person(user_by_id(db, user).await?)),
        (None, Some(team)) => Ok(Actor::Team(team_by_id(db, team).await?)),
        (None, None) => Err(Error::unauthorized()),
    }
}

/// Creates a token for a person; its text is returned only here.
pub async fn new_token(
    db: &impl ConnectionTrait,
    ambient: &Ambient,
    user: &user::Model,
    name: &str,
    scopes: Scopes,
    days: Option<u16>,
) -> Result<Token> {
    let name = shown_name("name", name)?;
    if scopes.is_empty() {
        return Err(Error::field("scopes", "are empty: choose at least one"));
    }
    if days == Some(0) {
        return Err(Error::field("days", "must be at least 1"));
    }
    let now = ambient.now();
    if live(user, now).count(db).await? >= MOST {
        return Err(Error::conflict(format!("you have {MOST} tokens; revoke one first")));
    }
    let token = Token::random(ambient);
    let row = token::ActiveModel {
        id: NotSet,
        team_id: Set(None),
        user_id: Set(Some(user.id)),
        name: Set(name),
        scopes: Set(scopes.to_string()),
        digest: Set(token.digest()),
        created_at: Set(now),
        expires_at: Set(days.map(|days| now.plus_seconds(i64::from(days) * 86_400))),
        used_at: Set(None),
        revoked_at: Set(None),
    };
    row.insert(db).await?;
    Ok(token)
}

/// A person's valid tokens, the newest first.
pub async fn tokens_of(
    db: &impl ConnectionTrait,
    user: &user::Model,
    now: Instant,
) -> Result<Vec<token::Model>> {
    Ok(live(user, now).order_by_desc(token::Column::Id).all(db).await?)
}

/// Revokes one of a person's tokens; those of other people are not found.
pub async fn revoke_token(
    db: &impl ConnectionTrait,
    now: Instant,
    user: &user::Model,
    id: i32,
) -> Result<()> {
    token::Entity::update_many()
        .col_expr(token::Column::RevokedAt, Expr::value(Some(now)))
        .filter(token::Column::UserId.eq(user.id))
        .filter(token::Column::Id.eq(id))
        .filter(token::Column::RevokedAt.is_null())
        .exec(db)
        .await?;
    Ok(())
}

/// Revokes all of a person's tokens; returns how many.
pub async fn revoke_all_tokens(
    db: &impl ConnectionTrait,
    now: Instant,
    user: &user::Model,
) -> Result<u64> {
    let ended = token::Entity::update_many()
        .col_expr(token::Column::RevokedAt, Expr::value(Some(now)))
        .filter(token::Column::UserId.eq(user.id))
        .filter(token::Column::RevokedAt.is_null())
        .exec(db)
        .await?;
    Ok(ended.rows_affected)
}

fn live(user: &user::Model, now: Instant) -> sea_orm::Select<token::Entity> {
    let endless = token::Column::ExpiresAt.is_null();
    token::Entity::find()
        .filter(token::Column::UserId.eq(user.id))
        .filter(token::Column::RevokedAt.is_null())
        .filter(endless.or(token::Column::ExpiresAt.gt(now)))
}
