//! What may be tried only so often, counted in the database: all servers of a data folder count
//! together.

use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait,
    PaginatorTrait, QueryFilter, QueryOrder, Set,
};
use sha2::{Digest, Sha256};

use crate::ambient::Instant;
use crate::entities::attempt;
use crate::error::{Error, Result};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// A wrong password, at one account.
    PasswordAt,
    /// A wrong password, from one address.
    PasswordFrom,
    /// A mail that anybody can cause, to one mailbox.
    MailTo,
    /// Such a mail, or a new account, from one address.
    MailFrom,
    /// A question to a provider, from one address.
    ProviderFrom,
}

impl Attempt {
    const fn name(self) -> &'static str {
        match self {
            Self::PasswordAt => "password-at",
            Self::PasswordFrom => "password-from",
            Self::MailTo => "mail-to",
            Self::MailFrom => "mail-from",
            Self::ProviderFrom => "provider-from",
        }
    }

    /// How many there may be in how many seconds.
    const fn most(self) -> (u64, i64) {
        match self {
            Self::PasswordAt => (10, 900),
            Self::PasswordFrom => (50, 900),
            Self::ProviderFrom => (200, 900),
            Self::MailTo => (4, 3600),
            Self::MailFrom => (30, 3600),
        }
    }

    /// The longest time for which an attempt is counted, in seconds.
    pub const LONGEST: i64 = 3600;
}

/// Refuses once there were too many.
pub async fn must_be_few(
    db: &impl ConnectionTrait,
    what: Attempt,
    whose: &str,
    now: Instant,
) -> Result<()> {
    let (most, seconds) = what.most();
    let recent = attempt::Entity::find()
        .filter(attempt::Column::What.eq(what.name()))
        .filter(attempt::Column::Whose.eq(digest(whose)))
        .filter(attempt::Column::At.gt(now.plus_seconds(-seconds)));
    if recent.clone().count(db).await? < most {
        return Ok(());
    }
    let first = recent.order_by_asc(attempt::Column::At).one(db).await?;
    Err(Error::too_often(first.map_or(now, |first| first.at).plus_seconds(seconds)))
}

/// Counts one more.
pub async fn count(
    db: &impl ConnectionTrait,
    what: Attempt,
    whose: &str,
    now: Instant,
) -> Result<()> {
    let row = attempt::ActiveModel {
        id: NotSet,
        what: Set(what.name().to_owned()),
        whose: Set(digest(whose)),
        at: Set(now),
    };
    row.insert(db).await?;
    Ok(())
}

/// Counts a question to a provider, and refuses once there were too many from one address.
pub async fn count_provider(db: &impl ConnectionTrait, from: &str, now: Instant) -> Result<()> {
    must_be_few(db, Attempt::ProviderFrom, from, now).await?;
    count(db, Attempt::ProviderFrom, from, now).await
}

/// Counts a mail that anybody can cause, and refuses once there were too many from one address or to
/// one mailbox.
pub async fn count_mail(
    db: &impl ConnectionTrait,
    from: &str,
    to: &str,
    now: Instant,
) -> Result<()> {
    for (what, whose) in [(Attempt::MailFrom, from), (Attempt::MailTo, to)] {
        must_be_few(db, what, whose, now).await?;
        count(db, what, whose, now).await?;
    }
    Ok(())
}

/// Mailboxes and addresses are of no interest here, only whether they are the same.
fn digest(whose: &str) -> String {
    hex::encode(&Sha256::digest(whose.as_bytes())[..16])
}
