//! A person's participation in a challenge: the version of the rules they accepted, and when.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ambient::Instant;

/// A person's participation in a challenge: the version of the rules they accepted, and when.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "participation")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub challenge_id: i32,
    pub user_id: i32,
    pub rules_version: i32,
    pub accepted_at: Instant,
    pub state: Joining,
    pub decided_at: Option<Instant>,
    pub decided_by: Option<i32>,
}

/// Whether a person may take part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum Joining {
    /// Waiting for an organiser's decision.
    Waiting,
    /// They take part.
    Approved,
    /// They don't take part.
    Refused,
}

impl Joining {
    /// The name on pages, in the API and the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Approved => "approved",
            Self::Refused => "refused",
        }
    }
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
