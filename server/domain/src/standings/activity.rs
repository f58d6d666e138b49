//! The activity in a phase, over all teams: the numbers above a board.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::{Asterisk, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select,
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

/// Databases limit the number of parameters in a statement.
const AT_ONCE: usize = 1000;

/// The activity in a phase, over all teams.
#[derive(Debug, Clone, Default)]
pub(super) struct Activity {
    /// Scored submissions by team, whether they count or not; without those of probes if the phase
    /// doesn't show probes.
    pub(super) scored: BTreeMap<i32, usize>,
    /// The median time to a score of the latest submissions.
    pub(super) median_micros: Option<i64>,
    /// Submissions that failed because of the server, or have waited longer than a minute.
    pub(super) stuck: usize,
}

/// The submissions of a phase, before an instant or all.
struct Submissions<'a> {
    phase: &'a phase::Model,
    before: Option<Instant>,
}

/// The activity in a phase, now or just before an instant.
pub(super) async fn activity(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    before: Option<Instant>,
    now: Instant,
) -> Result<Activity> {
    let all = Submissions { phase, before };
    Ok(Activity {
        scored: all.scored_by_team(db, None).await?,
        median_micros: all.median(db).await?,
        stuck: all.stuck(db, now).await?,
    })
}

impl Activity {
    /// The activity after only the submissions of some teams have changed: the others aren't counted again,
    /// of whom there can be many.
    pub(super) async fn renewed(
        &self,
        db: &impl ConnectionTrait,
        phase: &phase::Model,
        (teams, now): (&BTreeSet<i32>, Instant),
    ) -> Result<Self> {
        let all = Submissions { phase, before: None };
        let mut scored = self.scored.clone();
        scored.retain(|team, _| !teams.contains(team));
        let teams: Vec<i32> = teams.iter().copied().collect();
        for some in teams.chunks(AT_ONCE) {
            scored.extend(all.scored_by_team(db, Some(some)).await?);
        }
        Ok(Self { scored, median_micros: all.median(db).await?, stuck: all.stuck(db, now).await? })
    }
}

impl Submissions<'_> {
    fn select(&self) -> Select<Entity> {
        let of_phase = Entity::find().filter(Column::PhaseId.eq(self.phase.id));
        let all = of_phase.filter(Column::Trial.eq(false));
        match self.before {
            Some(before) => all.filter(Column::ReceivedAt.lt(before)),
            None => all,
        }
    }

    fn scored(&self) -> Select<Entity> {
        self.select().filter(Column::State.eq(State::Scored))
    }

    async fn scored_by_team(
        &self,
        db: &impl ConnectionTrait,
        teams: Option<&[i32]>,
    ) -> Result<BTreeMap<i32, usize>> {
        let mut shown = self.scored();
        if !self.phase.probes {
            let probes = Query::select()
                .column(team::Column::Id)
                .from(team::Entity)
                .and_where(team::Column::ChallengeId.eq(self.phase.challenge_id))
                .and_where(team::Column::Kind.eq(TeamKind::Probe))
                .take();
            shown = shown.filter(Column::TeamId.not_in_subquery(probes));
        }
        if let Some(teams) = teams {
            shown = shown.filter(Column::TeamId.is_in(teams.iter().copied()));
        }
        let counted = shown
            .select_only()
            .column(Column::TeamId)
            .column_as(Expr::col(Asterisk).count(), "n")
            .group_by(Column::TeamId);
        let counted: Vec<(i32, i64)> = counted.into_tuple().all(db).await?;
        Ok(counted.into_iter().map(|(team, n)| (team, n as usize)).collect())
    }

    async fn median(&self, db: &impl ConnectionTrait) -> Result<Option<i64>> {
        let row = db.query_one(&median_of_latest(&self.scored())).await?;
        Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
    }

    async fn stuck(&self, db: &impl ConnectionTrait, now: Instant) -> Result<usize> {
        let late = Column::ReceivedAt.lt(now.plus_seconds(-STUCK_SECONDS));
        let waiting = self.select().filter(Column::State.eq(State::Received)).filter(late);
        let failed = self.select().filter(Column::State.eq(State::Failed));
        Ok((waiting.count(db).await? + failed.count(db).await?) as usize)
    }
}

/// The median time of the latest of these submissions; the lower of two in the middle.
fn median_of_latest(scored: &Select<Entity>) -> SelectStatement {
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
