//! How much a team has used of a phase's limits.

use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect,
};

use super::LimitsOf;
use crate::accounts;
use crate::ambient::Instant;
use crate::challenges::{self, Limits};
use crate::entities::submission::{self, Column, State};
use crate::entities::{benchmark, membership, phase, team};
use crate::error::{Error, Result};

/// How many uploads a day that are not for the phase at all use no limit.
pub const UNRELATED_A_DAY: u32 = 20;

/// What a team has used. A submission that is still `received` counts everywhere, since it may
/// become scored or invalid; when it is finished it moves to its own count, and a `failed` one to
/// none. One that is played counts like a received one, except that it can't become invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Scored or still received since the day started.
    pub today: u32,
    /// Scored or still received in the whole phase.
    pub total: u32,
    /// Still received.
    pub at_once: u32,
    /// Invalid or still received since the day started, without those that use no limit.
    pub invalid_today: u32,
    /// Those since the day started that use no limit, because they were not for the phase at all.
    pub unrelated_today: u32,
    /// When the next day starts.
    pub resets: Instant,
}

/// What has been used of a phase at an instant: by the team, or by the member who has used the
/// most. A member has used what any team submitted while they were in it, under any account, so
/// changing teams or accounts doesn't reset limits. If the phases of a benchmark share their
/// limits, submissions to each of them count.
pub async fn usage(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    team: &team::Model,
    at: Instant,
) -> Result<Usage> {
    let counted = Counted::of(phase, at)?;
    let mut used = counted.by(db, Condition::all().add(Column::TeamId.eq(team.id))).await?;
    for times in accounts::memberships_by_person(db, team).await? {
        if times.iter().any(|time| time.team_id != team.id) {
            let by_member = times.iter().map(while_in).fold(Condition::any(), Condition::add);
            used = used.or_more(counted.by(db, by_member).await?);
        }
    }
    Ok(used)
}

/// The limits that a submission to a phase counts against.
pub(super) async fn limits_shared_by(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
) -> Result<LimitsOf> {
    let benchmark = challenges::benchmark_by_id(db, phase.benchmark_id).await?;
    Ok(if benchmark.shared_limits {
        LimitsOf::Benchmark(benchmark.id)
    } else {
        LimitsOf::Phase(phase.id)
    })
}

/// What a team submitted during a membership.
fn while_in(time: &membership::Model) -> Condition {
    Condition::all()
        .add(Column::TeamId.eq(time.team_id))
        .add(Column::ReceivedAt.gte(time.joined_at))
        .add_option(time.left_at.map(|left| Column::ReceivedAt.lte(left)))
}

/// Which submissions count against a phase's limits at an instant.
struct Counted {
    which: Condition,
    day_start: Instant,
    resets: Instant,
}

impl Counted {
    fn of(phase: &phase::Model, at: Instant) -> Result<Self> {
        let sharing = Query::select()
            .column((phase::Entity, phase::Column::Id))
            .from(phase::Entity)
            .inner_join(
                benchmark::Entity,
                Expr::col((phase::Entity, phase::Column::BenchmarkId))
                    .equals((benchmark::Entity, benchmark::Column::Id)),
            )
            .and_where(Expr::col((benchmark::Entity, benchmark::Column::Id)).eq(phase.benchmark_id))
            .and_where(benchmark::Column::SharedLimits.eq(true))
            .take();
        let phases = Column::PhaseId.eq(phase.id).or(Column::PhaseId.in_subquery(sharing));
        let reset = phase.reset()?;
        Ok(Self {
            which: Condition::all().add(phases).add(Column::Trial.eq(false)),
            day_start: reset.day_start(at),
            resets: reset.next_day(at),
        })
    }

