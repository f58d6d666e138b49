//! Tells the standings of a phase.

use std::sync::Arc;

use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use time::OffsetDateTime;

use crate::api::submissions::Scorecard;
use crate::app::App;
use crate::challenges;
use crate::entities::team::TeamKind;
use crate::error::Result;
use crate::standings::{self, Row};

/// `GET /challenges/{challenge}/phases/{phase}/leaderboard`
pub struct Get;

/// The standings of a phase.
#[derive(Debug, Object)]
pub struct Leaderboard {
    /// The phase.
    pub phase: String,
    /// What names exactly the galleries: SHA-256; hex.
    pub gallery: String,
    /// Best first.
    pub rows: Vec<Standing>,
}

/// One team's best submission.
#[derive(Debug, Object)]
pub struct Standing {
    /// 1 for the best team; equal scores share a rank; absent for baselines and probes.
    pub rank: Option<u32>,
    /// The team's name.
    pub team: String,
    /// `team`, `baseline` or `probe`.
    pub kind: String,
    /// What the team calls its method.
    pub method: String,
    /// The metrics.
    pub scorecard: Scorecard,
    /// How many scored submissions the team has.
    pub runs: u32,
    /// When the best one was made.
    pub received_at: OffsetDateTime,
}

#[OpenApi]
impl Get {
    /// The standings of a phase
    #[oai(
        path = "/challenges/:challenge/phases/:phase/leaderboard",
        method = "get",
        operation_id = "get_leaderboard"
    )]
    async fn get(
        &self,
        app: Data<&Arc<App>>,
        challenge: Path<String>,
        phase: Path<String>,
    ) -> Result<Json<Leaderboard>> {
        let challenge = challenges::find(&app.db, &challenge).await?;
        let phase = challenges::find_phase(&app.db, &challenge, &phase).await?;
        let benchmark = challenges::benchmark_by_id(&app.db, phase.benchmark_id).await?;
        let standings =
            standings::standings(&app.db, &phase, &benchmark, app.ambient.now()).await?;
        let rows = standings.rows.into_iter().map(Standing::of).collect();
        Ok(Json(Leaderboard { phase: phase.name, gallery: benchmark.gallery_digest, rows }))
    }
}

impl Standing {
    fn of(row: Row) -> Self {
        let kind = match row.team.kind {
            TeamKind::Team => "team",
            TeamKind::Baseline => "baseline",
            TeamKind::Probe => "probe",
        };
        Self {
            rank: row.rank,
            team: row.team.name,
            kind: kind.to_owned(),
            method: row.submission.method,
            scorecard: Scorecard::of(&row.metrics),
            runs: row.runs as u32,
            received_at: row.submission.received_at.utc(),
        }
    }
}
