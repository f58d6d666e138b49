//! A change by an organiser: who, when and why.

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;

/// A change by an organiser: who, when and why.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub challenge_id: Option<i32>,
    pub at: Instant,
    pub user_id: Option<i32>,
    pub action: String,
    pub subject: String,
    pub reason: String,
    pub change: String,
    pub undone_by: Option<i32>,
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
