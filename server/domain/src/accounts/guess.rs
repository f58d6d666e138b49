//! The one way to check a password: counted before the work, so that any number of guesses at once pass
//! no limit, and refused without any work where there were too many.

use super::attempts::{Attempt, count};
use crate::accounts::AccountsSite;
use crate::database::UnitOfWork;
use crate::entities::user::{self, PasswordHash};
use crate::error::Result;

/// A password that somebody has typed.
pub struct Guess<'a> {
    /// What a wrong one counts as, and whose count it is.
    pub counts: Vec<(Attempt, &'a str)>,
    /// Whose passwords are bounded as well where all of them are right.
    pub of: &'a str,
    /// What was typed.
    pub password: &'a str,
    /// The hash that is kept, if there is one: the same work is done without.
    pub kept: Option<&'a PasswordHash>,
}

impl Guess<'_> {
    /// Whether it is right. A right one is no guess: it only counts towards a wide limit on the work.
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
            // There was no time to look at it.
            Err(error) => {
                counted.take_back(&site.db).await?;
                Err(error)
            }
        }
    }
}

/// Whether whoever is signed in knows their password; true where they have none.
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
