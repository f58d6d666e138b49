//! The tokens teams act with.

use std::fmt;

use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter};
use sha2::{Digest, Sha256};

use crate::accounts;
use crate::ambient::Ambient;
use crate::entities::{challenge, team, token};
use crate::error::{Error, Result};

/// What every token begins with, so that a leaked one is recognised.
const PREFIX: &str = "fiq_";

/// What a team shows to act: `fiq_` and 32 hex digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// The team on whose behalf a request is made.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The team.
    pub team: team::Model,
}

impl Token {
    /// A new token of 128 random bits.
    pub fn random(ambient: &Ambient) -> Self {
        Self(format!("{PREFIX}{}", hex::encode(ambient.bytes::<16>())))
    }

    /// The text to send as `Authorization: Bearer …`.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What the database keeps: SHA-256; hex. A token has 128 random bits, so a slow hash would add
    /// nothing.
    pub fn digest(&self) -> String {
        hex::encode(Sha256::digest(self.0.as_bytes()))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(hidden)")
    }
}

/// The team whose token this is.
pub async fn authenticate(db: &DatabaseConnection, shown: &str) -> Result<Caller> {
    if !shown.starts_with(PREFIX) {
        return Err(Error::unauthorized());
    }
    let valid = token::Entity::find()
        .filter(token::Column::Digest.eq(Token(shown.to_owned()).digest()))
        .filter(token::Column::RevokedAt.is_null());
    let row = valid.one(db).await?.ok_or_else(Error::unauthorized)?;
    Ok(Caller { team: accounts::by_id(db, row.team_id).await? })
}

impl Caller {
    /// Refuses a caller whose team belongs to another challenge.
    pub fn must_be_of(&self, challenge: &challenge::Model) -> Result<()> {
        if self.team.challenge_id == challenge.id {
            return Ok(());
        }
        Err(Error::other_challenge(&challenge.name))
    }
}
