//! Tells the standings of a phase.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::ambient::Instant;
use domain::standings::Row;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use time::OffsetDateTime;

use crate::api::submissions::Scorecard;
use crate::app::App;
use crate::refusal::Result;

/// `GET /challenges/{challenge}/phases/{phase}/leaderboard`
pub struct Get;

/// The standings of a phase.
#[derive(Debug, Object)]
pub struct Leaderboard {
    /// The phase.
    pub phase: String,
    /// What names exactly the galleries: SHA-256; hex.
    pub gallery: String,
    /// `original` or `val-union`.
    pub protocol: String,
    /// `hidden`, `public` (anyone can score 100 %) or `none`.
    pub targets: String,
    /// Which scores are public; where it is none, there are no rows.
    pub shown: Vec<String>,
    /// The measure whose value over all categories is the overall score.
    pub primary: String,
    /// The instant whose leaderboard this is, while it is frozen.
    #[oai(skip_serializing_if_is_none)]
    pub frozen_at: Option<OffsetDateTime>,
    /// How many rows there are in all.
    pub total: u32,
    /// Best first; all of them, unless `limit` or `offset` ask for a part.
    pub rows: Vec<Standing>,
}

/// One team's place, by the submission that counts.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Standing {
    /// 1 for the best team; equal scores share a rank; absent for guests, baselines and probes.
    pub rank: Option<u32>,
    /// The name the team stands there under.
    pub team: String,
    /// `team`, `guest` (out of competition), `baseline` or `probe`.
    pub kind: String,
    /// What the team calls its method.
    pub method: String,
    /// What the team has answered to what the phase asks, as far as it is public.
    #[oai(skip_serializing_if_is_empty, default)]
    pub details: BTreeMap<String, String>,
    /// The id of the submission it stands with.
    pub submission: String,
    /// Its scores.
    pub scorecard: Scorecard,
    /// How many scored submissions count for the team.
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
        /// The most rows to return.
        limit: Query<Option<u32>>,
        /// How many rows to leave out before the first.
        offset: Query<Option<u32>>,
    ) -> Result<Json<Leaderboard>> {
        let board = app.boards.get(&app, &challenge, &phase).await?;
        let (skipped, most) = (offset.0.unwrap_or_default(), limit.0.unwrap_or(u32::MAX));
        let rows = board.standings.rows.iter().skip(skipped as usize).take(most as usize);
        Ok(Json(Leaderboard {
            phase: board.phase.name.clone(),
            gallery: board.benchmark.gallery_digest.clone(),
            protocol: board.benchmark.protocol.clone(),
            targets: board.benchmark.targets.name().to_owned(),
            shown: board.standings.shown.names(),
            primary: board.standings.shown.task().primary.to_string(),
            frozen_at: board.standings.frozen_at.map(Instant::utc),
            total: board.standings.rows.len() as u32,
            rows: rows.map(Standing::of).collect(),
        }))
    }
}

impl Standing {
    fn of(row: &Row) -> Self {
        Self {
            rank: row.rank,
            team: row.team.name.clone(),
            kind: row.team.kind.name().to_owned(),
            method: row.submission.method.clone(),
            details: row.submission.details.0.clone(),
            submission: row.submission.id.to_string(),
            scorecard: Scorecard::of(&row.metrics),
            runs: row.runs as u32,
            received_at: row.submission.received_at.utc(),
        }
    }
}
