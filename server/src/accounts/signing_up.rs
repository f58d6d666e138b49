//! Signing up, and showing that an address is one's own.
//!
//! Whatever is asked about an account, the answer and the work are the same whether it is there or
//! not; only the mail tells, and it goes to whoever owns the mailbox.

use sea_orm::{ActiveModelTrait, IntoActiveModel};

use super::attempts::{Attempt, count_mail};
use super::guess::Guess;
use super::{
    Email, Secret, find_link, give_role, has_organisers, letters, new_link, new_user, person_name,
    spend_all, user_by_id, user_with,
};
use crate::app::App;
use crate::entities::link::Purpose;
use crate::entities::role::Role;
use crate::entities::user::{self, PasswordHash};
use crate::error::{Error, Result};
use crate::{database, mail};

/// What a person who signs up has typed.
pub struct SigningUp {
    name: String,
    email: Email,
    password: String,
}

impl SigningUp {
    /// Reads and checks what was typed.
    pub fn read(name: &str, email: &str, password: &str) -> Result<Self> {
        let (name, email) = (person_name(name)?, Email::read(email)?);
        Ok(Self { name, email, password: password.to_owned() })
    }

    async fn hash(&self, app: &App) -> Result<PasswordHash> {
        let own = [self.name.as_str(), self.email.as_str()];
        app.passwords.hash_new(&app.ambient, &self.password, &own).await
    }
}

/// A person signs up: they get a mail, and until they have followed it nothing is open to them. An
/// address that has an account gets another mail.
pub async fn sign_up(app: &App, from: &str, typed: SigningUp) -> Result<()> {
    let now = app.ambient.now();
    let base = app.base_address();
    let address = typed.email.as_str();
    let transaction = database::begin(&app.db).await?;
    let counted = count_mail(&transaction, &app.settings.attempts, from, address, now).await?;
    transaction.commit().await?;
    let hash = match typed.hash(app).await {
        Ok(hash) => hash,
        Err(error) => {
            // No mail was caused.
            counted.take_back(&app.db).await?;
            return Err(error);
        }
    };
    let transaction = database::begin(&app.db).await?;
    let user = match user_with(&transaction, &typed.email).await? {
        Some(user) if user.confirmed_at.is_some() => None,
        // Nobody has shown yet that the address is theirs: the last who asks is believed, and has
        // to know the password that they chose when they follow the link.
        Some(user) => {
            let user = user::Model { name: typed.name, password: Some(hash), ..user };
            Some(user.into_active_model().reset_all().update(&transaction).await?)
        }
        None => {
            let (name, password) = (&typed.name, Some(hash));
            Some(new_user(&transaction, &typed.email, name, password, None, now).await?)
        }
    };
    let id = user.as_ref().map(|user| user.id);
    let secret = new_link(&transaction, &app.ambient, Purpose::Confirm, id).await?;
    let letter = match user {
        Some(_) => letters::confirm(&base, address, &secret),
        None => letters::has_account(&base, address),
    };
    mail::post(&transaction, now, letter).await?;
    transaction.commit().await?;
    Ok(())
}

/// Follows the link of a mail with the password that was chosen; answers who it is.
pub async fn confirm(app: &App, secret: &Secret, password: &str) -> Result<user::Model> {
    let now = app.ambient.now();
    let link = find_link(&app.db, now, Purpose::Confirm, secret).await?;
    let id = link.user_id.ok_or_else(Error::spent_link)?;
    let user = user_by_id(&app.db, id).await?;
    let counts = vec![(Attempt::PasswordInside, secret.reveal())];
    let guess = Guess { counts, password, kept: user.password.as_ref() };
    if !guess.is_right(app).await? {
        let rule = "is not the one that was chosen when this address signed up last";
        return Err(Error::field("password", rule));
    }
    let transaction = database::begin(&app.db).await?;
    // Somebody may have asked for another link, with another password, meanwhile.
    find_link(&transaction, now, Purpose::Confirm, secret).await?;
    spend_all(&transaction, Purpose::Confirm, Some(id), now).await?;
    let user = user::Model { confirmed_at: Some(now), ..user };
    let user = user.into_active_model().reset_all().update(&transaction).await?;
    transaction.commit().await?;
    Ok(user)
}

/// The link by which the first organiser is made; none once there is one. Links made before open
/// nothing any more.
pub async fn set_up_link(app: &App) -> Result<Option<String>> {
    let transaction = database::begin(&app.db).await?;
    if has_organisers(&transaction).await? {
        return Ok(None);
    }
    spend_all(&transaction, Purpose::SetUp, None, app.ambient.now()).await?;
    let secret = new_link(&transaction, &app.ambient, Purpose::SetUp, None).await?;
    transaction.commit().await?;
    Ok(Some(format!("{}/set-up/{}", app.base_address(), secret.reveal())))
}

/// Whether a set-up link still makes the first organiser.
pub async fn must_be_unfounded(app: &App, secret: &Secret) -> Result<()> {
    find_link(&app.db, app.ambient.now(), Purpose::SetUp, secret).await?;
    if has_organisers(&app.db).await? { Err(Error::spent_link()) } else { Ok(()) }
}

/// Makes the first organiser, owner of all challenges. Whoever has the link can read the server's
/// log, so their address needs no mail.
pub async fn found(app: &App, secret: &Secret, typed: SigningUp) -> Result<user::Model> {
    let now = app.ambient.now();
    must_be_unfounded(app, secret).await?;
    let hash = typed.hash(app).await?;
    let transaction = database::begin(&app.db).await?;
    find_link(&transaction, now, Purpose::SetUp, secret).await?;
    if has_organisers(&transaction).await? {
        return Err(Error::spent_link());
    }
    let user = match user_with(&transaction, &typed.email).await? {
        None => {
            let (name, password) = (&typed.name, Some(hash));
            new_user(&transaction, &typed.email, name, password, Some(now), now).await?
        }
        Some(old) => {
            let old = user::Model {
                name: typed.name,
                password: Some(hash),
                confirmed_at: Some(now),
                ..old
            };
            super::end_sessions(&transaction, &old, None).await?;
            old.into_active_model().reset_all().update(&transaction).await?
        }
    };
    give_role(&transaction, &user, None, Role::Owner, None, now).await?;
    spend_all(&transaction, Purpose::SetUp, None, now).await?;
    transaction.commit().await?;
    Ok(user)
}
