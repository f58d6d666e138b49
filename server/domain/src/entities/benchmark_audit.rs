//! What the last audit of a benchmark found.

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;

/// What the last audit of a benchmark found.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "benchmark_audit")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub benchmark_id: i32,
    pub edition: String,
    pub at: Instant,
    pub leaks: i32,
    pub findings: String,
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
