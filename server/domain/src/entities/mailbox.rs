//! Another mailbox of a person who has changed their address: the person's key is the digest of the
//! first.

use sea_orm::entity::prelude::*;

use super::user::PersonKey;

/// Another mailbox of a person who has changed their address: the person's key is the digest of the
/// first.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "mailbox")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub digest: String,
    pub person: PersonKey,
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
