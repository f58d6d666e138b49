//! The person behind accounts: quotas, refusals and former roles follow the person, not the row.
//!
//! An address is reduced to its canonical form (lower case, NFKC, no `+tag`) and kept as a digest
//! under a secret of the server. The digest stays when the account is deleted, so whoever signs up
//! again with the same mailbox is known as the same person, and nothing else is known about them.

use ring::hmac;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, ExprTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use super::Email;
use crate::ambient::Ambient;
use crate::database;
use crate::entities::user::PersonKey;
use crate::entities::{server_secret, user};
use crate::error::{Error, Result};

/// The name of the secret under which addresses are digested.
const SECRET: &str = "person";

/// How many accounts get their person in one step.
const BATCH: u64 = 500;

/// Makes the server's secret if there is none, and gives accounts of an earlier release their person.
pub async fn prepare_persons(db: &DatabaseConnection, ambient: &Ambient) -> Result<()> {
    let transaction = database::begin(db).await?;
    if server_secret::Entity::find_by_id(SECRET).one(&transaction).await?.is_none() {
        let row = server_secret::Model {
            name: SECRET.to_owned(),
            value: hex::encode(ambient.bytes::<32>()),
        };
        let row = row.into_active_model().reset_all();
        server_secret::Entity::insert(row).exec_without_returning(&transaction).await?;
    }
    let secret = secret(&transaction).await?;
    let mut after = 0;
    loop {
        let without = user::Entity::find()
            .filter(user::Column::Person.is_null())
            .filter(user::Column::Email.is_not_null())
            .filter(user::Column::Id.gt(after))
            .order_by_asc(user::Column::Id)
            .limit(BATCH);
        let users = without.all(&transaction).await?;
        let Some(last) = users.last() else { break };
        after = last.id;
        for user in users {
            let Ok(email) = Email::read(user.email.as_deref().unwrap_or_default()) else {
                continue;
            };
            let person = Expr::value(Some(digest(&secret, &email)));
            let own = user::Entity::update_many().col_expr(user::Column::Person, person);
            own.filter(user::Column::Id.eq(user.id)).exec(&transaction).await?;
        }
    }
    transaction.commit().await?;
    Ok(())
}

/// The person whose mailbox an address is.
pub async fn person_with(db: &impl ConnectionTrait, email: &Email) -> Result<PersonKey> {
    Ok(digest(&secret(db).await?, email))
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
