//! Signing up, and confirming an address.
//!
//! Responses and work are the same whether an account exists or not; only the mail, which goes to
//! the owner of the mailbox, shows the difference.

use sea_orm::{ActiveModelTrait, IntoActiveModel};

use super::attempts::{Attempt, count, count_mail};
use super::guess::Guess;
use super::{
    Email, Secret, end_sessions, find_link, forget_devices, give_role, has_organisers, letters,
    new_link, new_user, person_name, revoke_all_tokens, spend_all, user_by_id, user_with,
};
use crate::accounts::AccountsSite;
use crate::database::UnitOfWork;
use crate::entities::link::Purpose;
use crate::entities::role::Role;
use crate::entities::user::{self, PasswordHash};
use crate::error::{Error, Result};

/// The form of a person who signs up.
pub struct SigningUp {
    name: String,
    email: Email,
    password: String,
}

impl SigningUp {
    /// Reads and checks the form.
    pub fn read(name: &str, email: &str, password: &str) -> Result<Self> {
        let (name, email) = (person_name(name)?, Email::read(email)?);
        Ok(Self { name, email, password: password.to_owned() })
    }

    async fn hash(&self, site: &AccountsSite) -> Result<PasswordHash> {
        let own = [self.name.as_str(), self.email.as_str()];
        site.passwords.hash_new(&site.ambient, &self.password, &own).await
    }
}

/// Signs a person up: they get a mail, and have no access until they open its link. An address that
/// already has an account gets a different mail. The link continues to a page of this server, if
/// one is given.
pub async fn sign_up(site: &AccountsSite, from: &str, typed: SigningUp, next: &str) -> Result<()> {
    let now = site.ambient.now();
    let base = site.base_address();
    let address = typed.email.as_str();
    let unit = UnitOfWork::begin(site).await?;
    let counted = count_mail(unit.db(), &site.attempts, from, address, now).await?;
    unit.commit().await?;
    let hash = match typed.hash(site).await {
        Ok(hash) => hash,
        Err(error) => {
            // No mail was sent, but a password was checked for this address.
            let kept: &[_] = if error.code.is_of_server() { &[] } else { &[Attempt::MailFrom] };
            counted.take_back_but(&site.db, kept).await?;
            return Err(error);
        }
    };
    let mut unit = UnitOfWork::begin(site).await?;
    let user = match user_with(unit.db(), &typed.email).await? {
        Some(user) if user.confirmed_at.is_some() => None,
        // Nobody has confirmed the address yet: the latest sign-up counts, and the person has to
        // enter its password when they open the link.
        Some(user) => {
            let user = user::Model { name: typed.name, password: Some(hash), ..user };
            Some(user.into_active_model().reset_all().update(unit.db()).await?)
        }
        None => {
            let (name, password) = (&typed.name, Some(hash));
            Some(new_user(unit.db(), &typed.email, name, password, None, now).await?)
        }
    };
    let id = user.as_ref().map(|user| user.id);
    let secret = new_link(unit.db(), &site.ambient, Purpose::Confirm, id).await?;
    let letter = match user {
        Some(_) => letters::confirm(&base, address, &secret, next),
        None => letters::has_account(&base, address, next),
    };
    unit.mail(letter);
    unit.commit().await
}

/// Confirms an address with the link of a mail and the chosen password; returns the person.
pub async fn confirm(site: &AccountsSite, secret: &Secret, password: &str) -> Result<user::Model> {
    let now = site.ambient.now();
    let link = find_link(&site.db, now, Purpose::Confirm, secret).await?;
    let id = link.user_id.ok_or_else(Error::spent_link)?;
    let user = user_by_id(&site.db, id).await?;
    let counts = vec![(Attempt::PasswordInside, secret.reveal())];
    let guess = Guess { counts, of: secret.reveal(), password, kept: user.password.as_ref() };
    if !guess.is_right(site).await? {
        let rule = "is not the one chosen at the last sign-up with this address";
        return Err(Error::field("password", rule));
    }
    let unit = UnitOfWork::begin(site).await?;
    // Someone may have requested another link, with another password, in the meantime.
    find_link(unit.db(), now, Purpose::Confirm, secret).await?;
    spend_all(unit.db(), Purpose::Confirm, Some(id), now).await?;
    let user = user::Model { confirmed_at: Some(now), ..user };
    let user = user.into_active_model().reset_all().update(unit.db()).await?;
    unit.commit().await?;
    Ok(user)
}

/// The link to create the first organiser; none once there is one. Earlier links become invalid.
pub async fn set_up_link(site: &AccountsSite) -> Result<Option<String>> {
    let unit = UnitOfWork::begin(site).await?;
    if has_organisers(unit.db()).await? {
        return Ok(None);
    }
    spend_all(unit.db(), Purpose::SetUp, None, site.ambient.now()).await?;
    let secret = new_link(unit.db(), &site.ambient, Purpose::SetUp, None).await?;
    unit.commit().await?;
    Ok(Some(format!("{}/set-up/{}", site.base_address(), secret.reveal())))
}

/// Whether a set-up link can still create the first organiser.
pub async fn must_be_unfounded(site: &AccountsSite, secret: &Secret) -> Result<()> {
    find_link(&site.db, site.ambient.now(), Purpose::SetUp, secret).await?;
    if has_organisers(&site.db).await? { Err(Error::spent_link()) } else { Ok(()) }
}

/// Creates the first organiser, as owner of all challenges. The link is in the server's log, so the
/// address needs no confirmation.
pub async fn found(site: &AccountsSite, secret: &Secret, typed: SigningUp) -> Result<user::Model> {
    let now = site.ambient.now();
    must_be_unfounded(site, secret).await?;
    let unit = UnitOfWork::begin(site).await?;
    let counts = [(Attempt::NewPassword, secret.reveal())];
    count(unit.db(), &site.attempts, &counts, now).await?;
    unit.commit().await?;
    let hash = typed.hash(site).await?;
    let unit = UnitOfWork::begin(site).await?;
    find_link(unit.db(), now, Purpose::SetUp, secret).await?;
    if has_organisers(unit.db()).await? {
        return Err(Error::spent_link());
    }
    let user = match user_with(unit.db(), &typed.email).await? {
        None => {
            let (name, password) = (&typed.name, Some(hash));
            new_user(unit.db(), &typed.email, name, password, Some(now), now).await?
        }
        Some(old) => {
            let old = user::Model {
                name: typed.name,
                password: Some(hash),
                confirmed_at: Some(now),
                ..old
            };
            // The previous user of this account may not be the person with the link.
            end_sessions(unit.db(), &old, None).await?;
            forget_devices(unit.db(), &old).await?;
            revoke_all_tokens(unit.db(), now, &old).await?;
            old.into_active_model().reset_all().update(unit.db()).await?
        }
    };
    give_role(unit.db(), &user, None, Role::Owner, None, now).await?;
    spend_all(unit.db(), Purpose::SetUp, None, now).await?;
    unit.commit().await?;
    Ok(user)
}
