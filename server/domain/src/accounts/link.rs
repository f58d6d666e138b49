//! One-time links, by mail or in the log: opening one shows access to the mailbox or the machine.

use std::fmt;

use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    Set,
};
use sha2::{Digest, Sha256};

use super::Email;
use crate::ambient::{Ambient, Instant};
use crate::entities::link::{self, Purpose};
use crate::entities::user;
use crate::error::{Error, Result};

/// The secret in a link: 64 hex digits of 256 random bits.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// A new one.
    pub fn random(ambient: &Ambient) -> Self {
        Self(hex::encode(ambient.bytes::<32>()))
    }

    /// A secret as sent by a client.
    pub fn claimed(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text for the link.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The digest in the database: SHA-256, hex.
    pub fn digest(&self) -> String {
        hex::encode(Sha256::digest(self.0.as_bytes()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

impl Purpose {
    /// How long a link for this purpose is valid.
    const fn seconds(self) -> i64 {
        match self {
            Self::SetUp | Self::Confirm | Self::Address => 86_400,
            Self::Reset => 3600,
        }
    }
}

/// Creates a link; earlier links for the same purpose become invalid.
pub async fn new_link(
    db: &impl ConnectionTrait,
    ambient: &Ambient,
    purpose: Purpose,
    user_id: Option<i32>,
) -> Result<Secret> {
    insert(db, ambient, purpose, user_id, None).await
}

/// Creates a link to confirm a new address.
pub(super) async fn new_link_to(
    db: &impl ConnectionTrait,
    ambient: &Ambient,
    user: &user::Model,
    email: &Email,
) -> Result<Secret> {
    let address = Some(email.as_str().to_owned());
    insert(db, ambient, Purpose::Address, Some(user.id), address).await
}

async fn insert(
    db: &impl ConnectionTrait,
    ambient: &Ambient,
    purpose: Purpose,
    user_id: Option<i32>,
    address: Option<String>,
) -> Result<Secret> {
    let now = ambient.now();
    if user_id.is_some() {
        spend_all(db, purpose, user_id, now).await?;
    }
    let secret = Secret::random(ambient);
    let row = link::ActiveModel {
        id: NotSet,
        purpose: Set(purpose),
        user_id: Set(user_id),
        digest: Set(secret.digest()),
        created_at: Set(now),
        expires_at: Set(now.plus_seconds(purpose.seconds())),
        used_at: Set(None),
        address: Set(address),
    };
    row.insert(db).await?;
    Ok(secret)
}

/// The link with this secret, if it is still valid.
pub async fn find_link(
    db: &impl ConnectionTrait,
    now: Instant,
    purpose: Purpose,
    secret: &Secret,
) -> Result<link::Model> {
    let live = link::Entity::find()
        .filter(link::Column::Digest.eq(secret.digest()))
        .filter(link::Column::Purpose.eq(purpose))
        .filter(link::Column::UsedAt.is_null())
        .filter(link::Column::ExpiresAt.gt(now));
    live.one(db).await?.ok_or_else(Error::spent_link)
}

/// Marks all links for the same purpose as used.
pub async fn spend_all(
    db: &impl ConnectionTrait,
    purpose: Purpose,
    user_id: Option<i32>,
    now: Instant,
) -> Result<()> {
    let all = link::Entity::update_many()
        .col_expr(link::Column::UsedAt, Expr::value(Some(now)))
        .filter(link::Column::Purpose.eq(purpose))
        .filter(link::Column::UsedAt.is_null());
    let all = match user_id {
        Some(id) => all.filter(link::Column::UserId.eq(id)),
        None => all.filter(link::Column::UserId.is_null()),
    };
    all.exec(db).await?;
    Ok(())
}
