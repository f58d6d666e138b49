//! More submissions for one team in one phase, given by an organiser.

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;

/// More submissions for one team in one phase, given by an organiser.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "quota_grant")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub phase_id: i32,
    pub team_id: i32,
    pub per_day: i32,
    pub total: i32,
    pub reason: String,
    pub given_by: i32,
    pub given_at: Instant,
    pub until: Option<Instant>,
    pub revoked_at: Option<Instant>,
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
