//! A person's role as organiser of a challenge, or of all challenges.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ambient::Instant;

/// A person's role as organiser of a challenge, or of all challenges.
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

/// The role of an organiser; each includes the roles before it.
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
    /// Can see everything that organisers see, but change nothing.
    Auditor,
    /// Can run the challenge.
    Organiser,
    /// Can also manage the other organisers.
    Owner,
}

impl Role {
    /// The name on pages, in the API and the database.
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
