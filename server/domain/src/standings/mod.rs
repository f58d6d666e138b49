//! The ordered rows of one phase. Pages, JSON and all other rankings come from here; nothing else
//! orders rows.

mod activity;
mod board;
mod certainty;
mod counting;
mod difficulty;
mod entrant;
mod finals;
mod frozen;
mod moves;
mod names;
mod pace;
mod pair;
mod record;
mod report;
mod results;
mod viewer;
mod withdrawal;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sea_orm::ConnectionTrait;
use uuid::Uuid;

pub use board::{Board, Boards};
pub use certainty::{Certainty, Resolution};
pub use difficulty::{Difficulties, Difficulty, QueryOrder};
pub use entrant::{Entrant, Entry, public_name};
pub use finals::{Choice, choose, finals_left};
pub use frozen::{keep, keep_all, keep_due};
pub use moves::{Move, Placed, moves};
pub use names::{Naming, rename_team};
pub use pair::{Apart, ApartQuery, Pair, PairDifference, PairP, Side, pair};
pub use report::{Band, DesignItem, Point, Report, ReportGroup, ReportRow, Reports, report};
pub use results::{Confirmed, confirmed, results};
pub use viewer::{TOP, TopItemsCache, ViewedRun, viewed_run};
pub use withdrawal::{Withdrawal, withdraw};

use crate::ambient::Instant;
use crate::challenges::{Shown, Viewer};
use crate::entities::{benchmark, phase, submission};
use crate::error::Result;
use crate::submissions::{Published, counts};
use record::{Record, View};

/// The ordered rows of one phase.
///
/// A team is ranked by its best submission that is neither withdrawn nor removed by the organisers;
/// in a phase with final submissions by the best of those it has chosen, if any. The order is
/// total: higher score, then earlier time, then smaller id. If the overall score is not public
/// there are no rows, since their order would reveal it. While the phase is frozen, the rows are
/// those of that instant.
#[derive(Debug, Clone, PartialEq)]
pub struct Standings {
    /// The rows, best first; guests, baselines and probes are listed by score among the teams,
    /// without a rank. Empty if scores are not public.
    pub rows: Vec<Row>,
    /// Which metrics are shown.
    pub shown: Shown,
    /// How many teams have a scored submission.
    pub teams: usize,
    /// Scored submissions, over all teams.
    pub scored: usize,
    /// The median time of scored submissions, from the request's head to the result.
    pub median_micros: Option<i64>,
    /// Submissions that failed because of the server, or have waited longer than a minute.
    pub stuck: usize,
    /// The instant whose standings these are, while the phase's board is frozen.
    pub frozen_at: Option<Instant>,
    /// The submissions that are public while the board is frozen: those that counted then.
    seen: BTreeSet<Uuid>,
    /// The public names of the teams whose submissions are public, by id.
    pub names: BTreeMap<i32, String>,
}

/// The submissions that are on the board of a phase now, of each team at most one.
pub async fn on_the_board(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    benchmark: &benchmark::Model,
    now: Instant,
) -> Result<BTreeSet<Uuid>> {
    let record = Record::take(db, phase, benchmark, &View::of_public(now)).await?;
    Ok(record.submissions().collect())
}

impl Standings {
    /// Whether a submission is public: it counts, or did when the board froze, even if its team is
    /// ranked by another.
    pub fn shows(&self, submission: &submission::Model, benchmark: &benchmark::Model) -> bool {
        if self.frozen_at.is_some() {
            return self.seen.contains(&submission.id);
        }
        let current = submission.scored_against == Some(benchmark.edition());
        current && counts(submission) && self.names.contains_key(&submission.team_id)
    }
}

/// A team's row, for the submission that counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The rank: 1 for the best team. Equal scores share a rank. None for guests, baselines and
    /// probes.
    pub rank: Option<u32>,
    /// The team.
    pub team: Arc<Entrant>,
    /// The submission that counts.
    pub submission: Arc<Entry>,
    /// The published scores.
    pub metrics: Published,
    /// How many submissions of the team were scored in the phase, whether they count or not.
    pub tries: usize,
    /// Its place on the board before the reveal, once that is shown beside the revealed one.
    pub earlier: Option<EarlierPlace>,
}

/// A team's place on the board before the reveal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EarlierPlace {
    /// The rank; none for guests, baselines and probes.
    pub rank: Option<u32>,
    /// The overall score, as it was published.
    pub score: f64,
}

/// The standings of a phase as its organisers see them: as they are now, with the teams' own names
/// and all metrics that the targets allow, even if they are frozen or not public. They must not be
/// published.
pub async fn full_standings(
    db: &impl ConnectionTrait,
    phase: &phase::Model,
    benchmark: &benchmark::Model,
    now: Instant,
) -> Result<Standings> {
    let record = Record::take(db, phase, benchmark, &View::of_organisers(now)).await?;
    Ok(record.standings(phase.seen_at(Viewer::Organiser, benchmark, now)?, None))
}
