//! A team's limits in a phase, and what is left of them.

use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};

use super::{Usage, usage};
use crate::ambient::Instant;
use crate::challenges::Limits;
use crate::entities::{phase, quota_grant, team};
use crate::error::Result;

/// A team's limits in a phase at an instant: the phase's own plus grants by organisers. Without a
/// limit in the phase there is no limit.
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

/// Refuses one more submission of a team if a limit is used up, counting its arriving uploads.
pub async fn ensure_one_left(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    team: &team::Model,
    at: Instant,
    arriving: u32,
) -> Result<()> {
    let limits = limits_of(db, phase, team, at).await?;
    let used = usage(db, phase, team, at).await?;
    Usage { at_once: used.at_once + arriving, ..used }.must_leave_one(&limits)
}

/// Which limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Scored submissions per day.
    PerDay,
    /// Scored submissions in the whole phase.
    Total,
    /// Submissions being scored at the same time.
    AtOnce,
    /// Invalid uploads per day.
    InvalidPerDay,
}

impl Limit {
    /// The name in `challenge.toml` and the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PerDay => "per_day",
            Self::Total => "total",
            Self::AtOnce => "at_once",
            Self::InvalidPerDay => "invalid_per_day",
        }
    }
}

/// A limit, and how much of it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Which limit.
    pub limit: Limit,
    /// How many are allowed.
    pub allowed: u32,
    /// How many are used, if the team is known.
    pub used: Option<u32>,
    /// When the count resets; none if it never does.
    pub resets: Option<Instant>,
}

impl Allowance {
    /// How many are left, if the team is known.
    pub fn left(&self) -> Option<u32> {
        self.used.map(|used| self.allowed.saturating_sub(used))
    }
}

/// The existing limits of a phase, and what a team has used of them; with the team's own limits if
/// it is known.
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
