//! An edit of a submission's method or details by its team.

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;

/// An edit of a submission's method or details by its team.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "submission_edit")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub submission_id: Uuid,
    pub user_id: Option<i32>,
    pub at: Instant,
    pub field: String,
    pub before: String,
    pub after: String,
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
