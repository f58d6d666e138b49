//! The ordered rows of one phase. Pages, JSON and everything else that ranks come from here, and
//! nothing else orders rows.

mod activity;
mod board;
mod counting;
mod entrant;
mod finals;
mod frozen;
mod names;
mod record;
mod withdrawal;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sea_orm::ConnectionTrait;
use uuid::Uuid;

pub use board::{Board, Boards};
pub use entrant::{Entrant, Entry, public_name};
pub use finals::{Choice, choose, finals_left};
pub use frozen::{keep, keep_all, keep_due};
pub use names::{Naming, rename_team};
pub use withdrawal::{Withdrawal, withdraw};

use crate::ambient::Instant;
use crate::challenges::Shown;
use crate::entities::{benchmark, phase, submission};
use crate::error::Result;
use crate::submissions::{Published, counts};
use record::{Record, View};

/// The ordered rows of one phase.
///
/// A team is ranked by its best submission that is neither withdrawn nor removed by the organisers; in
/// a phase with final runs by the best of those it has chosen, if it has chosen any. The order is
/// total: higher score, then earlier time, then smaller id. Where the overall score is not public there
/// are no rows, since their order would tell it. While the phase is frozen they are those of that
/// instant.
#[derive(Debug, Clone, PartialEq)]
pub struct Standings {
    /// Best first; guests, baselines and probes stand among the teams by score, without a rank. None
    /// where scores are not public.
    pub rows: Vec<Row>,
    /// Which metrics are shown.
    pub shown: Shown,
    /// How many teams have a scored submission.
    pub teams: usize,
    /// Scored submissions, over all teams.
    pub scored: usize,
    /// Half of the scored submissions took at most so long, from the request's head to the result.
    pub median_micros: Option<i64>,
    /// Submissions that failed through our fault, or wait for longer than a minute.
    pub stuck: usize,
    /// The instant whose standings these are, while the phase's board is frozen.
    pub frozen_at: Option<Instant>,
    /// The submissions that everybody may look at while the board is frozen: those that counted then.
    seen: BTreeSet<Uuid>,
    /// The names of the teams whose submissions may be looked at, as everybody knows them, by id.
    pub names: BTreeMap<i32, String>,
}

impl Standings {
    /// Whether everybody may look at a submission: it counts, or did when the board froze, and not only
    /// where it is the one by which its team is ranked.
    pub fn shows(&self, submission: &submission::Model, benchmark: &benchmark::Model) -> bool {
        if self.frozen_at.is_some() {
            return self.seen.contains(&submission.id);
        }
        let current = submission.scored_against.as_ref() == Some(&benchmark.version);
        current && counts(submission) && self.names.contains_key(&submission.team_id)
    }
}

/// One team's place, by the run that counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// 1 for the best team; equal scores share a rank; none for guests, baselines and probes.
    pub rank: Option<u32>,
    /// The team.
    pub team: Arc<Entrant>,
    /// The submission it stands with.
    pub submission: Arc<Entry>,
    /// What is told of its metrics.
    pub metrics: Published,
    /// How many scored submissions count for the team.
    pub runs: usize,
}

/// The standings of a phase as its organisers see them: as they are now, with the teams' own names and
/// all metrics that the targets allow, whatever is frozen or withheld. They must not be published.
pub async fn full_standings(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    benchmark: &benchmark::Model,
    now: Instant,
) -> Result<Standings> {
    let record = Record::take(db, phase, benchmark, &View::of_organisers(now)).await?;
    Ok(record.standings(benchmark.publishable()?.at_most(), None))
}