    /// Counts the submissions of a team or a person, in one statement.
    async fn by(&self, db: &impl ConnectionTrait, by: Condition) -> Result<Usage> {
        // A slow upload belongs to the day of its head, which may be over.
        let today = Column::ReceivedAt.gte(self.day_start).and(Column::ReceivedAt.lt(self.resets));
        let count = |which: Expr| Into::<Expr>::into(Expr::case(which, 1).finally(0)).sum();
        let state = |states: &[State]| Column::State.is_in(states.iter().copied());
        let scored = state(&[State::Scored, State::Received, State::Playing]);
        let invalid = state(&[State::Invalid, State::Received]);
        let free = Column::UsesNoLimit.eq(true);
        let invalid = invalid.and(Column::UsesNoLimit.eq(false));
        let (today_scored, total, at_once, invalid_today, unrelated_today): Counts =
            submission::Entity::find()
                .select_only()
                .column_as(count(scored.clone().and(today.clone())), "today")
                .column_as(count(scored), "total")
                .column_as(count(state(&[State::Received, State::Playing])), "at_once")
                .column_as(count(invalid.and(today.clone())), "invalid_today")
                .column_as(count(free.and(today)), "unrelated_today")
                .filter(self.which.clone())
                .filter(by)
                .into_tuple()
                .one(db)
                .await?
                .unwrap_or_default();
        // The sum over no rows is null.
        let number =
            |count: Option<i64>| u32::try_from(count.unwrap_or_default()).unwrap_or_default();
        Ok(Usage {
            today: number(today_scored),
            total: number(total),
            at_once: number(at_once),
            invalid_today: number(invalid_today),
            unrelated_today: number(unrelated_today),
            resets: self.resets,
        })
    }
}

/// The sums of one statement.
type Counts = (Option<i64>, Option<i64>, Option<i64>, Option<i64>, Option<i64>);

impl Usage {
    /// The larger of each count.
    fn or_more(self, other: Self) -> Self {
        Self {
            today: Ord::max(self.today, other.today),
            total: Ord::max(self.total, other.total),
            at_once: Ord::max(self.at_once, other.at_once),
            invalid_today: Ord::max(self.invalid_today, other.invalid_today),
            unrelated_today: Ord::max(self.unrelated_today, other.unrelated_today),
            resets: self.resets,
        }
    }

    /// Whether one more upload that is not for the phase uses no limit. Further ones count as
    /// invalid, since reading them is work too.
    pub fn has_unrelated_left(&self) -> bool {
        self.unrelated_today < UNRELATED_A_DAY
    }

    /// Refuses one more submission if a limit is used up, and says when the next can be made.
    pub fn must_leave_one(&self, limits: &Limits) -> Result<()> {
        if let Some(limit) = limits.total.filter(|&limit| self.total >= limit) {
            return Err(Error::total_limit(limit));
        }
        if let Some(limit) = limits.per_day.filter(|&limit| self.today >= limit) {
            return Err(Error::day_limit("submissions", limit, self.resets));
        }
        if let Some(limit) = limits.invalid_per_day.filter(|&limit| self.invalid_today >= limit) {
            return Err(Error::day_limit("invalid uploads", limit, self.resets));
        }
        if let Some(limit) = limits.at_once.filter(|&limit| self.at_once >= limit) {
            return Err(Error::at_once_limit(limit));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    const TOMORROW: Instant = Instant(1_000_000 * 86_400);

    fn refusal(usage: Usage, limits: Limits) -> Option<(Code, Option<Instant>)> {
        usage.must_leave_one(&limits).err().map(|e| (e.code, e.retry_from()))
    }

    #[test]
    fn each_limit_refuses_when_it_is_used_up_and_not_before() {
        let usage = Usage {
            today: 2,
            total: 9,
            at_once: 1,
            invalid_today: 3,
            unrelated_today: 0,
            resets: TOMORROW,
        };
        let none = Limits::default();
        assert_eq!(refusal(usage, none), None);
        assert_eq!(refusal(usage, Limits { per_day: Some(3), ..none }), None);
        let day = refusal(usage, Limits { per_day: Some(2), ..none });
        assert_eq!(day, Some((Code::LimitReached, Some(TOMORROW))));
        assert_eq!(refusal(usage, Limits { total: Some(10), ..none }), None);
        let total = refusal(usage, Limits { total: Some(9), ..none });
        assert_eq!(total, Some((Code::LimitReached, None)));
        assert!(refusal(usage, Limits { at_once: Some(1), ..none }).is_some());
        assert!(refusal(usage, Limits { invalid_per_day: Some(3), ..none }).is_some());
        assert!(refusal(usage, Limits { per_day: Some(0), ..none }).is_some());
    }
}
