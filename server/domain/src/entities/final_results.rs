//! Final results of a phase, as its organisers confirmed them.

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;

/// Final results of a phase, as its organisers confirmed them.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "final_results")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub phase_id: i32,
    pub name: String,
    pub confirmed_at: Instant,
    pub sha256: String,
    pub document: String,
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
