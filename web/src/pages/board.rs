//! The board: what the task is, which phases there are, and who stands where.

use std::time::Duration;

use askama::Template;
use time::OffsetDateTime;

use super::{Layout, Link, Phase};

/// The page of one phase, `/c/{challenge}/{phase}`.
#[derive(Debug, Clone, Template)]
#[template(path = "board.html")]
pub struct BoardPage {
    /// What stands around it.
    pub layout: Layout,
    /// The challenge's title.
    pub challenge: String,
    /// All phases of the challenge, in order; exactly one is [`Phase::current`].
    pub phases: Vec<Phase>,
    /// What the phase has seen so far.
    pub counters: Counters,
    /// What is measured.
    pub facts: Facts,
    /// Names of the groups, in the order of [`Row::groups`].
    pub groups: Vec<String>,
    /// The standings, in their order.
    pub rows: Vec<Row>,
    /// By which column the visitor wants the rows sorted.
    pub sort: Sort,
    /// The board's own address, without a query string.
    pub href: String,
    /// Where a run is handed in; absent where the phase takes none from people.
    pub submit: Option<String>,
    /// Where the scoring is explained.
    pub scoring: String,
    /// The same standings in other shapes: JSON, CSV.
    pub exports: Vec<Link>,
    /// The instant the page is written.
    pub now: OffsetDateTime,
}

/// What a phase has seen so far.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counters {
    /// Teams with at least one scored run.
    pub teams: u64,
    /// Runs that got a score, baselines and probes included.
    pub scored: u64,
    /// Half of the runs had their score within this time of their upload; absent before the first.
    pub median_to_score: Option<Duration>,
    /// Runs that failed through our fault, or wait for longer than they should.
    pub lost_or_stuck: u64,
}

/// What is measured, and over what.
#[derive(Debug, Clone)]
pub struct Facts {
    /// `original` or `val-union`.
    pub protocol: String,
    /// The hash of the galleries, in hex; shown short, with the whole in its title.
    pub gallery_hash: String,
    /// Queries, over all groups.
    pub queries: u64,
    /// Who knows the answers.
    pub targets: Targets,
}

/// Who knows the targets of the benchmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Targets {
    /// The organisers only.
    Hidden,
    /// Everybody: anyone can score 100 %.
    Public,
    /// Nobody: uploads are validated, never scored.
    Absent,
}

/// One row of the standings: the best run of a team, or of a program of the organisers'.
#[derive(Debug, Clone)]
pub struct Row {
    /// Who it is, and with that whether it has a rank.
    pub entrant: Entrant,
    /// The name shown.
    pub team: String,
    /// Where more is said about the row, such as its submission; absent where nothing is public.
    pub href: Option<String>,
    /// What the team calls its method.
    pub method: Option<String>,
    /// The primary metric, as a fraction.
    pub overall: f64,
    /// The recalls of each group, in the order of [`BoardPage::groups`].
    pub groups: Vec<Recall>,
    /// Runs scored for this entrant.
    pub runs: u64,
    /// When the best run was uploaded.
    pub best: OffsetDateTime,
}

/// Who stands in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entrant {
    /// A team, with its rank: 1-based, shared by equal scores.
    Team {
        /// 1-based.
        rank: u64,
    },
    /// A reference model of the organisers': marked, never ranked.
    Baseline,
    /// A program that looks at neither query nor picture: marked, never ranked.
    Probe,
}

/// The recalls of one group, as fractions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recall {
    /// Recall@10.
    pub at_10: f64,
    /// Recall@50.
    pub at_50: f64,
}

/// By which column the rows are sorted, and which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// Which.
    pub column: Column,
    /// Highest, or latest, first.
    pub descending: bool,
}

/// A column that rows can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// The primary metric: the order of the standings.
    Overall,
    /// The team's name.
    Team,
    /// Recall@10 of a group, by its index.
    At10(usize),
    /// Recall@50 of a group, by its index.
    At50(usize),
    /// How many runs were scored.
    Runs,
    /// When the best run was uploaded.
    Best,
}
