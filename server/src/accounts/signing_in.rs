//! Signing in with a password, and choosing a new one.

use sea_orm::{ActiveModelTrait, ConnectionTrait, IntoActiveModel};

use super::attempts::{Attempt, count_mail};
use super::guess::{Guess, knows_password};
use super::{
    Email, Secret, SessionKey, end_sessions, find_link, forget_devices, is_known_device, letters,
    new_link, revoke_all_tokens, spend_all, user_by_id, user_with,
};
use crate::ambient::Instant;
use crate::app::App;
use crate::entities::link::Purpose;
use crate::entities::user::{self, PasswordHash};
use crate::error::{Error, Result};
use crate::{database, mail};

/// Who signs in with an address and a password. Which of the two is wrong is not told, and the same
/// work is done for an address without an account. Guesses of strangers don't keep out whoever comes
/// with a browser in which they have signed in before.
pub async fn sign_in(
    app: &App,
    (from, device): (&str, Option<&Secret>),
    email: &str,
    password: &str,
) -> Result<user::Model> {
    let email = Email::read(email)?;
    let user = user_with(&app.db, &email).await?;
    let known = match (&user, device) {
        (Some(user), Some(secret)) => is_known_device(&app.db, &app.ambient, user, secret).await?,
        _ => false,
    };
    let by_device = format!("{email} {}", device.map(Secret::digest).unwrap_or_default());
    // A known browser counts for itself alone: neither strangers at the account nor others at its
    // address use up what it has.
    let counts = if known {
        vec![(Attempt::PasswordByDevice, by_device.as_str())]
    } else {
        vec![(Attempt::PasswordFrom, from), (Attempt::PasswordAt, email.as_str())]
    };
    let kept = user.as_ref().and_then(|user| user.password.as_ref());
    let guess = Guess { counts, password, kept };
    let right = guess.is_right(app).await?;
    match user.filter(|_| right) {
        Some(user) if user.confirmed_at.is_some() => Ok(user),
        // Only whoever knows the password is told.
        Some(_) => Err(Error::field(
            "email",
            "is not confirmed yet; follow the link of our mail, or sign up again for another",
        )),
        None => Err(Error::wrong_password()),
    }
}

/// Sends a link for a new password to an address; one without an account gets another mail.
pub async fn forgot(app: &App, from: &str, email: &str) -> Result<()> {
    let now = app.ambient.now();
    let email = Email::read(email)?;
    let (base, address) = (app.base_address(), email.as_str());
    let transaction = database::begin(&app.db).await?;
    count_mail(&transaction, &app.settings.attempts, from, address, now).await?;
    let user = user_with(&transaction, &email).await?.map(|user| user.id);
    let secret = new_link(&transaction, &app.ambient, Purpose::Reset, user).await?;
    let letter = match user {
        Some(_) => letters::reset(&base, address, &secret),
        None => letters::no_account(&base, address),
    };
    mail::post(&transaction, now, letter).await?;
    transaction.commit().await?;
    Ok(())
}

/// Sets a new password by the link of a mail, which shows as well that the address is the person's
/// own. All browsers are signed out, and API tokens end unless the person keeps them on purpose:
/// whoever knew the old password may have made some.
pub async fn reset(
    app: &App,
    secret: &Secret,
    password: &str,
    keep_tokens: bool,
) -> Result<user::Model> {
    let now = app.ambient.now();
    let link = find_link(&app.db, now, Purpose::Reset, secret).await?;
    let user = user_by_id(&app.db, link.user_id.ok_or_else(Error::spent_link)?).await?;
    let hash = hash_new(app, &user, password).await?;
    let transaction = database::begin(&app.db).await?;
    find_link(&transaction, now, Purpose::Reset, secret).await?;
    let user = user::Model { confirmed_at: user.confirmed_at.or(Some(now)), ..user };
    let user = set_password(app, &transaction, user, hash, None, now).await?;
    if !keep_tokens {
        revoke_all_tokens(&transaction, now, &user).await?;
    }
    transaction.commit().await?;
    Ok(user)
}

/// Sets a new password of a person who is signed in and knows the old one, if there is one. All
/// other browsers are signed out.
pub async fn change_password(
    app: &App,
    user: &user::Model,
    here: &SessionKey,
    (old, new): (&str, &str),
) -> Result<()> {
    let now = app.ambient.now();
    if !knows_password(app, user, old).await? {
        return Err(Error::field("old", "is not your password"));
    }
    let hash = hash_new(app, user, new).await?;
    let transaction = database::begin(&app.db).await?;
    set_password(app, &transaction, user.clone(), hash, Some(here), now).await?;
    transaction.commit().await?;
    Ok(())
}

async fn hash_new(app: &App, user: &user::Model, password: &str) -> Result<PasswordHash> {
    let own = [user.name.as_str(), user.email.as_deref().unwrap_or_default()];
    app.passwords.hash_new(&app.ambient, password, &own).await
}

async fn set_password(
    app: &App,
    db: &impl ConnectionTrait,
    user: user::Model,
    hash: PasswordHash,
    here: Option<&SessionKey>,
    now: Instant,
) -> Result<user::Model> {
    let user = user::Model { password: Some(hash), ..user };
    let user = user.into_active_model().reset_all().update(db).await?;
    for purpose in [Purpose::Reset, Purpose::Confirm] {
        spend_all(db, purpose, Some(user.id), now).await?;
    }
    end_sessions(db, &user, here).await?;
    forget_devices(db, &user).await?;
    if let Some(address) = &user.email {
        mail::post(db, now, letters::password_changed(&app.base_address(), address)).await?;
    }
    Ok(user)
}
