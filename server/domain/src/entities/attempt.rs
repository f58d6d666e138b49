//! Something that may be tried only so often: what, and a digest of by whom or at whom.

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;

/// Something that may be tried only so often: what, and a digest of by whom or at whom.
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
