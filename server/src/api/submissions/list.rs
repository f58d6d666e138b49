//! Tells a team its submissions to a phase, and what is left of its limits.

use std::sync::Arc;

use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use time::OffsetDateTime;
use uuid::Uuid;

use super::Submission;
use crate::api::TeamToken;
use crate::app::App;
use crate::challenges::{self, Located};
use crate::error::Result;
use crate::submissions::{self, Allowance};

/// `GET /challenges/{challenge}/phases/{phase}/submissions`
pub struct List;

/// How many submissions are told at once, unless fewer are asked for.
const MOST: u8 = 100;

/// A team's submissions to a phase.
#[derive(Debug, Object)]
pub struct OwnSubmissions {
    /// What is left of each limit of the phase.
    pub limits: Vec<Left>,
    /// The submissions, newest first.
    pub submissions: Vec<Submission>,
    /// The value of `before` that gives the next ones; absent where there are none.
    pub next: Option<String>,
}

/// What is left of a limit.
#[derive(Debug, Object)]
pub struct Left {
    /// `per_day`, `total`, `at_once` or `invalid_per_day`.
    pub limit: String,
    /// How many are allowed.
    pub allowed: u32,
    /// How many are used.
    pub used: u32,
    /// How many are left.
    pub left: u32,
    /// The exact instant at which the count starts anew; absent where it never does.
    pub resets_at: Option<OffsetDateTime>,
}

#[OpenApi]
impl List {
    /// Your team's submissions to a phase, and what is left of its limits
    #[oai(
        path = "/challenges/:challenge/phases/:phase/submissions",
        method = "get",
        operation_id = "list_submissions"
    )]
    async fn list(
        &self,
        app: Data<&Arc<App>>,
        token: TeamToken,
        challenge: Path<String>,
        phase: Path<String>,
        /// Only submissions older than this one
        before: Query<Option<Uuid>>,
        /// How many at most
        #[oai(default = "most", validator(minimum(value = "1"), maximum(value = "100")))]
        limit: Query<u8>,
    ) -> Result<Json<OwnSubmissions>> {
        let located = challenges::locate(&app.db, &challenge, &phase).await?;
        let caller = token.caller(&app, &located.challenge).await?;
        let Located { phase, .. } = &located;
        let now = app.ambient.now();
        let allowances = submissions::allowances(&app.db, phase, Some(&caller.team), now).await?;
        // One more than is told says whether there are older ones.
        let most = u64::from(limit.0) + 1;
        let mut rows = submissions::of_team(&app.db, &caller, phase, before.0, most).await?;
        let more = rows.len() > usize::from(limit.0);
        rows.truncate(limit.0.into());
        let next = rows.last().filter(|_| more).map(|row| row.id.to_string());
        let mut told = Vec::with_capacity(rows.len());
        for row in rows {
            told.push(Submission::of(&app.db, &located, row).await?);
        }
        let limits = allowances.into_iter().filter_map(Left::of).collect();
        Ok(Json(OwnSubmissions { limits, submissions: told, next }))
    }
}

fn most() -> u8 {
    MOST
}

impl Left {
    fn of(allowance: Allowance) -> Option<Self> {
        let used = allowance.used?;
        Some(Self {
            limit: allowance.limit.name().to_owned(),
            allowed: allowance.allowed,
            used,
            left: allowance.left()?,
            resets_at: allowance.resets.map(crate::ambient::Instant::utc),
        })
    }
}
