//! Browsers in which a team has signed in.

use std::fmt;

use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, DatabaseConnection, EntityTrait,
    QueryFilter, Set,
};
use sha2::{Digest, Sha256};

use crate::accounts::{self, Caller};
use crate::ambient::Ambient;
use crate::entities::session;
use crate::error::Result;

/// A session ends so long after signing in.
pub const SESSION_SECONDS: i64 = 30 * 86_400;

/// What a browser's cookie holds: 64 hex digits, which say nothing by themselves.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionKey(String);

impl SessionKey {
    /// The key a cookie claims to hold.
    pub fn claimed(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Signs a team in; answers the new session's key.
    pub async fn begin(
        db: &DatabaseConnection,
        ambient: &Ambient,
        caller: &Caller,
    ) -> Result<Self> {
        let key = Self(hex::encode(ambient.bytes::<32>()));
        let now = ambient.now();
        let row = session::ActiveModel {
            id: NotSet,
            team_id: Set(caller.team.id),
            digest: Set(key.digest()),
            created_at: Set(now),
            expires_at: Set(now.plus_seconds(SESSION_SECONDS)),
        };
        row.insert(db).await?;
        Ok(key)
    }

    /// The team that is signed in, if the session is known and has not ended.
    pub async fn caller(
        &self,
        db: &DatabaseConnection,
        ambient: &Ambient,
    ) -> Result<Option<Caller>> {
        let live = session::Entity::find()
            .filter(session::Column::Digest.eq(self.digest()))
            .filter(session::Column::ExpiresAt.gt(ambient.now()));
        let Some(row) = live.one(db).await? else { return Ok(None) };
        Ok(Some(Caller { team: accounts::by_id(db, row.team_id).await? }))
    }

    /// Ends the session.
    pub async fn end(&self, db: &DatabaseConnection) -> Result<()> {
        let own = session::Entity::delete_many().filter(session::Column::Digest.eq(self.digest()));
        own.exec(db).await?;
        Ok(())
    }

    /// The text for the cookie.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    fn digest(&self) -> String {
        hex::encode(Sha256::digest(self.0.as_bytes()))
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionKey(hidden)")
    }
}
