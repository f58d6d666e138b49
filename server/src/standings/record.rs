//! Standings before it is decided who sees what of them, in the shape in which they are kept.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::counting::{Activity, activity, counted, counted_before};
use super::{Entrant, Entry, Row, Standings, public_name};
use crate::ambient::Instant;
use crate::challenges::{Details, Shown};
use crate::entities::submission::{self, Column};
use crate::entities::team::{self, TeamKind};
use crate::entities::{benchmark, phase};
use crate::error::Result;
use crate::submissions::{Published, cards_of};

/// The instant of which standings are taken, and for whom.
pub(super) struct View {
    now: Instant,
    /// What has happened from here on has not happened.
    before: Option<Instant>,
    own_names: bool,
}

impl View {
    /// As everybody sees them live.
    pub(super) fn of_public(now: Instant) -> Self {
        Self { now, before: None, own_names: false }
    }

    /// As everybody saw them at an instant.
    pub(super) fn before(at: Instant, now: Instant) -> Self {
        Self { now, before: Some(at), own_names: false }
    }

    /// As organisers see them.
    pub(super) fn of_organisers(now: Instant) -> Self {
        Self { now, before: None, own_names: true }
    }

    fn name(&self, team: &team::Model, phase: &phase::Model) -> String {
        if self.own_names {
            return team.name.clone();
        }
        public_name(team, phase, self.before.unwrap_or(self.now)).to_owned()
    }
}

/// Standings with whole scorecards.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Record {
    rows: Vec<Recorded>,
    seen: BTreeSet<Uuid>,
    /// The names of the teams whose submissions are seen, as everybody knows them, by id.
    #[serde(default)]
    names: BTreeMap<i32, String>,
    teams: usize,
    scored: usize,
    median_micros: Option<i64>,
    stuck: usize,
}

#[derive(Debug, Serialize, Deserialize)]
struct Recorded {
    rank: Option<u32>,
    team: Entrant,
    submission: Entry,
    /// As it is stored, so that not a digit changes.
    card: String,
    runs: usize,
}

/// A submission by which a team is ranked, as it is read for a board.
#[derive(FromQueryResult)]
struct Best {
    id: Uuid,
    team_id: i32,
    method: String,
    details: String,
    received_at: Instant,
}

impl Record {
    /// The standings of a phase.
    pub(super) async fn take(
        db: &impl ConnectionTrait,
        phase: &phase::Model,
        benchmark: &benchmark::Model,
        view: &View,
    ) -> Result<Self> {
        let mut teams = teams(db, phase.challenge_id).await?;
        if !phase.probes {
            teams.retain(|_, team| team.kind != TeamKind::Probe);
        }
        let activity = activity(db, phase, view.before, view.now).await?;
        let (mut counted, seen) = match view.before {
            Some(before) => counted_before(db, phase, benchmark, before).await?,
            None => (counted(db, phase, benchmark).await?, BTreeSet::new()),
        };
        counted.retain(|team, _| teams.contains_key(team));
        let present = counted.keys().filter_map(|id| teams.get(id));
        let names = present.map(|team| (team.id, view.name(team, phase))).collect();
        let best = best(db, counted.values().map(|own| own.best).collect()).await?;
        let cards = cards_of(db, best.iter().map(|own| own.id), &benchmark.version);
        let mut cards = cards.await?;
        // A score that is not finite never reaches a board.
        cards.retain(|_, card| card.overall.is_finite());
        let asked = phase.asked()?;
        let mut rows = Vec::with_capacity(best.len());
        for own in best {
            let (Some(team), Some(card)) = (teams.remove(&own.team_id), cards.remove(&own.id))
            else {
                continue;
            };
            let row = Recorded {
                rank: None,
                team: Entrant { id: team.id, name: view.name(&team, phase), kind: team.kind },
                submission: Entry {
                    id: own.id,
                    method: own.method,
                    details: Details::of_column(&own.details)?.public(&asked),
                    received_at: own.received_at,
                },
                card: card.card,
                runs: counted.get(&team.id).map_or(0, |own| own.runs),
            };
            rows.push((card.overall, row));
        }
        rows.sort_by_key(|(overall, row)| place(*overall, &row.submission));
        give_ranks(&mut rows);
        let rows: Vec<Recorded> = rows.into_iter().map(|(_, row)| row).collect();
        let teams = rows.iter().filter(|row| row.rank.is_some()).count();
        let Activity { scored, median_micros, stuck } = activity;
        Ok(Self { rows, seen, names, teams, scored, median_micros, stuck })
    }

    /// The same without some submissions: nobody takes their places, and nobody's rank or name changes.
    #[must_use]
    pub(super) fn without(mut self, removed: &BTreeSet<Uuid>) -> Self {
        // A record of an earlier release knows the names of its rows only.
        for row in &self.rows {
            self.names.entry(row.team.id).or_insert_with(|| row.team.name.clone());
        }
        self.rows.retain(|row| !removed.contains(&row.submission.id));
        self.seen.retain(|id| !removed.contains(id));
        self
    }

    /// What may be told of it.
    pub(super) fn into_standings(
        self,
        shown: Shown,
        frozen_at: Option<Instant>,
    ) -> Result<Standings> {
        let rows = self.rows.into_iter().filter(|_| shown.has_overall()).map(|row| {
            let metrics = Published::of_card(&row.card, shown)?;
            let Recorded { rank, team, submission, runs, .. } = row;
            Ok(Row { rank, team, submission, metrics, runs })
        });
        Ok(Standings {
            rows: rows.collect::<Result<_>>()?,
            shown,
            teams: self.teams,
            scored: self.scored,
            median_micros: self.median_micros,
            stuck: self.stuck,
            frozen_at,
            seen: self.seen,
            names: self.names,
        })
    }
}

/// Orders teams: the smallest place is the best.
fn place(overall: f64, submission: &Entry) -> impl Ord + use<> {
    // Scores are finite and not negative, so their bits order as they do.
    (Reverse(overall.to_bits()), submission.received_at, submission.id)
}

/// Ranks the teams: equal scores share a rank, and the next one counts those before it.
fn give_ranks(rows: &mut [(f64, Recorded)]) {
    let mut ranked = 0;
    let mut last: Option<(u64, u32)> = None;
    for (overall, row) in rows.iter_mut().filter(|(_, row)| row.team.kind == TeamKind::Team) {
        ranked += 1;
        let score = overall.to_bits();
        let rank = last.filter(|(before, _)| *before == score).map_or(ranked, |(_, rank)| rank);
        row.rank = Some(rank);
        last = Some((score, rank));
    }
}

/// Databases take a limited number of parameters in one statement.
const AT_ONCE: usize = 1000;

/// The submissions with those ids.
async fn best(db: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<Vec<Best>> {
    let mut best = Vec::with_capacity(ids.len());
    for some in ids.chunks(AT_ONCE) {
        let of = submission::Entity::find()
            .select_only()
            .columns([Column::Id, Column::TeamId, Column::Method, Column::Details])
            .column(Column::ReceivedAt)
            .filter(Column::Id.is_in(some.iter().copied()));
        best.extend(of.into_model::<Best>().all(db).await?);
    }
    Ok(best)
}

async fn teams(db: &impl ConnectionTrait, challenge_id: i32) -> Result<BTreeMap<i32, team::Model>> {
    let of = team::Entity::find().filter(team::Column::ChallengeId.eq(challenge_id));
    Ok(of.all(db).await?.into_iter().map(|team| (team.id, team)).collect())
}
