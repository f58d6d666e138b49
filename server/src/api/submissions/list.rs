//! Lists a team's submissions to a phase, and what is left of its limits.

use domain::accounts::Scope;
use domain::ambient::Instant;
use domain::challenges::{self, Viewer};
use domain::entities::submission;
use domain::submissions::{self, Allowance};
use poem_openapi::Object;
use time::OffsetDateTime;
use uuid::Uuid;

use super::Submission;
use crate::api::ApiToken;
use crate::app::App;
use crate::refusal::Result;

/// A team's submissions to a phase.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct OwnSubmissions {
    /// What is left of each limit of the phase.
    pub limits: Vec<Left>,
    /// The submissions, newest first.
    pub submissions: Vec<Submission>,
    /// The value of `before` for the next page; absent on the last page.
    pub next: Option<String>,
}

/// What is left of a limit.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Left {
    /// The name of the limit: `per_day`, `total`, `at_once` or `invalid_per_day`.
    pub limit: String,
    /// How many submissions are allowed.
    pub allowed: u32,
    /// How many are used.
    pub used: u32,
    /// How many are left.
    pub left: u32,
    /// When the count resets; absent if it never does.
    pub resets_at: Option<OffsetDateTime>,
}

/// Lists a team's submissions to a phase, and what is left of its limits.
pub(super) async fn list(
    app: &App,
    challenge: &str,
    phase: &str,
    token: &ApiToken,
    before: Option<Uuid>,
    limit: u8,
) -> Result<OwnSubmissions> {
    let located = challenges::locate(&app.db, challenge, phase).await?;
    let caller = token.caller(app, &located.challenge, Scope::Read).await?;
    let (phase, now) = (&located.phase, app.ambient.now());
    let allowances = submissions::allowances(&app.db, phase, Some(&caller.team), now).await?;
    // Load one more than is shown, to know whether there are older ones.
    let most = u64::from(limit) + 1;
    let mut rows = submissions::of_team(&app.db, &caller, phase, before, most).await?;
    let more = rows.len() > usize::from(limit);
    rows.truncate(limit.into());
    let next = rows.last().filter(|_| more).map(|row| row.id.to_string());
    let (phases, viewer) = (std::slice::from_ref(&located), Viewer::OwnTeam);
    let seen = submissions::published_by_id(&app.db, rows.iter(), phases, viewer, now).await?;
    let with_scores = |row: submission::Model| {
        let seen = seen.get(&row.id);
        Submission::with_scores(&located, row, seen)
    };
    let submissions = rows.into_iter().map(with_scores).collect::<Result<_>>()?;
    let limits = allowances.into_iter().filter_map(Left::of).collect();
    Ok(OwnSubmissions { limits, submissions, next })
}

impl Left {
    fn of(allowance: Allowance) -> Option<Self> {
        Some(Self {
            limit: allowance.limit.name().to_owned(),
            allowed: allowance.allowed,
            used: allowance.used?,
            left: allowance.left()?,
            resets_at: allowance.resets.map(Instant::utc),
        })
    }
}
