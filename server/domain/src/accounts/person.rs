//! The person behind accounts: quotas, refusals and former roles belong to the person, not to the
//! row.
//!
//! An address is reduced to its canonical form (lower case, NFKC, no `+tag`) and stored as a digest
//! under a secret of the server. The digest stays when the account is deleted, so a person who
//! signs up again with the same mailbox is recognised, and nothing else is known about them.

use ring::hmac;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect,
};

use super::Email;
use crate::accounts::AccountsSite;
use crate::database::UnitOfWork;
use crate::entities::user::PersonKey;
use crate::entities::{mailbox, server_secret, user};
use crate::error::{Error, Result};

/// The name of the secret under which addresses are digested.
const SECRET: &str = "person";

/// How many accounts are processed in one step.
const BATCH: u64 = 500;

/// Creates the server's secret if there is none, and assigns persons to accounts of an earlier
/// release.
pub async fn prepare_persons(site: &AccountsSite) -> Result<()> {
    let unit = UnitOfWork::begin(site).await?;
    if server_secret::Entity::find_by_id(SECRET).one(unit.db()).await?.is_none() {
        let row = server_secret::Model {
            name: SECRET.to_owned(),
            value: hex::encode(site.ambient.bytes::<32>()),
        };
        let row = row.into_active_model().reset_all();
        server_secret::Entity::insert(row).exec_without_returning(unit.db()).await?;
    }
    let secret = secret(unit.db()).await?;
    let mut after = 0;
    loop {
        let without = user::Entity::find()
            .filter(user::Column::Person.is_null())
            .filter(user::Column::Email.is_not_null())
            .filter(user::Column::Id.gt(after))
            .order_by_asc(user::Column::Id)
            .limit(BATCH);
        let users = without.all(unit.db()).await?;
        let Some(last) = users.last() else { break };
        after = last.id;
        for user in users {
            let Ok(email) = Email::read(user.email.as_deref().unwrap_or_default()) else {
                continue;
            };
            let person = Expr::value(Some(digest(&secret, &email)));
            let own = user::Entity::update_many().col_expr(user::Column::Person, person);
            own.filter(user::Column::Id.eq(user.id)).exec(unit.db()).await?;
        }
    }
    unit.commit().await
}

/// The person with the mailbox of an address.
pub async fn person_with(db: &impl ConnectionTrait, email: &Email) -> Result<PersonKey> {
    let own = digest(&secret(db).await?, email);
    let known = mailbox::Entity::find_by_id(own.0.clone()).one(db).await?;
    Ok(known.map_or(own, |mailbox| mailbox.person))
}

/// The person of an account whose address changes. From then on both mailboxes belong to this
/// person: signing up again with the old one leads to the same person, and so does an earlier
/// account with the new one.
pub(super) async fn keep_through_change(
    db: &impl ConnectionTrait,
    user: &user::Model,
    email: &Email,
) -> Result<PersonKey> {
    let other = person_with(db, email).await?;
    let Some(own) = user.person.clone() else { return Ok(other) };
    if other == own {
        return Ok(own);
    }
    let accounts = user::Entity::update_many()
        .col_expr(user::Column::Person, Expr::value(Some(own.clone())))
        .filter(user::Column::Person.eq(other.clone()));
    accounts.exec(db).await?;
    let mailboxes = mailbox::Entity::update_many()
        .col_expr(mailbox::Column::Person, Expr::value(own.clone()))
        .filter(mailbox::Column::Person.eq(other.clone()));
    mailboxes.exec(db).await?;
    // A person's key is the digest of their first mailbox, which needs no row until it belongs to
    // another person.
    let row = mailbox::Model { digest: other.0, person: own.clone() };
    let row = row.into_active_model().reset_all();
    mailbox::Entity::insert(row).exec_without_returning(db).await?;
    Ok(own)
}

/// The ids of all accounts of a person, deleted ones too.
pub async fn accounts_of(db: &impl ConnectionTrait, user: &user::Model) -> Result<Vec<i32>> {
    let accounts = accounts_of_all(db, std::slice::from_ref(user)).await?;
    Ok(accounts.into_iter().map(|account| account.id).collect())
}

/// All accounts of some persons, deleted ones too.
pub async fn accounts_of_all(
    db: &impl ConnectionTrait,
    users: &[user::Model],
) -> Result<Vec<user::Model>> {
    let persons: Vec<PersonKey> = users.iter().filter_map(|user| user.person.clone()).collect();
    let own = user::Column::Id.is_in(users.iter().map(|user| user.id));
    let of = user::Entity::find().filter(own.or(user::Column::Person.is_in(persons)));
    Ok(of.order_by_asc(user::Column::Id).all(db).await?)
}

impl user::Model {
    /// Whether two accounts belong to one person.
    pub fn is_same_person(&self, other: &Self) -> bool {
        self.id == other.id || (self.person.is_some() && self.person == other.person)
    }
}

async fn secret(db: &impl ConnectionTrait) -> Result<hmac::Key> {
    let row = server_secret::Entity::find_by_id(SECRET).one(db).await?;
    let row = row.ok_or_else(|| Error::internal("find the server's secret", "it is missing"))?;
    let damaged = |e| Error::internal("read the server's secret", e);
    let bytes = hex::decode(row.value).map_err(damaged)?;
    Ok(hmac::Key::new(hmac::HMAC_SHA256, &bytes))
}

fn digest(secret: &hmac::Key, email: &Email) -> PersonKey {
    let tag = hmac::sign(secret, email.canonical().as_bytes());
    PersonKey(hex::encode(tag.as_ref()))
}
