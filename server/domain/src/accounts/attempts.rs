//! Rate limits on attempts, counted in the database, so all servers of a data folder count
//! together.
//!
//! An attempt is counted before its work, so that concurrent attempts can't exceed a limit, and
//! taken back if it turns out not to be a guess.

use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait,
    PaginatorTrait, QueryFilter, QueryOrder, Set,
};
use sha2::{Digest, Sha256};

use crate::ambient::Instant;
use crate::entities::attempt;
use crate::error::{Error, Result};

/// The limits on attempts. Limits per account stop guessers; limits per address are wide, since a
/// whole class may share one.
#[derive(Debug, Clone, Copy)]
pub struct AttemptLimits {
    /// Wrong passwords for one account in 15 minutes, from unknown browsers together; the same
    /// number again for each known browser.
    pub guesses_per_account: u64,
    /// Wrong passwords from one address in 15 minutes.
    pub guesses_per_address: u64,
    /// Mails that anyone can cause, to one mailbox in an hour.
    pub mails_per_mailbox: u64,
    /// Such mails, and new accounts, from one address in an hour.
    pub mails_per_address: u64,
    /// Requests to a provider from one address in 15 minutes.
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

/// Such mails from one address to one mailbox in an hour. Blocking someone's mails by using up the
/// mailbox's limit takes several addresses.
const MAILS_BETWEEN: u64 = 4;

/// Passwords checked for one account in 15 minutes, right or wrong, from unknown browsers, each
/// known browser and signed-in people: far more than a person needs.
const PASSWORDS_OF_ONE: u64 = 120;

/// New passwords that are checked for one account in an hour.
const NEW_PASSWORDS: u64 = 30;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// A password for one account, from an unknown browser.
    PasswordAt,
    /// A password for one account, from a known browser.
    PasswordByDevice,
    /// A password of someone who is signed in, or has opened a link from a mail.
    PasswordInside,
    /// A password, from one address.
    PasswordFrom,
    /// A password that is checked, right or wrong, counted for the same subject as the narrower
    /// limit.
    PasswordWork,
    /// A new password for one account.
    NewPassword,
    /// A mail that anyone can cause, to one mailbox.
    MailTo,
    /// Such a mail, from one address to one mailbox.
    MailBetween,
    /// Such a mail, or a new account, from one address.
    MailFrom,
    /// A request to a provider, from one address.
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

    /// The maximum number, and the period in seconds.
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

    /// The longest period of a limit, in seconds.
    pub const LONGEST: i64 = 3600;
}

/// Counted attempts, which can be taken back.
#[derive(Debug, Default)]
pub struct Counted(Vec<(Attempt, i32)>);

impl Counted {
    /// Takes all of them back.
    pub async fn take_back(self, db: &impl ConnectionTrait) -> Result<()> {
        self.take_back_but(db, &[]).await
    }

    /// Takes them back, except those of some kinds.
    pub async fn take_back_but(self, db: &impl ConnectionTrait, kept: &[Attempt]) -> Result<()> {
        let back = self.0.into_iter().filter(|(what, _)| !kept.contains(what));
        let back = attempt::Column::Id.is_in(back.map(|(_, id)| id));
        attempt::Entity::delete_many().filter(back).exec(db).await?;
        Ok(())
    }
}

/// Counts attempts, and refuses if there were too many of one kind. The transaction holds the write
/// lock, so concurrent attempts are all counted.
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

/// Counts a request to a provider.
pub async fn count_provider(
    db: &impl ConnectionTrait,
    limits: &AttemptLimits,
    from: &str,
    now: Instant,
) -> Result<()> {
    count(db, limits, &[(Attempt::ProviderFrom, from)], now).await.map(drop)
}

/// Counts a mail that anyone can cause.
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

/// Only digests are stored: it matters only whether two mailboxes or addresses are the same.
fn digest(whose: &str) -> String {
    hex::encode(&Sha256::digest(whose.as_bytes())[..16])
}
