//! An announcement of the organisers.

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;

/// An announcement of the organisers.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "announcement")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub challenge_id: i32,
    pub user_id: i32,
    pub at: Instant,
    pub title: String,
    pub text: String,
    pub mailed: bool,
    pub removed_at: Option<Instant>,
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
