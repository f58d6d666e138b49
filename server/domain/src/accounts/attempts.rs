//! What may be tried only so often, counted in the database: all servers of a data folder count
//! together.
//!
//! An attempt is counted before the work that it asks for, so that any number at once pass no limit,
//! and taken back where it turns out to be no guess.

use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait,
    PaginatorTrait, QueryFilter, QueryOrder, Set,
};
use sha2::{Digest, Sha256};

use crate::ambient::Instant;
use crate::entities::attempt;
use crate::error::{Error, Result};

/// How many attempts there may be. Limits of an account refuse guessers; those of an address are wide,
/// since a whole class may come from one.
#[derive(Debug, Clone, Copy)]
pub struct AttemptLimits {
    /// Wrong passwords at one account in a quarter of an hour, by strangers; as many again by each
    /// browser that signed in there before.
    pub guesses_per_account: u64,
    /// Wrong passwords from one address in a quarter of an hour.
    pub guesses_per_address: u64,
    /// Mails that anybody can cause, to one mailbox in an hour.
    pub mails_per_mailbox: u64,
    /// Such mails, and new accounts, from one address in an hour.
    pub mails_per_address: u64,
    /// Questions to a provider from one address in a quarter of an hour.
    pub provider_questions_per_address: u64,
}

impl Default for AttemptLimits {
    fn default() -> Self {
        Self {
            guesses_per_account: 10,
            guesses_per_address: 300,
            mails_per_mailbox: 20,
            mails_per_address: 300,
            provider_questions_per_address: 1000,
        }
    }
}

/// Such mails from one address to one mailbox in an hour. Whoever wants to keep somebody's mails away by
/// using up the mailbox's limit needs several addresses for that.
const MAILS_BETWEEN: u64 = 4;

/// Passwords that are worked on for one account in a quarter of an hour, right or wrong, by strangers, by
/// each known browser and by whoever is signed in: far more than a person needs.
const PASSWORDS_OF_ONE: u64 = 120;

/// New passwords that are judged for one account in an hour.
const NEW_PASSWORDS: u64 = 30;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// A password at one account, by strangers.
    PasswordAt,
    /// A password at one account, by one browser that signed in there before.
    PasswordByDevice,
    /// A password of whoever is signed in already, or follows a link of a mail.
    PasswordInside,
    /// A password, from one address.
    PasswordFrom,
    /// A password that is worked on, right or wrong; whose, as the narrower limit says it.
    PasswordWork,
    /// A new password for one account.
    NewPassword,
    /// A mail that anybody can cause, to one mailbox.
    MailTo,
    /// Such a mail, from one address to one mailbox.
    MailBetween,
    /// Such a mail, or a new account, from one address.
    MailFrom,
    /// A question to a provider, from one address.
    ProviderFrom,
}

impl Attempt {
    const fn name(self) -> &'static str {
        match self {
            Self::PasswordAt => "password-at",
            Self::PasswordByDevice => "password-by-device",
            Self::PasswordInside => "password-inside",
            Self::PasswordFrom => "password-from",
            Self::PasswordWork => "password-work",
            Self::NewPassword => "new-password",
            Self::MailTo => "mail-to",
            Self::MailBetween => "mail-between",
            Self::MailFrom => "mail-from",
            Self::ProviderFrom => "provider-from",
        }
    }

    /// How many there may be in how many seconds.
    const fn most(self, limits: &AttemptLimits) -> (u64, i64) {
        match self {
            Self::PasswordAt | Self::PasswordByDevice | Self::PasswordInside => {
                (limits.guesses_per_account, 900)
            }
            Self::PasswordFrom => (limits.guesses_per_address, 900),
            Self::PasswordWork => (PASSWORDS_OF_ONE, 900),
            Self::NewPassword => (NEW_PASSWORDS, 3600),
            Self::ProviderFrom => (limits.provider_questions_per_address, 900),
            Self::MailTo => (limits.mails_per_mailbox, 3600),
            Self::MailBetween => (MAILS_BETWEEN, 3600),
            Self::MailFrom => (limits.mails_per_address, 3600),
        }
    }

    /// The longest time for which an attempt is counted, in seconds.
    pub const LONGEST: i64 = 3600;
}

/// Attempts that were counted, and can be taken back.
#[derive(Debug, Default)]
pub struct Counted(Vec<(Attempt, i32)>);

impl Counted {
    /// Takes all of them back.
    pub async fn take_back(self, db: &impl ConnectionTrait) -> Result<()> {
        self.take_back_but(db, &[]).await
    }

    /// Takes them back, but for those of some kinds.
    pub async fn take_back_but(self, db: &impl ConnectionTrait, kept: &[Attempt]) -> Result<()> {
        let back = self.0.into_iter().filter(|(what, _)| !kept.contains(what));
        let back = attempt::Column::Id.is_in(back.map(|(_, id)| id));
        attempt::Entity::delete_many().filter(back).exec(db).await?;
        Ok(())
    }
}

/// Counts attempts, and refuses where there were too many of one of them. In a transaction that holds
/// the write lock no two of them count past each other.
pub async fn count(
    db: &impl ConnectionTrait,
    limits: &AttemptLimits,
    attempts: &[(Attempt, &str)],
    now: Instant,
) -> Result<Counted> {
    let mut counted = Counted::default();
    for (what, whose) in attempts {
        ensure_few(db, limits, *what, whose, now).await?;
        let row = attempt::ActiveModel {
            id: NotSet,
            what: Set(what.name().to_owned()),
            whose: Set(digest(whose)),
            at: Set(now),
        };
        counted.0.push((*what, row.insert(db).await?.id));
    }
    Ok(counted)
}

async fn ensure_few(
    db: &impl ConnectionTrait,
    limits: &AttemptLimits,
    what: Attempt,
    whose: &str,
    now: Instant,
) -> Result<()> {
    let (most, seconds) = what.most(limits);
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

/// Counts a question to a provider.
pub async fn count_provider(
    db: &impl ConnectionTrait,
    limits: &AttemptLimits,
    from: &str,
    now: Instant,
) -> Result<()> {
    count(db, limits, &[(Attempt::ProviderFrom, from)], now).await.map(drop)
}

/// Counts a mail that anybody can cause.
pub async fn count_mail(
    db: &impl ConnectionTrait,
    limits: &AttemptLimits,
    from: &str,
    to: &str,
    now: Instant,
) -> Result<Counted> {
    let between = format!("{from} {to}");
    let attempts = [
        (Attempt::MailFrom, from),
        (Attempt::MailBetween, between.as_str()),
        (Attempt::MailTo, to),
    ];
    count(db, limits, &attempts, now).await
}

/// Mailboxes and addresses are of no interest here, only whether they are the same.
fn digest(whose: &str) -> String {
    hex::encode(&Sha256::digest(whose.as_bytes())[..16])
}
