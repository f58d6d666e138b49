//! What organisers look up: how a phase goes, and runs by what is known of them.

use std::collections::BTreeMap;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::Deserialize;

use super::people::teams;
use crate::ambient::Instant;
use crate::challenges;
use crate::entities::submission::{self, Column, State};
use crate::entities::{challenge, phase, team};
use crate::error::Result;

/// A submission that waits for longer is counted as stuck.
const STUCK_SECONDS: i64 = 60;

/// How many runs a search shows.
const MOST: u64 = 200;

/// What happened in a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Activity {
    /// Teams that handed something in.
    pub teams: u64,
    /// Scored submissions.
    pub scored: u64,
    /// Invalid ones.
    pub invalid: u64,
    /// Those we could not score.
    pub failed: u64,
    /// Those that have waited for longer than a minute.
    pub stuck: u64,
}

impl Activity {
    /// What happened in a phase until now.
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

/// Submissions to a challenge in each of the last 24 hours, the present one last.
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

/// Which runs are looked for; what is empty says nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Search {
    /// Part of a team's or a method's name, or the beginning of an id or a digest.
    pub words: String,
    /// A phase's name.
    pub phase: String,
    /// A state, or `withdrawn`, `disqualified`, `hidden`.
    pub state: String,
}

/// What a search found.
#[derive(Debug, Clone)]
pub struct Found {
    /// The latest of them, with their teams.
    pub runs: Vec<(submission::Model, team::Model)>,
    /// How many there are.
    pub total: u64,
}

/// The runs of a challenge that are looked for, the latest first.
pub async fn search(
    db: &impl ConnectionTrait,
    challenge: &challenge::Model,
    search: &Search,
) -> Result<Found> {
    let phases = challenges::phases_of(db, challenge.id).await?;
    let wanted =
        phases.iter().filter(|phase| search.phase.is_empty() || phase.name == search.phase);
    let phases: Vec<i32> = wanted.map(|phase| phase.id).collect();
    let teams = teams(db, challenge).await?;
    let teams: BTreeMap<i32, team::Model> = teams.into_iter().map(|team| (team.id, team)).collect();
    let mut runs = submission::Entity::find().filter(Column::PhaseId.is_in(phases));
    let words = search.words.trim();
    if !words.is_empty() {
        runs = runs.filter(worded(words, &teams));
    }
    runs = match search.state.as_str() {
        "withdrawn" => runs.filter(Column::WithdrawnAt.is_not_null()),
        "disqualified" => runs.filter(Column::DisqualifiedAt.is_not_null()),
        "hidden" => runs.filter(Column::HiddenAt.is_not_null()),
        state => {
            let all = [State::Received, State::Scored, State::Invalid, State::Failed];
            match all.into_iter().find(|known| known.name() == state) {
                Some(state) => runs.filter(Column::State.eq(state)),
                None => runs,
            }
        }
    };
    let total = runs.clone().count(db).await?;
    let rows = runs.order_by_desc(Column::Id).limit(MOST).all(db).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(team) = teams.get(&row.team_id) {
            found.push((row, team.clone()));
        }
    }
    Ok(Found { runs: found, total })
}

fn worded(words: &str, teams: &BTreeMap<i32, team::Model>) -> Condition {
    let lower = words.to_lowercase();
    let named = teams.values().filter(|team| team.name.to_lowercase().contains(&lower));
    let mut any = Condition::any()
        .add(Column::TeamId.is_in(named.map(|team| team.id)))
        .add(Column::Method.contains(words))
        .add(Column::UploadDigest.starts_with(&lower));
    if let Ok(id) = crate::submissions::id(words) {
        any = any.add(Column::Id.eq(id));
    }
    any
}
