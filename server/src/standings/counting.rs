//! Which submission of each team counts in a phase: now by an index, whose cost grows with the teams,
//! and at a past instant by looking at every submission once.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::{
    Asterisk, Cond, Expr, ExprTrait, Order, Query, SelectStatement, SimpleExpr,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::ambient::Instant;
use crate::entities::submission::{Column, Entity, State};
use crate::entities::team::TeamKind;
use crate::entities::{benchmark, phase, team};
use crate::error::Result;
use crate::submissions;

/// A submission that waits for longer is counted as stuck.
const STUCK_SECONDS: i64 = 60;

/// The median time to a score is that of so many submissions, the latest.
const LATEST: u64 = 1000;

/// What a team has in a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counted {
    /// Scored submissions that count.
    pub(super) runs: usize,
    /// The one by which the team is ranked.
    pub(super) best: Uuid,
}

/// What has happened in a phase, over all teams.
#[derive(Debug, Default)]
pub(super) struct Activity {
    /// Scored submissions, whether they count or not; without those of probes where the phase shows none.
    pub(super) scored: usize,
    /// Half of the latest scored submissions took at most so long.
    pub(super) median_micros: Option<i64>,
    /// Submissions that failed through our fault, or wait for longer than a minute.
    pub(super) stuck: usize,
}

/// What decides whether a scored submission counts, and for how much.
#[derive(Debug, FromQueryResult)]
struct Scored {
    id: Uuid,
    team_id: i32,
    received_at: Instant,
    withdrawn_at: Option<Instant>,
    disqualified_at: Option<Instant>,
    hidden_at: Option<Instant>,
    final_at: Option<Instant>,
    score: f64,
}

impl Scored {
    /// Orders submissions: the smallest place is the best.
    fn place(&self) -> impl Ord + use<> {
        // Scores are finite and not negative, so their bits order as they do.
        (Reverse(self.score.to_bits()), self.received_at, self.id)
    }
}

/// The best submission of each team that counts now, and how many count.
pub(super) async fn counted(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    benchmark: &benchmark::Model,
) -> Result<BTreeMap<i32, Counted>> {
    let runs: Vec<(i32, i64)> = Entity::find()
        .select_only()
        .column(Column::TeamId)
        .column_as(Expr::col(Asterisk).count(), "runs")
        .filter(counting(phase, benchmark))
        .group_by(Column::TeamId)
        .into_tuple()
        .all(db)
        .await?;
    let best = db.query_all(&best_of_each_team(phase, benchmark)).await?;
    let mut best_of = BTreeMap::new();
    for row in best {
        if let Some(best) = row.try_get_by_index::<Option<Uuid>>(1)? {
            best_of.insert(row.try_get_by_index::<i32>(0)?, best);
        }
    }
    best_of.extend(best_finals(db, phase, benchmark).await?);
    let of = |(team, runs): (i32, i64)| {
        let best = *best_of.get(&team)?;
        Some((team, Counted { runs: runs as usize, best }))
    };
    Ok(runs.into_iter().filter_map(of).collect())
}

/// The condition of the submissions that count now, which the index `submission_standing` answers.
fn counting(phase: &phase::Model, benchmark: &benchmark::Model) -> Cond {
    submissions::counting_submissions()
        .add(Column::PhaseId.eq(phase.id))
        .add(Column::ScoredAgainst.eq(&benchmark.version))
        .add(Column::Score.is_not_null())
}

/// The best of those that each team has chosen as final, where the phase has final submissions.
async fn best_finals(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    benchmark: &benchmark::Model,
) -> Result<BTreeMap<i32, Uuid>> {
    if phase.finals <= 0 {
        return Ok(BTreeMap::new());
    }
    let chosen = scored().filter(counting(phase, benchmark)).filter(Column::FinalAt.is_not_null());
    let chosen = chosen.into_model().all(db).await?;
    Ok(by_team(chosen)
        .into_iter()
        .filter_map(|(team, own)| best(own, phase.finals, team))
        .collect())
}

/// The submissions of a phase that counted just before an instant, as [`counted`] returns them, and the
/// ids of all that counted. Of what was undone since there is no trace.
pub(super) async fn counted_before(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    benchmark: &benchmark::Model,
    before: Instant,
) -> Result<(BTreeMap<i32, Counted>, BTreeSet<Uuid>)> {
    let has_happened = |at: Option<Instant>| at.is_some_and(|at| at < before);
    let all = scored()
        .filter(Column::PhaseId.eq(phase.id))
        .filter(Column::Trial.eq(false))
        .filter(Column::State.eq(State::Scored))
        .filter(Column::ScoredAgainst.eq(&benchmark.version))
        .filter(Column::Score.is_not_null())
        .filter(Column::ReceivedAt.lt(before));
    let mut all: Vec<Scored> = all.into_model().all(db).await?;
    all.retain(|row| {
        ![row.withdrawn_at, row.disqualified_at, row.hidden_at].into_iter().any(has_happened)
    });
    for row in &mut all {
        row.final_at = row.final_at.filter(|at| *at < before);
    }
    let seen = all.iter().map(|row| row.id).collect();
    let counted = by_team(all).into_iter().filter_map(|(team, own)| {
        let runs = own.len();
        let (_, best) = best(own, phase.finals, team)?;
        Some((team, Counted { runs, best }))
    });
    Ok((counted.collect(), seen))
}

