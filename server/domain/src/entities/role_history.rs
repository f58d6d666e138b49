//! The history of roles: it shows who could see the targets of a challenge.

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;

/// A role that a person has or had, in a challenge or in all challenges.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "role_history")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub user_id: i32,
    pub challenge_id: Option<i32>,
    pub given_at: Instant,
    pub ended_at: Option<Instant>,
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
