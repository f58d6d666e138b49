//! A random secret of the server, created with its database.

use sea_orm::entity::prelude::*;

/// A random secret of the server, created with its database.
#[derive(Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "server_secret")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub value: String,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ServerSecret({}, hidden)", self.name)
    }
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
