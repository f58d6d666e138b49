//! What a team has used of a phase's limits.

use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::ambient::Instant;
use crate::challenges::Limits;
use crate::entities::submission::{self, State};
use crate::error::{Error, Result};

/// What a team has used. A submission that is still `received` counts everywhere, since it may
/// become either; on finishing it moves to the count it belongs to, and a `failed` one to none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// Scored or still received since midnight UTC.
    pub today: u32,
    /// Scored or still received in the whole phase.
    pub total: u32,
    /// Still received.
    pub at_once: u32,
    /// Invalid or still received since midnight UTC.
    pub invalid_today: u32,
}

/// What a team has used of a phase at an instant.
pub async fn usage(
    db: &impl ConnectionTrait,
    phase_id: i32,
    team_id: i32,
    at: Instant,
) -> Result<Usage> {
    let own = Condition::all()
        .add(submission::Column::TeamId.eq(team_id))
        .add(submission::Column::PhaseId.eq(phase_id));
    let since = submission::Column::ReceivedAt.gte(at.day_start());
    let count = async |states: &[State], today: bool| -> Result<u32> {
        let mut rows = submission::Entity::find()
            .filter(own.clone())
            .filter(submission::Column::State.is_in(states.iter().copied()));
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
    })
}

impl Usage {
    /// Refuses one more submission where a limit is used up, and says when the next can be made.
    pub fn must_leave_one(&self, limits: &Limits, at: Instant) -> Result<()> {
        if let Some(limit) = limits.total.filter(|&limit| self.total >= limit) {
            return Err(Error::total_limit(limit));
        }
        if let Some(limit) = limits.per_day.filter(|&limit| self.today >= limit) {
            return Err(Error::day_limit("submissions", limit, at.next_day()));
        }
        if let Some(limit) = limits.invalid_per_day.filter(|&limit| self.invalid_today >= limit) {
            return Err(Error::day_limit("invalid uploads", limit, at.next_day()));
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

    const NOON: Instant = Instant(1_000_000 * 43_200);

    fn refusal(usage: Usage, limits: Limits) -> Option<(&'static str, Option<Instant>)> {
        usage.must_leave_one(&limits, NOON).err().map(|e| (e.code, e.retry_at))
    }

    #[test]
    fn each_limit_refuses_when_it_is_used_up_and_not_before() {
        let usage = Usage { today: 2, total: 9, at_once: 1, invalid_today: 3 };
        let none = Limits::default();
        assert_eq!(refusal(usage, none), None);
        assert_eq!(refusal(usage, Limits { per_day: Some(3), ..none }), None);
        let day = refusal(usage, Limits { per_day: Some(2), ..none });
        assert_eq!(day, Some(("limit-reached", Some(NOON.next_day()))));
        assert_eq!(refusal(usage, Limits { total: Some(10), ..none }), None);
        let total = refusal(usage, Limits { total: Some(9), ..none });
        assert_eq!(total, Some(("limit-reached", None)));
        assert!(refusal(usage, Limits { at_once: Some(1), ..none }).is_some());
        assert!(refusal(usage, Limits { invalid_per_day: Some(3), ..none }).is_some());
        assert!(refusal(usage, Limits { per_day: Some(0), ..none }).is_some());
    }
}
