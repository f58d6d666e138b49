//! Standings with everything in them, as they are stored, before it is decided who sees what.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use scoring::Scorecard;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::activity::{Activity, activity};
use super::counting::{Ranked, ranked, ranked_before, ranked_by_set};
use super::entrant::Names;
use super::{Certainty, EarlierPlace, Entrant, Entry, Placed, Row, Standings};
use crate::ambient::Instant;
use crate::challenges::{AskedField, Details, Seen};
use crate::database::from_json;
use crate::entities::team::TeamKind;
use crate::entities::{benchmark, phase};
use crate::error::{Error, Result};
use crate::submissions::Published;

/// The instant of the standings, and their audience.
pub(super) struct View {
    now: Instant,
    /// Ignores everything from this instant on.
    before: Option<Instant>,
    own_names: bool,
}

/// The board of an instant is that of just before it.
const JUST_BEFORE_MICROS: i64 = 1;

impl View {
    /// The present standings for the public.
    pub(super) fn of_public(now: Instant) -> Self {
        Self { now, before: None, own_names: false }
    }

    /// The standings for the public just before an instant.
    pub(super) fn before(at: Instant, now: Instant) -> Self {
        Self { now, before: Some(at), own_names: false }
    }

    /// The present standings for organisers.
    pub(super) fn of_organisers(now: Instant) -> Self {
        Self { now, before: None, own_names: true }
    }

    /// Whether its scores are those from the reveal on.
    fn is_revealed(&self, phase: &phase::Model) -> bool {
        let before = self.before.map(|at| Instant(at.0 - JUST_BEFORE_MICROS));
        phase.is_revealed(before.unwrap_or(self.now))
    }

    fn name<'a>(&self, names: Names<'a>, phase: &phase::Model) -> &'a str {
        if self.own_names {
            return names.own;
        }
        names.public(phase, self.before.unwrap_or(self.now))
    }
}

/// Standings with whole scorecards.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Record {
    rows: Vec<Recorded>,
    seen: BTreeSet<Uuid>,
    /// The public names of the teams whose submissions are public, by id.
    #[serde(default)]
    names: BTreeMap<i32, String>,
    teams: usize,
    scored: usize,
    median_micros: Option<i64>,
    stuck: usize,
    /// What the numbers above come from, to renew them.
    #[serde(skip)]
    activity: Arc<Activity>,
    /// How sure its ranks are, if that is kept with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    certainty: Option<Arc<Certainty>>,
    /// The places before the reveal, by the team's id, once they are shown.
    #[serde(skip)]
    earlier: Arc<BTreeMap<i32, EarlierPlace>>,
}

/// A team's row. Its contents are shared with records derived from it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Recorded {
    rank: Option<u32>,
    team: Arc<Entrant>,
    submission: Arc<Entry>,
    card: Card,
    /// The score by which it is ordered; a record of an earlier release doesn't have it.
    #[serde(default)]
    score: Option<f64>,
    #[serde(alias = "runs")]
    tries: usize,
}

/// A scorecard with its stored text, so that no digit changes when it is stored again.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Card {
    text: Arc<str>,
    scorecard: Arc<Scorecard>,
}

impl TryFrom<String> for Card {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        Ok(Self { scorecard: Arc::new(from_json(&text)?), text: text.into() })
    }
}

impl From<Card> for String {
    fn from(card: Card) -> Self {
        card.text.as_ref().to_owned()
    }
}

impl Record {
    /// The standings of a phase.
    pub(super) async fn take(
        db: &impl ConnectionTrait,
        phase: &phase::Model,
        benchmark: &benchmark::Model,
        view: &View,
    ) -> Result<Self> {
        let (rows, seen) = if let Some(before) = view.before {
            ranked_before(db, phase, benchmark, before).await?
        } else {
            let all = (None, view.is_revealed(phase));
            (ranked(db, phase, benchmark, all).await?, BTreeSet::new())
        };
        let activity = activity(db, phase, view.before, view.now).await?;
        Ok(Self { seen, ..Self::of(recorded(rows, phase, view)?, activity) })
    }

    /// The places of the teams in a phase by the scorecards of the rescoring set that the benchmark
    /// names, by the team's id; `is_in_force` says whether the set counts now.
    pub(super) async fn places(
        db: &impl ConnectionTrait,
        phase: &phase::Model,
        benchmark: &benchmark::Model,
        is_in_force: bool,
        view: &View,
    ) -> Result<BTreeMap<i32, (Arc<Entrant>, Placed)>> {
        let revealed = view.is_revealed(phase);
        let rows = if is_in_force {
            ranked(db, phase, benchmark, (None, revealed)).await?
        } else {
            ranked_by_set(db, phase, benchmark, revealed).await?
        };
        let record = Self::of(recorded(rows, phase, view)?, Activity::default());
        let place = |row: Recorded| {
            let score = row.score();
            let placed = Placed { rank: row.rank, score, submission: row.submission.id };
            (row.team.id, (row.team, placed))
        };
        Ok(record.rows.into_iter().map(place).collect())
    }

    /// The present standings of a phase after only the submissions of some teams have changed.
    pub(super) async fn renewed(
        &self,
        db: &impl ConnectionTrait,
        phase: &phase::Model,
        benchmark: &benchmark::Model,
        (teams, now): (&BTreeSet<i32>, Instant),
    ) -> Result<Self> {
        let kept = self.rows.iter().filter(|row| !teams.contains(&row.team.id));
        let mut rows: Vec<Recorded> = kept.cloned().collect();
        if !teams.is_empty() {
            let view = View::of_public(now);
            let which = (Some(teams), view.is_revealed(phase));
            let changed = ranked(db, phase, benchmark, which).await?;
            rows.extend(recorded(changed, phase, &view)?);
        }
        let renewed = Self::of(rows, self.activity.renewed(db, phase, (teams, now)).await?);
        Ok(Self { earlier: Arc::clone(&self.earlier), ..renewed })
    }

