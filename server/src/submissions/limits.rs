//! What a team has used of a phase's limits.

use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::accounts;
use crate::ambient::Instant;
use crate::challenges::Limits;
use crate::entities::submission::{self, Column, State};
use crate::entities::{membership, phase, quota_grant, team};
use crate::error::{Error, Result};

/// What a team has used. A submission that is still `received` counts everywhere, since it may
/// become either; on finishing it moves to the count it belongs to, and a `failed` one to none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Scored or still received since the day began.
    pub today: u32,
    /// Scored or still received in the whole phase.
    pub total: u32,
    /// Still received.
    pub at_once: u32,
    /// Invalid or still received since the day began.
    pub invalid_today: u32,
    /// When the next day begins.
    pub resets: Instant,
}

/// What has been used of a phase at an instant: by the team, or by the one of its members who has
/// used the most. A member has used what any team handed in while they were in it, so a new team is
/// no new quota.
pub async fn usage(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    team: &team::Model,
    at: Instant,
) -> Result<Usage> {
    let by_team = Condition::all().add(Column::TeamId.eq(team.id));
    let mut used = counted(db, phase, by_team, at).await?;
    for (_, member) in accounts::members_of(db, team).await? {
        let times = accounts::memberships(db, member.id, team.challenge_id).await?;
        if times.iter().any(|time| time.team_id != team.id) {
            let by_member = times.iter().map(while_in).fold(Condition::any(), Condition::add);
            used = used.or_more(counted(db, phase, by_member, at).await?);
        }
    }
    Ok(used)
}

/// What a team handed in while somebody was in it.
fn while_in(time: &membership::Model) -> Condition {
    Condition::all()
        .add(Column::TeamId.eq(time.team_id))
        .add(Column::ReceivedAt.gte(time.joined_at))
        .add_option(time.left_at.map(|left| Column::ReceivedAt.lte(left)))
}

async fn counted(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    by: Condition,
    at: Instant,
) -> Result<Usage> {
    let own =
        Condition::all().add(by).add(Column::PhaseId.eq(phase.id)).add(Column::Trial.eq(false));
    let reset = phase.reset()?;
    let since = Column::ReceivedAt.gte(reset.day_start(at));
    let count = async |states: &[State], today: bool| -> Result<u32> {
        let mut rows = submission::Entity::find()
            .filter(own.clone())
            .filter(Column::State.is_in(states.iter().copied()));
        if today {
            rows = rows.filter(since.clone());
        }
        Ok(rows.count(db).await? as u32)
    };
    Ok(Usage {
        today: count(&[State::Scored, State::Received], true).await?,
        total: count(&[State::Scored, State::Received], false).await?,
        at_once: count(&[State::Received], false).await?,
        invalid_today: count(&[State::Invalid, State::Received], true).await?,
        resets: reset.next_day(at),
    })
}

impl Usage {
    /// The larger of each.
    fn or_more(self, other: Self) -> Self {
        Self {
            today: self.today.max(other.today),
            total: self.total.max(other.total),
            at_once: self.at_once.max(other.at_once),
            invalid_today: self.invalid_today.max(other.invalid_today),
            resets: self.resets,
        }
    }

    /// Refuses one more submission where a limit is used up, and says when the next can be made.
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

/// A team's limits in a phase at an instant: the phase's own, and what organisers have given the team.
/// What the phase does not limit stays without a limit.
pub async fn limits_of(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    team: &team::Model,
    at: Instant,
) -> Result<Limits> {
    let (mut limits, given) = (phase.limits(), quota_grant::Entity::find());
    let holds = |ends: quota_grant::Column| Condition::any().add(ends.is_null()).add(ends.gt(at));
    let given = given
        .filter(quota_grant::Column::PhaseId.eq(phase.id))
        .filter(quota_grant::Column::TeamId.eq(team.id))
        .filter(quota_grant::Column::GivenAt.lte(at))
        .filter(holds(quota_grant::Column::Until))
        .filter(holds(quota_grant::Column::RevokedAt));
    for grant in given.all(db).await? {
        let more = |limit: Option<u32>, by: i32| limit.map(|n| n.saturating_add(by.max(0) as u32));
        limits.per_day = more(limits.per_day, grant.per_day);
        limits.total = more(limits.total, grant.total);
    }
    Ok(limits)
}

/// Which limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Scored submissions a day.
    PerDay,
    /// Scored submissions in the whole phase.
    Total,
    /// Submissions being scored at the same time.
    AtOnce,
    /// Invalid uploads a day.
    InvalidPerDay,
}

impl Limit {
    /// The word in `challenge.toml` and the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PerDay => "per_day",
            Self::Total => "total",
            Self::AtOnce => "at_once",
            Self::InvalidPerDay => "invalid_per_day",
        }
    }
}

/// What a limit allows, and how much of it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Which limit.
    pub limit: Limit,
    /// How many are allowed.
    pub allowed: u32,
    /// How many are used, where it is known whose they are.
    pub used: Option<u32>,
    /// When the count starts anew; none where it never does.
    pub resets: Option<Instant>,
}

impl Allowance {
    /// How many are left, where it is known whose they are.
    pub fn left(&self) -> Option<u32> {
        self.used.map(|used| self.allowed.saturating_sub(used))
    }
}

/// The limits of a phase that there are, and what a team has used of them; the team's own where it is
/// known.
pub async fn allowances(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    team: Option<&team::Model>,
    now: Instant,
) -> Result<Vec<Allowance>> {
    let (used, limits) = match team {
        Some(team) => {
            let used = usage(db, phase, team, now).await?;
            (Some(used), limits_of(db, phase, team, now).await?)
        }
        None => (None, phase.limits()),
    };
    let tomorrow = Some(phase.reset()?.next_day(now));
    let all = [
        (Limit::PerDay, limits.per_day, used.map(|u| u.today), tomorrow),
        (Limit::Total, limits.total, used.map(|u| u.total), None),
        (Limit::AtOnce, limits.at_once, used.map(|u| u.at_once), None),
        (Limit::InvalidPerDay, limits.invalid_per_day, used.map(|u| u.invalid_today), tomorrow),
    ];
    let there = all.into_iter().filter_map(|(limit, allowed, used, resets)| {
        Some(Allowance { limit, allowed: allowed?, used, resets })
    });
    Ok(there.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOMORROW: Instant = Instant(1_000_000 * 86_400);

    fn refusal(usage: Usage, limits: Limits) -> Option<(&'static str, Option<Instant>)> {
        usage.must_leave_one(&limits).err().map(|e| (e.code, e.retry_from()))
    }

    #[test]
    fn each_limit_refuses_when_it_is_used_up_and_not_before() {
        let usage = Usage { today: 2, total: 9, at_once: 1, invalid_today: 3, resets: TOMORROW };
        let none = Limits::default();
        assert_eq!(refusal(usage, none), None);
        assert_eq!(refusal(usage, Limits { per_day: Some(3), ..none }), None);
        let day = refusal(usage, Limits { per_day: Some(2), ..none });
        assert_eq!(day, Some(("limit-reached", Some(TOMORROW))));
        assert_eq!(refusal(usage, Limits { total: Some(10), ..none }), None);
        let total = refusal(usage, Limits { total: Some(9), ..none });
        assert_eq!(total, Some(("limit-reached", None)));
        assert!(refusal(usage, Limits { at_once: Some(1), ..none }).is_some());
        assert!(refusal(usage, Limits { invalid_per_day: Some(3), ..none }).is_some());
        assert!(refusal(usage, Limits { per_day: Some(0), ..none }).is_some());
    }
}
