//! A commitment to the hidden targets of a benchmark.

use std::fmt;

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;

/// A commitment to the hidden targets of a benchmark.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "commitment")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub benchmark_id: i32,
    pub digest: String,
    pub salt: Salt,
    pub made_at: Instant,
    pub reason: Option<String>,
}

/// The salt of a commitment, in hex. Until the reveal it is secret, so it is not printed: with it,
/// the digest confirms a guess of all targets.
#[derive(Clone, PartialEq, Eq, DeriveValueType)]
pub struct Salt(pub String);

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(hidden)")
    }
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
