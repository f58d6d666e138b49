//! Returns the standings of a phase.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::ambient::Instant;
use domain::standings::{Board, EarlierPlace, Resolution, Row};
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
    /// The digest of the galleries: SHA-256, hex.
    pub gallery: String,
    /// The gallery protocol: `original`, `val-union`, `mbeir` or `multi-turn`.
    pub protocol: String,
    /// Whether targets are `hidden`, `public` (anyone can score 100 %) or `none`.
    pub targets: String,
    /// On how many queries, or sessions under `multi-turn`, the scores are, over all categories.
    pub queries: u32,
    /// Which queries these are: `all`, `share` (the feedback share) or `rest` (all but it).
    pub part: String,
    /// The measures that are public; if there are none, there are no rows.
    pub shown: Vec<String>,
    /// The measure whose value over all categories is the overall score.
    pub primary: String,
    /// The time whose leaderboard this is, while it is frozen.
    #[oai(skip_serializing_if_is_none)]
    pub frozen_at: Option<OffsetDateTime>,
    /// The smallest difference of two overall scores that the benchmark shows in four of five
    /// comparisons, as a fraction; absent until it is computed.
    #[oai(skip_serializing_if_is_none)]
    pub resolution: Option<f64>,
    /// The total number of rows.
    pub total: u32,
    /// The rows, best first; all of them unless `limit` or `offset` ask for a part.
    pub rows: Vec<Standing>,
}

/// A team's row, for the submission that counts.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Standing {
    /// The rank: 1 for the best team. Equal scores share a rank. Absent for guests, baselines and
    /// probes.
    pub rank: Option<u32>,
    /// The name under which the team is listed.
    pub team: String,
    /// The kind of team: `team`, `guest` (out of competition), `baseline` or `probe`.
    pub kind: String,
    /// The method's name.
    pub method: String,
    /// The team's public answers to the phase's fields.
    #[oai(skip_serializing_if_is_empty, default)]
    pub details: BTreeMap<String, String>,
    /// The id of the submission that counts.
    pub submission: String,
    /// The scores of the submission.
    pub scorecard: Scorecard,
    /// The 95 % interval of the rank: where the team could be if other queries of the same kind had
    /// been asked. Absent for unranked rows, and for a moment after a change.
    pub rank_interval: Option<[u32; 2]>,
    /// Whether the team can't be told apart from the first: the 95 % interval of the difference of
    /// their scores contains 0. Absent together with `rank_interval`.
    pub tied_with_first: Option<bool>,
    /// The team's place on the board before the reveal: where that froze, or when the reveal came. Absent
    /// until then, and if the phase had neither a freeze nor a feedback share.
    pub before: Option<Before>,
    /// How many submissions of the team were scored in the phase, withdrawn ones included.
    pub tries: u32,
    /// When the best submission was received.
    pub received_at: OffsetDateTime,
}

/// A team's place before the reveal.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Before {
    /// The rank; absent for guests, baselines and probes.
    pub rank: Option<u32>,
    /// The overall score, as it was published.
    pub overall: f64,
}

#[OpenApi]
impl Get {
    /// Get the standings of a phase
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
        /// The maximum number of rows to return.
        limit: Query<Option<u32>>,
        /// How many rows to skip.
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
            queries: board.queries() as u32,
            part: board.part.name().to_owned(),
            shown: board.standings.shown.names(),
            primary: board.standings.shown.task().primary.to_string(),
            frozen_at: board.standings.frozen_at.map(Instant::utc),
            resolution: board
                .certainty
                .as_ref()
                .and_then(|it| it.resolution)
                .map(Resolution::published),
            total: board.standings.rows.len() as u32,
            rows: rows.map(|row| Standing::of(&board, row)).collect(),
        }))
    }
}

impl Standing {
    fn of(board: &Board, row: &Row) -> Self {
        let certainty = board.certainty.as_ref();
        let placed = certainty.and_then(|it| it.placed(row.submission.id, row.rank?));
        Self {
            rank: row.rank,
            team: row.team.name.clone(),
            kind: row.team.kind.name().to_owned(),
            method: row.submission.method.clone(),
            details: row.submission.details.0.clone(),
            submission: row.submission.id.to_string(),
            scorecard: Scorecard::of(&row.metrics),
            rank_interval: placed.map(|placed| [placed.best, placed.worst]),
            tied_with_first: placed.map(|placed| placed.with_first),
            before: row.earlier.map(|EarlierPlace { rank, score }| Before { rank, overall: score }),
            tries: row.tries as u32,
            received_at: row.submission.received_at.utc(),
        }
    }
}
