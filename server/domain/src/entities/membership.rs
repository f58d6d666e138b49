//! A person's membership in a team, with start and end; at any time one team per challenge.

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;

/// A person's membership in a team, with start and end; at any time one team per challenge.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "membership")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub challenge_id: i32,
    pub team_id: i32,
    pub user_id: i32,
    pub joined_at: Instant,
    pub left_at: Option<Instant>,
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
