//! Browsers in which a person has signed in.

use std::fmt;

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, DatabaseConnection,
    EntityTrait, QueryFilter, QueryOrder, Set,
};
use sha2::{Digest, Sha256};

use crate::accounts;
use crate::ambient::Ambient;
use crate::entities::{session, user};
use crate::error::Result;

/// How long a session lasts after signing in.
pub const SESSION_SECONDS: i64 = 30 * 86_400;

/// How precisely the last use of a session is recorded: more precision would mean a write with each
/// page.
const SEEN_SECONDS: i64 = 300;

/// How much of a browser's own name is stored.
const BROWSER_LENGTH: usize = 200;

/// The key that a browser keeps: 64 random hex digits.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionKey(String);

impl SessionKey {
    /// The key that a browser sent.
    pub fn claimed(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Signs a person in; returns the new session's key.
    pub async fn begin(
        db: &impl ConnectionTrait,
        ambient: &Ambient,
        user: &user::Model,
        browser: &str,
    ) -> Result<Self> {
        let key = Self(hex::encode(ambient.bytes::<32>()));
        let now = ambient.now();
        let row = session::ActiveModel {
            id: NotSet,
            user_id: Set(user.id),
            digest: Set(key.digest()),
            browser: Set(browser.chars().take(BROWSER_LENGTH).collect()),
            created_at: Set(now),
            seen_at: Set(now),
            expires_at: Set(now.plus_seconds(SESSION_SECONDS)),
        };
        row.insert(db).await?;
        Ok(key)
    }

    /// The person who is signed in, if the session is known and has not ended.
    pub async fn user(
        &self,
        db: &DatabaseConnection,
        ambient: &Ambient,
    ) -> Result<Option<user::Model>> {
        let now = ambient.now();
        let live = session::Entity::find()
            .filter(session::Column::Digest.eq(self.digest()))
            .filter(session::Column::ExpiresAt.gt(now));
        let Some(row) = live.one(db).await? else { return Ok(None) };
        if row.seen_at < now.plus_seconds(-SEEN_SECONDS) {
            session::Entity::update_many()
                .col_expr(session::Column::SeenAt, Expr::value(now))
                .filter(session::Column::Id.eq(row.id))
                .exec(db)
                .await?;
        }
        Ok(Some(accounts::user_by_id(db, row.user_id).await?))
    }

    /// Whether a session belongs to this key.
    pub fn is_of(&self, session: &session::Model) -> bool {
        session.digest == self.digest()
    }

    /// Ends the session.
    pub async fn end(&self, db: &DatabaseConnection) -> Result<()> {
        let own = session::Entity::delete_many().filter(session::Column::Digest.eq(self.digest()));
        own.exec(db).await?;
        Ok(())
    }

    /// The text that the browser keeps.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    fn digest(&self) -> String {
        hex::encode(Sha256::digest(self.0.as_bytes()))
    }
}

/// A person's open sessions, the newest first.
pub async fn sessions_of(
    db: &impl ConnectionTrait,
    ambient: &Ambient,
    user: &user::Model,
) -> Result<Vec<session::Model>> {
    let own = session::Entity::find()
        .filter(session::Column::UserId.eq(user.id))
        .filter(session::Column::ExpiresAt.gt(ambient.now()));
    Ok(own.order_by_desc(session::Column::Id).all(db).await?)
}

/// Ends one of a person's sessions; those of other people are not found.
pub async fn end_session(db: &impl ConnectionTrait, user: &user::Model, id: i32) -> Result<()> {
    let own = session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user.id))
        .filter(session::Column::Id.eq(id));
    own.exec(db).await?;
    Ok(())
}

/// Ends all of a person's sessions except a given one.
pub async fn end_sessions(
    db: &impl ConnectionTrait,
    user: &user::Model,
    but: Option<&SessionKey>,
) -> Result<()> {
    let mut own = session::Entity::delete_many().filter(session::Column::UserId.eq(user.id));
    if let Some(kept) = but {
        own = own.filter(session::Column::Digest.ne(kept.digest()));
    }
    own.exec(db).await?;
    Ok(())
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionKey(hidden)")
    }
}
