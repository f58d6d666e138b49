//! A browser in which a person has signed in, stored as a digest only.

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;

/// A browser in which a person has signed in, stored as a digest only.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub user_id: i32,
    pub digest: String,
    pub browser: String,
    pub created_at: Instant,
    pub seen_at: Instant,
    pub expires_at: Instant,
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
