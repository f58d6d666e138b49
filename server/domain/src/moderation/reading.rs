//! Overviews for organisers: the activity in a phase, and a search for submissions.

use sea_orm::sea_query::{Expr, Func};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::{Deserialize, Serialize};

use super::lists::{Listed, Listing, ROWS, named};
use crate::ambient::Instant;
use crate::entities::submission::{self, Column, State};
use crate::entities::{challenge, phase, team};
use crate::error::Result;
use crate::{accounts, challenges};

/// A submission that waits longer is counted as stuck.
const STUCK_SECONDS: i64 = 60;

/// The activity in a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Activity {
    /// Teams with a submission.
    pub teams: u64,
    /// Scored submissions.
    pub scored: u64,
    /// Invalid submissions.
    pub invalid: u64,
    /// Submissions that we could not score.
    pub failed: u64,
    /// Submissions that have waited longer than a minute.
    pub stuck: u64,
}

impl Activity {
    /// The activity in a phase until now.
    pub async fn of(db: &impl ConnectionTrait, phase: &phase::Model, now: Instant) -> Result<Self> {
        let own = || {
            let of = submission::Entity::find().filter(Column::PhaseId.eq(phase.id));
            of.filter(Column::Trial.eq(false))
        };
        let count = async |state| -> Result<u64> {
            Ok(own().filter(Column::State.eq(state)).count(db).await?)
        };
        let late = Column::ReceivedAt.lt(now.plus_seconds(-STUCK_SECONDS));
        let stuck = own().filter(Column::State.eq(State::Received)).filter(late);
        let teams = own().select_only().column(Column::TeamId).distinct();
        let teams: Vec<i32> = teams.into_tuple().all(db).await?;
        Ok(Self {
            teams: teams.len() as u64,
            scored: count(State::Scored).await?,
            invalid: count(State::Invalid).await?,
            failed: count(State::Failed).await?,
            stuck: stuck.count(db).await?,
        })
    }
}

/// Submissions to a challenge in each of the last 24 hours, the present hour last.
pub async fn hours(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    now: Instant,
) -> Result<Vec<u64>> {
    const HOURS: i64 = 24;
    const MICROS: i64 = 3_600_000_000;
    let phases = challenges::phases_of(db, challenge.id).await?;
    let ids = phases.into_iter().map(|phase| phase.id);
    let hour = now.0.div_euclid(MICROS);
    let from = Instant((hour - HOURS + 1) * MICROS);
    let times: Vec<i64> = submission::Entity::find()
        .select_only()
        .column(Column::ReceivedAt)
        .filter(Column::PhaseId.is_in(ids))
        .filter(Column::Trial.eq(false))
        .filter(Column::ReceivedAt.gte(from))
        .into_tuple()
        .all(db)
        .await?;
    let mut counts = vec![0; HOURS as usize];
    for time in times {
        let index = (time.div_euclid(MICROS) - (hour - HOURS + 1)).clamp(0, HOURS - 1);
        counts[index as usize] += 1;
    }
    Ok(counts)
}

/// A search for submissions; empty fields don't filter.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Search {
    /// A part of a team's or a method's name, or the beginning of an id or a digest.
    pub words: String,
    /// A phase's name.
    pub phase: String,
    /// A state, or `withdrawn`, `disqualified`, `hidden`.
    pub state: String,
    /// The page, from 1; 0 also means the first.
    pub page: u64,
}

/// The matching submissions of a challenge, with their teams, the latest first.
pub async fn search(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    search: &Search,
) -> Result<Listed<(submission::Model, team::Model)>> {
    let phases = challenges::phases_of(db, challenge.id).await?;
    let wanted =
        phases.iter().filter(|phase| search.phase.is_empty() || phase.name == search.phase);
    let phases: Vec<i32> = wanted.map(|phase| phase.id).collect();
    let mut found = submission::Entity::find()
        .filter(Column::PhaseId.is_in(phases))
        .filter(Column::Trial.eq(false));
    let words = search.words.trim();
    if !words.is_empty() {
        found = found.filter(worded(db, challenge, words).await?);
    }
    found = match search.state.as_str() {
        "withdrawn" => found.filter(Column::WithdrawnAt.is_not_null()),
        "disqualified" => found.filter(Column::DisqualifiedAt.is_not_null()),
        "hidden" => found.filter(Column::HiddenAt.is_not_null()),
        state => {
            let all = [State::Received, State::Scored, State::Invalid, State::Failed];
            match all.into_iter().find(|known| known.name() == state) {
                Some(state) => found.filter(Column::State.eq(state)),
                None => found,
            }
        }
    };
    let total = found.clone().count(db).await?;
    let page = search.page.max(1);
    let rows = found.order_by_desc(Column::Id).offset((page - 1).saturating_mul(ROWS)).limit(ROWS);
    let rows = rows.all(db).await?;
    let teams = accounts::teams_by_id(db, rows.iter().map(|row| row.team_id)).await?;
    let with_team = |row: submission::Model| {
        let team = teams.get(&row.team_id)?.clone();
        Some((row, team))
    };
    Ok(Listed { rows: rows.into_iter().filter_map(with_team).collect(), page, total })
}

async fn worded(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    words: &str,
) -> Result<Condition> {
    let teams = Listing { words: words.to_owned(), ..Listing::default() };
    // Whether LIKE itself heeds capitals depends on the database.
    let like = format!("%{}%", words.to_lowercase());
    let mut any = Condition::any()
        .add(Column::TeamId.is_in(named(db, challenge, &teams).await?))
        .add(sea_orm::ExprTrait::like(Func::lower(Expr::col(Column::Method)), like))
        .add(Column::UploadDigest.starts_with(words.to_lowercase()));
    if let Ok(id) = crate::submissions::id(words) {
        any = any.add(Column::Id.eq(id));
    }
    Ok(any)
}
