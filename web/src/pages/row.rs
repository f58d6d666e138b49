//! One row of the standings.

use std::cmp::Ordering;

use time::OffsetDateTime;

use super::{Answer, Column};
use crate::numbers::{format_count, format_percent};

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
    /// The recalls of each group, in the order of the board's groups; empty where they are not told.
    pub groups: Vec<Recall>,
    /// What it has answered to what the phase asks, in the order in which it asks.
    pub details: Vec<Answer>,
    /// Whether it is as the visitor wants rows to be; others are not drawn.
    pub is_wanted: bool,
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
    /// A team out of competition: marked, never ranked.
    Guest,
}

/// The recalls of one group, as fractions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recall {
    /// Recall@10.
    pub at_10: f64,
    /// Recall@50.
    pub at_50: f64,
}

impl Row {
    pub(super) fn compare(&self, other: &Self, column: Column) -> Ordering {
        let recall = |row: &Self, i: usize| row.groups.get(i).copied();
        let at_10 = |row, i| recall(row, i).map_or(f64::NEG_INFINITY, |r| r.at_10);
        let at_50 = |row, i| recall(row, i).map_or(f64::NEG_INFINITY, |r| r.at_50);
        match column {
            Column::Overall => self.overall.total_cmp(&other.overall),
            Column::Team => self.team.to_lowercase().cmp(&other.team.to_lowercase()),
            Column::At10(i) => at_10(self, i).total_cmp(&at_10(other, i)),
            Column::At50(i) => at_50(self, i).total_cmp(&at_50(other, i)),
            Column::Runs => self.runs.cmp(&other.runs),
            Column::Best => self.best.cmp(&other.best),
        }
    }

    /// What its line has room for of its answers: words, and where a link leads.
    pub(super) fn briefly(&self) -> Vec<(String, Option<&str>)> {
        self.details.iter().filter_map(|d| Some((d.brief()?, d.href()))).collect()
    }

    /// What it is called where it is not a team.
    pub(super) fn mark(&self) -> Option<&'static str> {
        match self.entrant {
            Entrant::Team { .. } => None,
            Entrant::Baseline => Some("baseline"),
            Entrant::Probe => Some("probe"),
            Entrant::Guest => Some("out of competition"),
        }
    }

    pub(super) fn rank(&self) -> Option<u64> {
        match self.entrant {
            Entrant::Team { rank } => Some(rank),
            Entrant::Baseline | Entrant::Probe | Entrant::Guest => None,
        }
    }

    pub(super) fn percent(&self) -> String {
        format_percent(self.overall, 2)
    }

    pub(super) fn runs_told(&self) -> String {
        format_count(self.runs)
    }
}
