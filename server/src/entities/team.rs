//! Who submits.

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;

/// Who submits.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "team")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub challenge_id: i32,
    pub name: String,
    pub kind: TeamKind,
    pub created_at: Instant,
}

/// What a team's submissions are on the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "lowercase")]
pub enum TeamKind {
    /// Ranked.
    Team,
    /// The organisers' reference: shown, marked, never ranked.
    Baseline,
    /// A program that looks at neither query nor picture: shown, marked, never ranked.
    Probe,
}

impl TeamKind {
    /// The word in the API and the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::Baseline => "baseline",
            Self::Probe => "probe",
        }
    }
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
