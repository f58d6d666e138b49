//! A team's question about a submission, and the organisers' answer.

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;

/// A team's question about a submission, and the organisers' answer.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "question")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub submission_id: Uuid,
    pub user_id: i32,
    pub asked_at: Instant,
    pub text: String,
    pub answered_by: Option<i32>,
    pub answered_at: Option<Instant>,
    pub answer: Option<String>,
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
