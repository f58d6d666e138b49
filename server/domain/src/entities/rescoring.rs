//! A rescoring set: new scorecards for all submissions to a benchmark, beside those that count.

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;

/// A rescoring set: new scorecards for all submissions to a benchmark, beside those that count.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rescoring")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub benchmark_id: i32,
    pub kind: Kind,
    pub state: State,
    pub reason: String,
    pub created_at: Instant,
    /// The set that was in force when this one was created.
    pub base_id: Option<i32>,
    /// The set whose targets were in force then.
    pub base_targets_id: Option<i32>,
    /// The version of the benchmark with the targets of this set.
    pub version: String,
    /// When no submission was missing.
    pub computed_at: Option<Instant>,
    /// The submissions that could not be scored, as JSON.
    pub failed: Option<String>,
    /// Until when a process is computing it.
    pub lease_expires_at: Instant,
}

/// Why submissions are scored again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "lowercase")]
pub enum Kind {
    /// The targets were corrected; the stored uploads are read again.
    Targets,
    /// The scorer was fixed, or computes more measures; the stored ranks are enough.
    Scorer,
}

/// The state of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "lowercase")]
pub enum State {
    /// Some submissions are missing.
    Computing,
    /// It can be applied.
    Ready,
    /// It was applied, and counts unless another set was applied later.
    Applied,
    /// It was cancelled, and its scorecards were removed.
    Cancelled,
}

impl Kind {
    /// The name on pages and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Targets => "targets",
            Self::Scorer => "scorer",
        }
    }
}

impl State {
    /// The name on pages and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Computing => "computing",
            Self::Ready => "ready",
            Self::Applied => "applied",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether it may still be applied.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Computing | Self::Ready)
    }
}

impl Model {
    /// The set whose targets this one is scored against; none for those of the definition.
    pub const fn targets_id(&self) -> Option<i32> {
        match self.kind {
            Kind::Targets => Some(self.id),
            Kind::Scorer => self.base_targets_id,
        }
    }
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
