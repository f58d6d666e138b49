//! A team.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ambient::Instant;

/// A team.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "team")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub challenge_id: i32,
    pub name: String,
    pub kind: TeamKind,
    pub pseudonym: Option<String>,
    pub anonymity: Anonymity,
    pub created_at: Instant,
}

/// The kind of a team's submissions on the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "lowercase")]
#[serde(rename_all = "lowercase")]
pub enum TeamKind {
    /// Ranked.
    Team,
    /// The organisers' reference: shown and marked, never ranked.
    Baseline,
    /// A program that uses neither queries nor pictures: shown and marked, never ranked.
    Probe,
    /// Out of competition: shown and marked, never ranked.
    Guest,
}

impl TeamKind {
    /// The name in the API and the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::Baseline => "baseline",
            Self::Probe => "probe",
            Self::Guest => "guest",
        }
    }
}

/// How long a team is listed under its pseudonym.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "lowercase")]
pub enum Anonymity {
    /// Never: it is listed under its name.
    None,
    /// Until the phase's reveal.
    Reveal,
    /// Always.
    Always,
}

impl Anonymity {
    /// The name in forms and the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Reveal => "reveal",
            Self::Always => "always",
        }
    }
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
