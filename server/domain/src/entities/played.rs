//! A submission to a phase of dialogs: which of its team's it is, and until when it can be played.

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;

/// A submission to a phase of dialogs: which of its team's it is, and until when it can be played.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "played")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub submission_id: Uuid,
    /// From 1, over all of the team's submissions to the phase. What is drawn depends on it.
    pub number: i32,
    pub ends_at: Instant,
    /// How many requests with answers were made.
    pub requests: i32,
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
