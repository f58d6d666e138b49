//! The activity in a phase, over all teams: the numbers above a board.

use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};

use crate::ambient::Instant;
use crate::entities::submission::{Column, Entity, State};
use crate::entities::team::TeamKind;
use crate::entities::{phase, team};
use crate::error::Result;

/// A submission that waits longer is counted as stuck.
const STUCK_SECONDS: i64 = 60;

/// How many of the latest submissions the median time to a score is computed from.
const LATEST: u64 = 1000;

/// The activity in a phase, over all teams.
#[derive(Debug, Default)]
pub(super) struct Activity {
    /// Scored submissions, whether they count or not; without those of probes if the phase doesn't
    /// show probes.
    pub(super) scored: usize,
    /// The median time to a score of the latest submissions.
    pub(super) median_micros: Option<i64>,
    /// Submissions that failed because of the server, or have waited longer than a minute.
    pub(super) stuck: usize,
}

/// The activity in a phase, now or just before an instant.
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

/// The median time of the latest of these submissions; the lower of two in the middle.
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
