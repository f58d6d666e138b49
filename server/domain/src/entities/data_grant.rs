//! A data set that the organisers of a challenge may name in a browser.

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;

/// A data set that the organisers of a challenge may name in a browser.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "data_grant")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub challenge_id: i32,
    pub path: String,
    pub given_at: Instant,
    pub given_by: Option<i32>,
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
