//! A half-open interval in which submissions to one benchmark are accepted, with limits.

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;

/// A half-open interval in which submissions to one benchmark are accepted, with limits.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "phase")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i32,
    pub challenge_id: i32,
    pub benchmark_id: i32,
    pub name: String,
    pub title: String,
    pub kind: String,
    pub position: i32,
    pub opens_at: Instant,
    pub closes_at: Option<Instant>,
    pub limit_per_day: Option<i32>,
    pub limit_total: Option<i32>,
    pub limit_at_once: Option<i32>,
    pub limit_invalid_per_day: Option<i32>,
    pub reset_hour: i32,
    pub reset_zone: String,
    pub shown_public: Option<String>,
    pub shown_team: Option<String>,
    pub freeze_at: Option<Instant>,
    pub reveal_at: Option<Instant>,
    pub finals: i32,
    pub fields: String,
    pub probes: bool,
    /// In percent, 0 for none; `None` only in a definition that leaves it out.
    pub feedback_share: Option<i32>,
    /// `None` only in a definition that leaves it out.
    pub rounded: Option<bool>,
    /// The step of the Ladder in tenths of a point; 0 for none.
    pub ladder: i32,
    /// How many turns a dialog has; none of these four in a phase of another kind.
    pub dialog_turns: Option<i32>,
    /// How many dialogs a submission has in each group.
    pub dialog_count: Option<i32>,
    /// For how many minutes a submission can be played.
    pub dialog_minutes: Option<i32>,
    /// Whether dialogs are published once the phase has closed.
    pub dialog_transcripts: bool,
    /// For how many days after its close uploads are kept that aren't on the board; for ever if none.
    pub upload_days: Option<i32>,
    /// The same for those on the board.
    pub ranked_upload_days: Option<i32>,
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
