//! Signing in with a password, and choosing a new one.

use sea_orm::{ActiveModelTrait, IntoActiveModel};

use super::attempts::{Attempt, count, count_mail};
use super::guess::{Guess, knows_password};
use super::{
    Email, Secret, SessionKey, end_sessions, find_link, forget_devices, is_known_device, letters,
    new_link, revoke_all_tokens, spend_all, user_by_id, user_with,
};
use crate::accounts::AccountsSite;
use crate::database::UnitOfWork;
use crate::entities::link::Purpose;
use crate::entities::user::{self, PasswordHash};
use crate::error::{Error, Result};

/// Signs a person in with an address and a password. An error doesn't say which of the two is
/// wrong, and the same work is done for an address without an account. Guesses of strangers don't
/// lock out people with a browser in which they have signed in before.
pub async fn sign_in(
    site: &AccountsSite,
    (from, device): (&str, Option<&Secret>),
    email: &str,
    password: &str,
) -> Result<user::Model> {
    let email = Email::read(email)?;
    let user = user_with(&site.db, &email).await?;
    let known = match (&user, device) {
        (Some(user), Some(secret)) => {
            is_known_device(&site.db, &site.ambient, user, secret).await?
        }
        _ => false,
    };
    let by_device = format!("{email} {}", device.map(Secret::digest).unwrap_or_default());
    // A known browser has its own count: neither strangers nor others at its address use it up.
    let (counts, of) = if known {
        (vec![(Attempt::PasswordByDevice, by_device.as_str())], by_device.as_str())
    } else {
        let counts = vec![(Attempt::PasswordFrom, from), (Attempt::PasswordAt, email.as_str())];
        (counts, email.as_str())
    };
    let kept = user.as_ref().and_then(|user| user.password.as_ref());
    let guess = Guess { counts, of, password, kept };
    let right = guess.is_right(site).await?;
    match user.filter(|_| right) {
        Some(user) if user.confirmed_at.is_some() => Ok(user),
        // Only people who know the password learn this.
        Some(_) => Err(Error::field(
            "email",
            "is not confirmed yet; open the link in our mail, or sign up again to get a new one",
        )),
        None => Err(Error::wrong_password()),
    }
}

/// Sends a link for a new password to an address; an address without an account gets a different
/// mail. The link continues to a page of this server, if one is given.
pub async fn forgot(site: &AccountsSite, from: &str, email: &str, next: &str) -> Result<()> {
    let now = site.ambient.now();
    let email = Email::read(email)?;
    let (base, address) = (site.base_address(), email.as_str());
    let mut unit = UnitOfWork::begin(site).await?;
    count_mail(unit.db(), &site.attempts, from, address, now).await?;
    let user = user_with(unit.db(), &email).await?.map(|user| user.id);
    let secret = new_link(unit.db(), &site.ambient, Purpose::Reset, user).await?;
    let letter = match user {
        Some(_) => letters::reset(&base, address, &secret, next),
        None => letters::no_account(&base, address, next),
    };
    unit.mail(letter);
    unit.commit().await
}

/// Sets a new password with the link of a mail, which also confirms the address. All browsers are
/// signed out, and API tokens are revoked unless the person chooses to keep them: someone who knew
/// the old password may have made some.
pub async fn reset(
    site: &AccountsSite,
    secret: &Secret,
    password: &str,
    keep_tokens: bool,
) -> Result<user::Model> {
    let now = site.ambient.now();
    let link = find_link(&site.db, now, Purpose::Reset, secret).await?;
    let user = user_by_id(&site.db, link.user_id.ok_or_else(Error::spent_link)?).await?;
    let hash = hash_new(site, &user, password).await?;
    let mut unit = UnitOfWork::begin(site).await?;
    find_link(unit.db(), now, Purpose::Reset, secret).await?;
    let user = user::Model { confirmed_at: user.confirmed_at.or(Some(now)), ..user };
    let user = set_password(site, &mut unit, user, hash, None, keep_tokens).await?;
    unit.commit().await?;
    Ok(user)
}

/// Sets a new password for a signed-in person who knows the old one, if there is one. All other
/// browsers are signed out and forgotten, and API tokens are revoked unless the person chooses to
/// keep them.
pub async fn change_password(
    site: &AccountsSite,
    user: &user::Model,
    here: &SessionKey,
    (old, new): (&str, &str),
    keep_tokens: bool,
) -> Result<()> {
    if !knows_password(site, user, old).await? {
        return Err(Error::field("old", "is wrong"));
    }
    let hash = hash_new(site, user, new).await?;
    let mut unit = UnitOfWork::begin(site).await?;
    set_password(site, &mut unit, user.clone(), hash, Some(here), keep_tokens).await?;
    unit.commit().await
}

async fn hash_new(site: &AccountsSite, user: &user::Model, password: &str) -> Result<PasswordHash> {
    let whose = user.id.to_string();
    let unit = UnitOfWork::begin(site).await?;
    let counts = [(Attempt::NewPassword, whose.as_str())];
    count(unit.db(), &site.attempts, &counts, site.ambient.now()).await?;
    unit.commit().await?;
    let own = [user.name.as_str(), user.email.as_deref().unwrap_or_default()];
    site.passwords.hash_new(&site.ambient, password, &own).await
}

async fn set_password(
    site: &AccountsSite,
    unit: &mut UnitOfWork<'_>,
    user: user::Model,
    hash: PasswordHash,
    here: Option<&SessionKey>,
    keep_tokens: bool,
) -> Result<user::Model> {
    let (db, now) = (unit.db(), unit.now());
    let user = user::Model { password: Some(hash), ..user };
    let user = user.into_active_model().reset_all().update(db).await?;
    for purpose in [Purpose::Reset, Purpose::Confirm] {
        spend_all(db, purpose, Some(user.id), now).await?;
    }
    end_sessions(db, &user, here).await?;
    forget_devices(db, &user).await?;
    if !keep_tokens {
        revoke_all_tokens(db, now, &user).await?;
    }
    if let Some(address) = &user.email {
        unit.mail(letters::password_changed(&site.base_address(), address, keep_tokens));
    }
    Ok(user)
}
