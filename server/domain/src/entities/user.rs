//! A person with an account.

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;

/// A person with an account.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "user")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub email: Option<String>,
    pub name: String,
    pub password: Option<PasswordHash>,
    pub confirmed_at: Option<Instant>,
    pub notices: bool,
    pub created_at: Instant,
    pub deleted_at: Option<Instant>,
    pub person: Option<PersonKey>,
}

/// A keyed digest of an account's address, the same for every account of one person; see
/// `accounts::person`. It stays when the account is deleted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, DeriveValueType)]
pub struct PersonKey(pub String);

/// An argon2id hash in PHC form. It is never printed.
#[derive(Clone, PartialEq, Eq, DeriveValueType)]
pub struct PasswordHash(pub String);

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(hidden)")
    }
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
