//! Exports the submissions of a phase for organisers.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::ambient::Instant;
use domain::challenges::{self, Located};
use domain::moderation;
use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use time::OffsetDateTime;

use crate::api::ApiToken;
use crate::api::submissions::Scorecard;
use crate::app::App;
use crate::refusal::Result;

/// `GET /challenges/{challenge}/phases/{phase}/export`
pub struct Get;

/// All submissions to a phase.
#[derive(Debug, Object)]
pub struct ExportedPhase {
    /// The name of the challenge.
    pub challenge: String,
    /// The name of the phase.
    pub phase: String,
    /// Whether targets are `hidden`, `public` (anyone can score 100 %) or `none`.
    pub targets: String,
    /// The measures in the scorecards.
    pub shown: Vec<String>,
    /// The submissions, oldest first.
    pub submissions: Vec<ExportedSubmission>,
}

/// A submission, as organisers see it.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ExportedSubmission {
    /// Its id.
    pub id: String,
    /// The team's own name.
    pub team: String,
    /// The kind of team: `team`, `guest` (out of competition), `baseline` or `probe`.
    pub kind: String,
    /// The method's name.
    pub method: String,
    /// The team's answers to the phase's fields.
    pub details: BTreeMap<String, String>,
    /// The state: `received`, `scored`, `invalid` or `failed`.
    pub state: String,
    /// When it was received, which is the time that counts.
    pub received_at: OffsetDateTime,
    /// When it was scored or found invalid.
    pub finished_at: Option<OffsetDateTime>,
    /// The SHA-256 of the upload, hex.
    pub upload_sha256: String,
    /// The size of the upload in bytes.
    pub upload_bytes: u64,
    /// Whether it is an organisers' trial, which counts nowhere.
    pub trial: bool,
    /// When its team withdrew it from the leaderboard.
    pub withdrawn_at: Option<OffsetDateTime>,
    /// When the team chose it as a final submission.
    pub final_at: Option<OffsetDateTime>,
    /// When it was disqualified.
    pub disqualified_at: Option<OffsetDateTime>,
    /// The reason.
    pub disqualified_why: Option<String>,
    /// When it was hidden.
    pub hidden_at: Option<OffsetDateTime>,
    /// The reason.
    pub hidden_why: Option<String>,
    /// Its scores, once it is scored.
    pub scorecard: Option<Scorecard>,
}

#[OpenApi]
impl Get {
    /// Export all submissions to a phase, for its organisers
    ///
    /// The token needs the scope `organise`, and its person needs a role in the challenge. With
    /// hidden targets, the export has only the scores that a phase is allowed to publish.
    #[oai(
        path = "/challenges/:challenge/phases/:phase/export",
        method = "get",
        operation_id = "export_phase"
    )]
    async fn get(
        &self,
        app: Data<&Arc<App>>,
        token: ApiToken,
        challenge: Path<String>,
        phase: Path<String>,
    ) -> Result<Json<ExportedPhase>> {
        let challenge = challenges::find(&app.db, &challenge).await?;
        token.organiser(&app, &challenge).await?;
        let located = challenges::locate(&app.db, &challenge.name, &phase).await?;
        ExportedPhase::of(&app, &located).await.map(Json)
    }
}

impl ExportedPhase {
    /// All submissions to a phase.
    pub async fn of(app: &App, located: &Located) -> Result<Self> {
        let export = moderation::export(&app.db, located, app.ambient.now()).await?;
        Ok(Self {
            challenge: located.challenge.name.clone(),
            phase: located.phase.name.clone(),
            targets: located.benchmark.targets.name().to_owned(),
            shown: export.shown.names(),
            submissions: export.rows.into_iter().map(ExportedSubmission::of).collect(),
        })
    }
}

impl ExportedSubmission {
    fn of(row: moderation::Exported) -> Self {
        let moderation::Exported { team, run, details, metrics } = row;
        Self {
            id: run.id.to_string(),
            team: team.name,
            kind: team.kind.name().to_owned(),
            method: run.method,
            details: details.0,
            state: run.state.name().to_owned(),
            received_at: run.received_at.utc(),
            finished_at: run.finished_at.map(Instant::utc),
            upload_sha256: run.upload_digest,
            upload_bytes: run.upload_bytes as u64,
            trial: run.trial,
            withdrawn_at: run.withdrawn_at.map(Instant::utc),
            final_at: run.final_at.map(Instant::utc),
            disqualified_at: run.disqualified_at.map(Instant::utc),
            disqualified_why: run.disqualified_why,
            hidden_at: run.hidden_at.map(Instant::utc),
            hidden_why: run.hidden_why,
            scorecard: metrics.as_ref().map(Scorecard::of),
        }
    }
}
