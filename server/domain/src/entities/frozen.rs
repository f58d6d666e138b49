//! The standings of a phase as they were when it froze.

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;

/// The standings of a phase as they were when it froze.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "frozen")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub phase_id: i32,
    pub frozen_at: Instant,
    pub made_at: Instant,
    pub standings: String,
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
