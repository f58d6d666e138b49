//! Changes the e-mail address of an account. Nothing changes until the signed-in person opens a
//! link that was sent to the new address.

use sea_orm::{ActiveModelTrait, ConnectionTrait, IntoActiveModel};

use super::guess::knows_password;
use super::link::new_link_to;
use super::{
    Email, Secret, count_mail, find_link, letters, person, spend_all, user_by_id, user_with,
};
use crate::accounts::AccountsSite;
use crate::ambient::Instant;
use crate::database::UnitOfWork;
use crate::entities::link::Purpose;
use crate::entities::user;
use crate::error::{Error, Result};

/// Sends a link to the new address of a signed-in person. The response is the same if that address
/// already has an account; then the mail says so.
pub async fn ask_for_address(
    site: &AccountsSite,
    from: &str,
    user: &user::Model,
    (email, password): (&str, &str),
) -> Result<()> {
    let email = Email::read(email)?;
    if user.email.as_deref() == Some(email.as_str()) {
        return Err(Error::field("email", "is already your address"));
    }
    if !knows_password(site, user, password).await? {
        return Err(Error::field("password", "is wrong"));
    }
    let (now, base, address) = (site.ambient.now(), site.base_address(), email.as_str());
    let mut unit = UnitOfWork::begin(site).await?;
    count_mail(unit.db(), &site.attempts, from, address, now).await?;
    let letter = if is_taken(unit.db(), &email, user).await? {
        letters::has_account(&base, address, "")
    } else {
        let secret = new_link_to(unit.db(), &site.ambient, user, &email).await?;
        letters::confirm_address(&base, address, &user.name, &secret).naming(user.id)
    };
    unit.mail(letter);
    unit.commit().await
}

/// The new address that a link is for, if the link is the person's own and still valid.
pub async fn asked_address(
    db: &impl ConnectionTrait,
    now: Instant,
    user: &user::Model,
    secret: &Secret,
) -> Result<Email> {
    let link = find_link(db, now, Purpose::Address, secret).await?;
    let address = link.address.filter(|_| link.user_id == Some(user.id));
    Email::read(&address.ok_or_else(Error::spent_link)?)
}

/// Changes a person's address to the one of a link; the old address gets a notice.
pub async fn confirm_address(
    site: &AccountsSite,
    user: &user::Model,
    secret: &Secret,
) -> Result<()> {
    let now = site.ambient.now();
    let mut unit = UnitOfWork::begin(site).await?;
    let email = asked_address(unit.db(), now, user, secret).await?;
    let user = user_by_id(unit.db(), user.id).await?;
    change(&mut unit, &site.base_address(), user, &email).await?;
    unit.commit().await
}

/// Changes an address immediately, for the operator of the server.
pub async fn set_address(site: &AccountsSite, old: &Email, new: &Email) -> Result<()> {
    let mut unit = UnitOfWork::begin(site).await?;
    let user = user_with(unit.db(), old).await?;
    let user = user.ok_or_else(|| Error::not_found("person with the address", old))?;
    change(&mut unit, &site.base_address(), user, new).await?;
    unit.commit().await
}

async fn change(
    unit: &mut UnitOfWork<'_>,
    base: &str,
    user: user::Model,
    email: &Email,
) -> Result<()> {
    let (db, now) = (unit.db(), unit.now());
    if is_taken(db, email, &user).await? {
        return Err(Error::conflict(format!("{email} already belongs to another account")));
    }
    if let Some(other) = user_with(db, email).await?.filter(|other| other.id != user.id) {
        // Someone signed up with it and never confirmed it.
        let name = "a former member".to_owned();
        let deleted_at = Some(now);
        let other = user::Model { email: None, name, password: None, deleted_at, ..other };
        other.into_active_model().reset_all().update(db).await?;
    }
    // What was sent to the old mailbox must not open the account any more.
    for purpose in [Purpose::Confirm, Purpose::Reset, Purpose::Address] {
        spend_all(db, purpose, Some(user.id), now).await?;
    }
    let before = user.email.clone();
    let person = person::keep_through_change(db, &user, email).await?;
    let address = Some(email.as_str().to_owned());
    let user = user::Model { email: address, person: Some(person), ..user };
    let user = user.into_active_model().reset_all().update(db).await?;
    if let Some(before) = before {
        unit.mail(letters::address_changed(base, &before, email).naming(user.id));
    }
    Ok(())
}

/// Whether someone else has confirmed an address.
async fn is_taken(db: &impl ConnectionTrait, email: &Email, user: &user::Model) -> Result<bool> {
    let other = user_with(db, email).await?;
    Ok(other.is_some_and(|other| other.id != user.id && other.confirmed_at.is_some()))
}
