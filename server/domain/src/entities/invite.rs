//! A link with which one person can join a team, stored as a digest only.

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;

/// A link with which one person can join a team, stored as a digest only.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "invite")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub team_id: i32,
    pub digest: String,
    pub email: Option<String>,
    pub invited_by: Option<i32>,
    pub created_at: Instant,
    pub expires_at: Instant,
    pub revoked_at: Option<Instant>,
    pub used_at: Option<Instant>,
    pub used_by: Option<i32>,
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
