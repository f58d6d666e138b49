//! A submission of a team to a phase; while it is `received`, also its place in the queue.

use sea_orm::entity::prelude::*;

use crate::ambient::Instant;

/// A submission of a team to a phase; while it is `received`, also its place in the queue.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "submission")]
#[expect(missing_docs, reason = "the columns are described in docs/glossary.md")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub phase_id: i32,
    pub team_id: i32,
    pub source: String,
    pub state: State,
    pub received_at: Instant,
    pub finished_at: Option<Instant>,
    pub method: String,
    pub upload_key: String,
    pub upload_digest: String,
    pub upload_bytes: i64,
    /// When its upload was deleted by the rule of its phase.
    pub upload_deleted_at: Option<Instant>,
    pub idempotency_key: Option<String>,
    pub lease_token: Option<Uuid>,
    pub lease_expires_at: Instant,
    pub attempts: i32,
    pub problems: Option<String>,
    pub warnings: Option<String>,
    pub withdrawn_at: Option<Instant>,
    pub user_id: Option<i32>,
    pub details: String,
    pub trial: bool,
    pub uses_no_limit: bool,
    pub final_at: Option<Instant>,
    pub disqualified_at: Option<Instant>,
    pub disqualified_why: Option<String>,
    pub hidden_at: Option<Instant>,
    pub hidden_why: Option<String>,
    pub score: Option<f64>,
    /// The score from the reveal on, if it is another one.
    pub final_score: Option<f64>,
    pub scored_against: Option<String>,
}

/// The state of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "lowercase")]
pub enum State {
    /// Being played: its dialogs aren't finished.
    Playing,
    /// Accepted and safe; waiting to be scored.
    Received,
    /// It has a scorecard.
    Scored,
    /// The upload has problems, which are stored; the team's fault.
    Invalid,
    /// The server could not score it; uses no limit.
    Failed,
}

impl State {
    /// The name in the API and the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Playing => "playing",
            Self::Received => "received",
            Self::Scored => "scored",
            Self::Invalid => "invalid",
            Self::Failed => "failed",
        }
    }
}

/// Rows are joined by the domain, in its own words.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
