//! How a phase went: submissions and the best score over time.

use sea_orm::sea_query::{Cond, Expr, Order, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use super::Point;
use crate::ambient::Instant;
use crate::entities::submission::{Column, Entity, State};
use crate::entities::team::TeamKind;
use crate::entities::{benchmark, phase, team};
use crate::error::Result;

/// A day, in the unit of instants.
const DAY: i64 = 86_400_000_000;

/// How many points a line has at most, the first ones: a phase has fewer, unless somebody makes them.
const MOST: u64 = 2000;

/// Scored submissions so far at the end of each day that had one.
pub(super) async fn scored(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    before: Option<Instant>,
) -> Result<Vec<Point<u64>>> {
    let day = Expr::cust(format!("received_at / {DAY}"));
    let mut all = Entity::find()
        .select_only()
        .column_as(day.clone(), "day")
        .column_as(Column::Id.count(), "n")
        .filter(Column::PhaseId.eq(phase.id))
        .filter(Column::Trial.eq(false))
        .filter(Column::State.eq(State::Scored))
        .group_by(day);
    if let Some(before) = before {
        all = all.filter(Column::ReceivedAt.lt(before));
    }
    let all = all.order_by_asc(Expr::cust("1")).limit(MOST);
    let all: Vec<(i64, i64)> = all.into_tuple().all(db).await?;
    let mut sum = 0;
    let point = |(day, n): (i64, i64)| {
        sum += n.max(0) as u64;
        Point { at: Instant((day + 1) * DAY - 1_000_000).utc(), value: sum }
    };
    Ok(all.into_iter().map(point).collect())
}

/// The best overall score of ranked teams so far, whenever it rose.
pub(super) async fn best(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    benchmark: &benchmark::Model,
    (before, now): (Option<Instant>, Instant),
) -> Result<Vec<Point<f64>>> {
    let ranked = Query::select()
        .column(team::Column::Id)
        .from(team::Entity)
        .and_where(team::Column::ChallengeId.eq(phase.challenge_id))
        .and_where(team::Column::Kind.eq(TeamKind::Team))
        .take();
    let score = if phase.is_revealed(now) { "coalesce(final_score, score)" } else { "score" };
    let so_far = format!(
        "max({score}) over (order by received_at, id rows between unbounded preceding and 1 preceding)"
    );
    let mut all = Entity::find()
        .select_only()
        .column(Column::ReceivedAt)
        .column_as(Expr::cust(score), "score")
        .column_as(Expr::cust(so_far), "so_far")
        .filter(Column::PhaseId.eq(phase.id))
        .filter(Column::Trial.eq(false))
        .filter(Column::State.eq(State::Scored))
        .filter(Column::ScoredAgainst.eq(benchmark.edition()))
        .filter(Column::Score.is_not_null())
        .filter(Column::TeamId.in_subquery(ranked));
    // On a frozen board nothing is removed that was there when it froze.
    for removed_at in [Column::WithdrawnAt, Column::DisqualifiedAt, Column::HiddenAt] {
        let later = before.map(|before| removed_at.gte(before));
        all = all.filter(Cond::any().add(removed_at.is_null()).add_option(later));
    }
    if let Some(before) = before {
        all = all.filter(Column::ReceivedAt.lt(before));
    }
    let rises = Query::select()
        .columns(["received_at", "score"])
        .from_subquery(QueryTrait::into_query(all), "all")
        .and_where(Expr::cust("so_far is null or score > so_far"))
        .order_by("received_at", Order::Asc)
        .limit(MOST)
        .take();
    let rows = db.query_all(&rises).await?;
    let point = |row: &sea_orm::QueryResult| {
        let at: i64 = row.try_get("", "received_at")?;
        Ok(Point { at: Instant(at).utc(), value: row.try_get("", "score")? })
    };
    rows.iter().map(point).collect()
}
