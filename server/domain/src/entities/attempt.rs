//! A rate-limited attempt: its kind, and a digest of its subject.

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;

/// A rate-limited attempt: its kind, and a digest of its subject.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "attempt")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub what: String,
    pub whose: String,
    pub at: Instant,
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
