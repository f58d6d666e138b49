//! An API token of a team or a person, stored as a digest only.

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;

/// An API token of a team or a person, stored as a digest only.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "token")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub team_id: Option<i32>,
    pub user_id: Option<i32>,
    pub name: String,
    pub scopes: String,
    pub digest: String,
    pub created_at: Instant,
    pub expires_at: Option<Instant>,
    pub used_at: Option<Instant>,
    pub revoked_at: Option<Instant>,
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