/// Scored submissions, with what [`Scored`] needs of them.
fn scored() -> sea_orm::Select<Entity> {
    Entity::find().select_only().columns([
        Column::Id,
        Column::TeamId,
        Column::ReceivedAt,
        Column::WithdrawnAt,
        Column::DisqualifiedAt,
        Column::HiddenAt,
        Column::FinalAt,
        Column::Score,
    ])
}

fn by_team(all: Vec<Scored>) -> BTreeMap<i32, Vec<Scored>> {
    let mut teams: BTreeMap<i32, Vec<Scored>> = BTreeMap::new();
    for row in all {
        teams.entry(row.team_id).or_default().push(row);
    }
    teams
}

/// The submission by which a team is ranked: its best, or the best of those it has chosen as final.
fn best(mut own: Vec<Scored>, finals: i32, team: i32) -> Option<(i32, Uuid)> {
    if finals > 0 && own.iter().any(|row| row.final_at.is_some()) {
        own.retain(|row| row.final_at.is_some());
        // There are more of them only where the phase allowed more before.
        own.sort_by_key(|row| (row.final_at, row.id));
        own.truncate(finals as usize);
    }
    own.iter().min_by_key(|row| row.place()).map(|row| (team, row.id))
}

/// What has happened in a phase, or had just before an instant.
pub(super) async fn activity(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    before: Option<Instant>,
    now: Instant,
) -> Result<Activity> {
    let mut all =
        Entity::find().filter(Column::PhaseId.eq(phase.id)).filter(Column::Trial.eq(false));
    if let Some(before) = before {
        all = all.filter(Column::ReceivedAt.lt(before));
    }
    let scored = all.clone().filter(Column::State.eq(State::Scored));
    let median_micros = db.query_one(&median_of_latest(&scored)).await?;
    let median_micros = median_micros.map(|row| row.try_get_by_index(0)).transpose()?;
    let mut shown = scored;
    if !phase.probes {
        let probes = Query::select()
            .column(team::Column::Id)
            .from(team::Entity)
            .and_where(team::Column::ChallengeId.eq(phase.challenge_id))
            .and_where(team::Column::Kind.eq(TeamKind::Probe))
            .take();
        shown = shown.filter(Column::TeamId.not_in_subquery(probes));
    }
    let late = Column::ReceivedAt.lt(now.plus_seconds(-STUCK_SECONDS));
    let waiting = all.clone().filter(Column::State.eq(State::Received)).filter(late);
    let failed = all.filter(Column::State.eq(State::Failed));
    Ok(Activity {
        scored: shown.count(db).await? as usize,
        median_micros,
        stuck: (waiting.count(db).await? + failed.count(db).await?) as usize,
    })
}

/// The median of how long the latest of these submissions took; of two in the middle the lower one.
fn median_of_latest(scored: &sea_orm::Select<Entity>) -> SelectStatement {
    let took = Expr::col(Column::FinishedAt).sub(Expr::col(Column::ReceivedAt));
    let latest = scored
        .clone()
        .select_only()
        .column_as(took, "took")
        .filter(Column::FinishedAt.is_not_null())
        .order_by_desc(Column::FinishedAt)
        .limit(LATEST);
    let latest = QueryTrait::into_query(latest);
    let numbered = Query::select()
        .column("took")
        .expr_as(Expr::cust("row_number() over (order by took)"), "place")
        .expr_as(Expr::cust("count(*) over ()"), "n")
        .from_subquery(latest, "latest")
        .take();
    Query::select()
        .column("took")
        .from_subquery(numbered, "numbered")
        .and_where(Expr::cust("place = (n + 1) / 2"))
        .take()
}

/// For each team of the challenge the id of its best submission, found by the index alone.
fn best_of_each_team(phase: &phase::Model, benchmark: &benchmark::Model) -> SelectStatement {
    let best = Query::select()
        .column((Entity, Column::Id))
        .from(Entity)
        .cond_where(counting(phase, benchmark))
        .and_where(Expr::col((Entity, Column::TeamId)).equals((team::Entity, team::Column::Id)))
        .order_by((Entity, Column::Score), Order::Desc)
        .order_by((Entity, Column::ReceivedAt), Order::Asc)
        .order_by((Entity, Column::Id), Order::Asc)
        .limit(1)
        .take();
    Query::select()
        .column((team::Entity, team::Column::Id))
        .expr_as(SimpleExpr::SubQuery(None, Box::new(best.into())), "best")
        .from(team::Entity)
        .and_where(team::Column::ChallengeId.eq(phase.challenge_id))
        .take()
}
