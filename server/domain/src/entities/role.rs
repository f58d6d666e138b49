//! What a person may do as one of the organisers of a challenge, or of all of them.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ambient::Instant;

/// What a person may do as one of the organisers of a challenge, or of all of them.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "role")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub user_id: i32,
    pub challenge_id: Option<i32>,
    pub role: Role,
    pub given_at: Instant,
    pub given_by: Option<i32>,
}

/// What an organiser may do; each may do what those before it may.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    Serialize,
    Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Sees what organisers see, and changes nothing.
    Auditor,
    /// Runs the challenge.
    Organiser,
    /// And says who else does.
    Owner,
}

impl Role {
    /// The word on pages, in the API and the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auditor => "auditor",
            Self::Organiser => "organiser",
            Self::Owner => "owner",
        }
    }
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
