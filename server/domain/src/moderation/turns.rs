//! Notifies the teams of a challenge once when a phase opens or closes, by whichever server sees it
//! first.

use std::collections::BTreeSet;
use std::time::Duration;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::accounts;
use crate::ambient::Instant;
use crate::challenges::{self, PhaseState, state_at};
use crate::database::{Notice, UnitOfWork};
use crate::entities::{notice, phase, team};
use crate::error::{Result, rfc3339};
use crate::standings;
use crate::submissions::{self, SubmissionsSite};

/// How often the phases are checked.
const EVERY: Duration = Duration::from_secs(5);

/// Teams are not notified of older events: a challenge that is set up with past phases is not news,
/// but a server that was down for a night misses nothing.
const LATE_SECONDS: i64 = 12 * 3600;

/// How many teams are notified in one transaction, so that uploads don't wait for all of them.
const AT_ONCE: usize = 50;

/// A phase that has opened or closed.
struct Turn {
    phase: phase::Model,
    at: Instant,
    opened: bool,
}

/// Sends notices until the server stops.
pub async fn run(site: &SubmissionsSite) {
    loop {
        let stopped = site.stopped();
        // An error was logged where it was found, and the next round tries again.
        let _ = step(site).await;
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = stopped => return,
        }
    }
}

/// Finishes submissions whose time to be played is over, saves the boards that have frozen, and notifies the teams of every phase that has just opened or
/// closed, if they were not notified before.
pub async fn step(site: &SubmissionsSite) -> Result<()> {
    submissions::finish_ended(site).await?;
    standings::keep_due(site).await?;
    for turn in turns(&site.db, site.ambient.now()).await? {
        let teams: Vec<i32> =
            turn.untold(&site.db).await?.into_iter().map(|team| team.id).collect();
        for some in teams.chunks(AT_ONCE) {
            turn.tell(site, some).await?;
        }
    }
    Ok(())
}

/// The phases that opened or closed recently and are still in that state.
async fn turns(db: &impl ConnectionTrait, now: Instant) -> Result<Vec<Turn>> {
    let since = now.plus_seconds(-LATE_SECONDS);
    let lately =
        |column: phase::Column| Condition::all().add(column.gt(since)).add(column.lte(now));
    let some =
        Condition::any().add(lately(phase::Column::OpensAt)).add(lately(phase::Column::ClosesAt));
    let phases = phase::Entity::find().filter(some).order_by_asc(phase::Column::Id).all(db).await?;
    let turn = |phase: phase::Model| match (state_at(&phase, now), phase.closes_at) {
        (PhaseState::Open, _) => Some(Turn { at: phase.opens_at, opened: true, phase }),
        (PhaseState::Closed, Some(at)) => Some(Turn { at, opened: false, phase }),
        _ => None,
    };
    Ok(phases.into_iter().filter_map(turn).collect())
}

impl Turn {
    /// The kind of its notices: a phase that is opened again, at another instant, is notified
    /// again.
    fn kind(&self) -> String {
        let what = if self.opened { "phase-opened" } else { "phase-closed" };
        format!("{what} {}", self.phase.name)
    }

    fn text(&self) -> String {
        let title = &self.phase.title;
        match (self.opened, self.phase.closes_at) {
            (true, Some(closes)) => {
                format!(
                    "Phase “{title}” has opened: it takes submissions until {}.",
                    rfc3339(closes)
                )
            }
            (true, None) => format!("Phase “{title}” has opened: it takes submissions."),
            (false, _) => format!("Phase “{title}” has closed: it takes no more submissions."),
        }
    }

    /// The teams that existed when it happened and were not notified.
    async fn untold(&self, db: &impl ConnectionTrait) -> Result<Vec<team::Model>> {
        let told: Vec<i32> = notice::Entity::find()
            .select_only()
            .column(notice::Column::TeamId)
            .filter(notice::Column::Kind.eq(self.kind()))
            .filter(notice::Column::At.gte(self.at))
            .into_tuple()
            .all(db)
            .await?;
        let told: BTreeSet<i32> = told.into_iter().collect();
        let there = team::Entity::find()
            .filter(team::Column::ChallengeId.eq(self.phase.challenge_id))
            .filter(team::Column::CreatedAt.lt(self.at))
            .order_by_asc(team::Column::Id);
        let mut teams = there.all(db).await?;
        teams.retain(|team| !told.contains(&team.id) && !accounts::is_of_trials(team));
        Ok(teams)
    }

    /// Notifies some teams, if no other server has done so in the meantime and the phase is
    /// unchanged.
    async fn tell(&self, site: &SubmissionsSite, teams: &[i32]) -> Result<()> {
        let mut unit = UnitOfWork::begin(site).await?;
        if challenges::phase_by_id(unit.db(), self.phase.id).await? != self.phase {
            return Ok(());
        }
        let (kind, text) = (self.kind(), self.text());
        for team in self.untold(unit.db()).await? {
            if teams.contains(&team.id) {
                let (kind, text) = (kind.clone(), text.clone());
                unit.notify(Notice { team_id: team.id, kind, text, submission: None });
            }
        }
        unit.commit().await?;
        Ok(())
    }
}
