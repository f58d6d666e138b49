//! People's accounts at other providers.

use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, EntityTrait,
    PaginatorTrait, QueryFilter, QueryOrder, Set,
};

use super::attempts::{Attempt, count};
use super::{Email, letters, new_user, user_by_id, user_with};
use crate::accounts::AccountsSite;
use crate::ambient::Instant;
use crate::database::UnitOfWork;
use crate::entities::{identity, user};
use crate::error::{Error, Result};

/// The maximum number of ways to sign in per person.
const MOST: u64 = 10;

/// What a provider says about a person.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// The provider.
    pub issuer: String,
    /// Their permanent id at the provider.
    pub subject: String,
    /// Their address, if the provider has verified it.
    pub email: Option<Email>,
    /// Their name.
    pub name: Option<String>,
}

/// Signs a person in with a provider. An unknown person gets an account if the provider has
/// verified an address without an account; an existing account is never taken over, whatever the
/// provider says.
pub async fn sign_in_with(
    site: &AccountsSite,
    from: &str,
    title: &str,
    claimed: &Claimed,
) -> Result<user::Model> {
    let now = site.ambient.now();
    let unit = UnitOfWork::begin(site).await?;
    if let Some(known) = known(unit.db(), claimed).await? {
        return user_by_id(unit.db(), known.user_id).await;
    }
    let email = claimed.email.as_ref().ok_or_else(|| Error::unverified(title))?;
    if user_with(unit.db(), email).await?.is_some() {
        return Err(Error::link_first(title));
    }
    count(unit.db(), &site.attempts, &[(Attempt::MailFrom, from)], now).await?;
    let name = shown_name(claimed.name.as_deref(), email);
    let user = new_user(unit.db(), email, &name, None, Some(now), now).await?;
    add(unit.db(), &user, claimed, now).await?;
    unit.commit().await?;
    Ok(user)
}

/// Adds a way to sign in to a person's account.
pub async fn link_identity(
    site: &AccountsSite,
    user: &user::Model,
    title: &str,
    claimed: &Claimed,
) -> Result<()> {
    let now = site.ambient.now();
    let mut unit = UnitOfWork::begin(site).await?;
    match known(unit.db(), claimed).await? {
        Some(row) if row.user_id == user.id => return Ok(()),
        Some(_) => {
            let sentence = format!("this {title} account belongs to someone else here");
            return Err(Error::conflict(sentence));
        }
        None => {}
    }
    if of(user).count(unit.db()).await? >= MOST {
        return Err(Error::conflict(format!("you have {MOST} ways to sign in; remove one first")));
    }
    add(unit.db(), user, claimed, now).await?;
    if let Some(address) = &user.email {
        unit.mail(letters::linked(&site.base_address(), address, title));
    }
    unit.commit().await
}

/// Removes a way to sign in from a person's account; those of other people are not found. The last
/// way can't be removed.
pub async fn unlink_identity(site: &AccountsSite, user: &user::Model, id: i32) -> Result<()> {
    let unit = UnitOfWork::begin(site).await?;
    let own = identities_of(unit.db(), user).await?;
    if !own.iter().any(|row| row.id == id) {
        return Ok(());
    }
    let user = user_by_id(unit.db(), user.id).await?;
    if user.password.is_none() && own.len() == 1 {
        let sentence = "this is your only way to sign in; set a password first";
        return Err(Error::conflict(sentence));
    }
    identity::Entity::delete_by_id(id).exec(unit.db()).await?;
    unit.commit().await
}

/// The providers with which a person can sign in.
pub async fn identities_of(
    db: &impl ConnectionTrait,
    user: &user::Model,
) -> Result<Vec<identity::Model>> {
    Ok(of(user).order_by_asc(identity::Column::Id).all(db).await?)
}

fn of(user: &user::Model) -> sea_orm::Select<identity::Entity> {
    identity::Entity::find().filter(identity::Column::UserId.eq(user.id))
}

async fn known(db: &impl ConnectionTrait, claimed: &Claimed) -> Result<Option<identity::Model>> {
    let known = identity::Entity::find()
        .filter(identity::Column::Issuer.eq(&claimed.issuer))
        .filter(identity::Column::Subject.eq(&claimed.subject));
    Ok(known.one(db).await?)
}

async fn add(
    db: &impl ConnectionTrait,
    user: &user::Model,
    claimed: &Claimed,
    now: Instant,
) -> Result<()> {
    let row = identity::ActiveModel {
        id: NotSet,
        user_id: Set(user.id),
        issuer: Set(claimed.issuer.clone()),
        subject: Set(claimed.subject.clone()),
        created_at: Set(now),
    };
    row.insert(db).await?;
    Ok(())
}

/// The name from the provider if it can be shown, or else the part before the `@`.
fn shown_name(told: Option<&str>, email: &Email) -> String {
    let own = || email.as_str().split('@').next().unwrap_or_default();
    let told = told.and_then(|name| super::shown_name("name", name).ok());
    told.unwrap_or_else(|| own().chars().take(super::NAME_LENGTH).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_deceives_is_not_taken_over() {
        let email = Email::read("ada@example.org").unwrap();
        assert_eq!(shown_name(Some(" Ada L. "), &email), "Ada L.");
        for bad in [None, Some(""), Some("a\u{202e}b"), Some(&*"x".repeat(100))] {
            assert_eq!(shown_name(bad, &email), "ada");
        }
    }
}
