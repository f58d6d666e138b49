//! Known browsers, in which a person has signed in before: guesses of strangers don't lock them
//! out.
//!
//! A browser keeps one random secret for a year, for all people who sign in there. For each of them
//! the database has a different digest of it, so the table doesn't reveal who shares a browser. The
//! secret alone gives no access.

use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use sha2::{Digest, Sha256};

use super::Secret;
use crate::ambient::Ambient;
use crate::entities::{device, user};
use crate::error::Result;

/// How long a browser is known, in seconds.
pub const DEVICE_SECONDS: i64 = 365 * 86_400;

/// The maximum number of known browsers per person; the newest are kept.
const MOST: u64 = 20;

/// Whether a person has signed in before in the browser with this secret.
pub async fn is_known_device(
    db: &impl ConnectionTrait,
    ambient: &Ambient,
    user: &user::Model,
    secret: &Secret,
) -> Result<bool> {
    let since = ambient.now().plus_seconds(-DEVICE_SECONDS);
    let known = device::Entity::find()
        .filter(device::Column::UserId.eq(user.id))
        .filter(device::Column::Digest.eq(digest(user, secret)))
        .filter(device::Column::CreatedAt.gt(since));
    Ok(known.count(db).await? > 0)
}

/// Remembers that a person has signed in with a browser; returns the browser's secret, a new one if
/// it had none.
pub async fn remember_device(
    db: &impl ConnectionTrait,
    ambient: &Ambient,
    user: &user::Model,
    secret: Option<Secret>,
) -> Result<Secret> {
    let secret = secret.unwrap_or_else(|| Secret::random(ambient));
    let own = || device::Entity::find().filter(device::Column::UserId.eq(user.id));
    device::Entity::delete_many()
        .filter(device::Column::UserId.eq(user.id))
        .filter(device::Column::Digest.eq(digest(user, &secret)))
        .exec(db)
        .await?;
    let row = device::ActiveModel {
        id: NotSet,
        user_id: Set(user.id),
        digest: Set(digest(user, &secret)),
        created_at: Set(ambient.now()),
    };
    row.insert(db).await?;
    let newest = own().order_by_desc(device::Column::Id).offset(MOST);
    if let Some(oldest) = newest.limit(1).one(db).await? {
        device::Entity::delete_many()
            .filter(device::Column::UserId.eq(user.id))
            .filter(device::Column::Id.lte(oldest.id))
            .exec(db)
            .await?;
    }
    Ok(secret)
}

fn digest(user: &user::Model, secret: &Secret) -> String {
    hex::encode(Sha256::digest(format!("{} {}", user.id, secret.reveal())))
}

/// Forgets all browsers of a person: their users may have known the password.
pub async fn forget_devices(db: &impl ConnectionTrait, user: &user::Model) -> Result<()> {
    let own = device::Entity::delete_many().filter(device::Column::UserId.eq(user.id));
    own.exec(db).await?;
    Ok(())
}
