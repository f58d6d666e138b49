//! The only way to check a password. It is counted before the work, so that concurrent guesses
//! can't exceed a limit, and refused without any work if there were too many.

use super::attempts::{Attempt, count};
use crate::accounts::AccountsSite;
use crate::database::UnitOfWork;
use crate::entities::user::{self, PasswordHash};
use crate::error::Result;

/// A password as typed.
pub struct Guess<'a> {
    /// The attempts that a wrong password counts as, each with its subject.
    pub counts: Vec<(Attempt, &'a str)>,
    /// The subject whose right passwords are limited as well.
    pub of: &'a str,
    /// The typed password.
    pub password: &'a str,
    /// The stored hash, if there is one; without one the same work is done.
    pub kept: Option<&'a PasswordHash>,
}

impl Guess<'_> {
    /// Whether it is right. A right password is not a guess: it only counts towards a wide limit on
    /// the work.
    pub async fn is_right(&self, site: &AccountsSite) -> Result<bool> {
        let unit = UnitOfWork::begin(site).await?;
        let limits = &site.attempts;
        let counts = [&self.counts[..], &[(Attempt::PasswordWork, self.of)]].concat();
        let counted = count(unit.db(), limits, &counts, site.ambient.now()).await?;
        unit.commit().await?;
        let right = site.passwords.verify(self.password, self.kept).await;
        match right {
            Ok(false) => Ok(false),
            Ok(true) => {
                counted.take_back_but(&site.db, &[Attempt::PasswordWork]).await?;
                Ok(true)
            }
            // It was not checked for lack of time.
            Err(error) => {
                counted.take_back(&site.db).await?;
                Err(error)
            }
        }
    }
}

/// Whether a signed-in person knows their password; true if they have none.
pub async fn knows_password(
    site: &AccountsSite,
    user: &user::Model,
    password: &str,
) -> Result<bool> {
    if user.password.is_none() {
        return Ok(true);
    }
    let own = user.id.to_string();
    let counts = vec![(Attempt::PasswordInside, own.as_str())];
    Guess { counts, of: &own, password, kept: user.password.as_ref() }.is_right(site).await
}