    fn of(mut rows: Vec<Recorded>, activity: Activity) -> Self {
        rows.sort_by_cached_key(Recorded::place);
        give_ranks(&mut rows);
        Self {
            teams: rows.iter().filter(|row| row.rank.is_some()).count(),
            names: rows.iter().map(|row| (row.team.id, row.team.name.clone())).collect(),
            seen: BTreeSet::new(),
            rows,
            scored: activity.scored.values().sum(),
            median_micros: activity.median_micros,
            stuck: activity.stuck,
            activity: Arc::new(activity),
            certainty: None,
            earlier: Arc::default(),
        }
    }

    /// The same with the places of an earlier one beside its own.
    pub(super) fn beside(self, earlier: &Self) -> Self {
        let place =
            |row: &Recorded| (row.team.id, EarlierPlace { rank: row.rank, score: row.score() });
        Self { earlier: Arc::new(earlier.rows.iter().map(place).collect()), ..self }
    }

    /// The submissions of all its rows.
    pub(super) fn submissions(&self) -> impl Iterator<Item = Uuid> {
        self.rows.iter().map(|row| row.submission.id)
    }

    /// The submissions of ranked teams, in the order of the board.
    pub(super) fn ranked(&self) -> impl Iterator<Item = Uuid> {
        self.rows.iter().filter(|row| row.rank.is_some()).map(|row| row.submission.id)
    }

    /// How sure its ranks are, if that is kept with it.
    pub(super) fn certainty(&self) -> Option<Arc<Certainty>> {
        self.certainty.clone()
    }

    /// Keeps how sure its ranks are.
    pub(super) fn with_certainty(self, certainty: Option<Certainty>) -> Self {
        Self { certainty: certainty.map(Arc::new), ..self }
    }

    /// The same without some submissions: nobody moves up, and no rank or name changes.
    #[must_use]
    pub(super) fn without(mut self, removed: &BTreeSet<Uuid>) -> Self {
        // A record of an earlier release has only the names of its rows.
        for row in &self.rows {
            self.names.entry(row.team.id).or_insert_with(|| row.team.name.clone());
        }
        self.rows.retain(|row| !removed.contains(&row.submission.id));
        self.seen.retain(|id| !removed.contains(id));
        self
    }

    /// The part that may be published.
    pub(super) fn standings(&self, seen: Seen, frozen_at: Option<Instant>) -> Standings {
        let shown = seen.shown;
        let rows = self.rows.iter().filter(|_| shown.has_overall()).map(|row| Row {
            rank: row.rank,
            team: Arc::clone(&row.team),
            submission: Arc::clone(&row.submission),
            metrics: Published::of(Arc::clone(&row.card.scorecard), row.score(), seen),
            tries: row.tries,
            earlier: self.earlier.get(&row.team.id).copied(),
        });
        Standings {
            rows: rows.collect(),
            shown,
            teams: self.teams,
            scored: self.scored,
            median_micros: self.median_micros,
            stuck: self.stuck,
            frozen_at,
            seen: self.seen.clone(),
            names: self.names.clone(),
        }
    }
}

impl Recorded {
    /// Orders teams: the smallest value is the best.
    fn place(&self) -> impl Ord + use<> {
        // Scores are finite and not negative, so their bits have the same order.
        let score = self.score().to_bits();
        (Reverse(score), self.submission.received_at, self.submission.id)
    }

    /// The score by which it is ordered.
    fn score(&self) -> f64 {
        self.score.unwrap_or_else(|| self.card.scorecard.overall())
    }
}

/// The recorded rows of the teams, for an audience.
fn recorded(rows: Vec<Ranked>, phase: &phase::Model, view: &View) -> Result<Vec<Recorded>> {
    let asked = phase.asked()?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        if row.kind == TeamKind::Probe && !phase.probes {
            continue;
        }
        let row = Recorded::of(row, phase, view, &asked)?;
        // A score that is not finite never reaches a board.
        if row.score().is_finite() {
            all.push(row);
        }
    }
    Ok(all)
}

impl Recorded {
    fn of(row: Ranked, phase: &phase::Model, view: &View, asked: &[AskedField]) -> Result<Self> {
        let pseudonym = row.pseudonym.as_deref();
        let names = Names { own: &row.name, pseudonym, anonymity: row.anonymity };
        let name = view.name(names, phase).to_owned();
        let card = Card::try_from(row.card)?;
        Ok(Self {
            score: Some(row.overall),
            rank: None,
            team: Arc::new(Entrant { id: row.team_id, name, kind: row.kind }),
            submission: Arc::new(Entry {
                id: row.id,
                method: row.method,
                details: Details::of_column(&row.details)?.public(asked),
                received_at: row.received_at,
            }),
            card,
            tries: row.tries.max(0) as usize,
        })
    }
}

/// Ranks the teams: equal scores share a rank, and the next rank counts all teams before it.
fn give_ranks(rows: &mut [Recorded]) {
    let mut ranked = 0;
    let mut last: Option<(u64, u32)> = None;
    for row in rows {
        if row.team.kind != TeamKind::Team {
            row.rank = None;
            continue;
        }
        ranked += 1;
        let score = row.score().to_bits();
        let rank = last.filter(|(before, _)| *before == score).map_or(ranked, |(_, rank)| rank);
        row.rank = Some(rank);
        last = Some((score, rank));
    }
}
