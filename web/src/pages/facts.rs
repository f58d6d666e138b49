//! What is above a board: counts, and what is measured on which data.

use std::time::Duration;

use time::OffsetDateTime;

use crate::numbers::{counted, format_count, format_percent, format_span};

/// Counts of a phase so far.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counters {
    /// Teams with at least one scored submission.
    pub teams: u64,
    /// Scored submissions, baselines and probes included.
    pub scored: u64,
    /// The median time from upload to score; absent before the first score.
    pub median_to_score: Option<Duration>,
    /// Submissions that failed through our fault, or have waited for too long.
    pub lost_or_stuck: u64,
}

/// What is measured, and on which data.
#[derive(Debug, Clone)]
pub struct Facts {
    /// `original`, `val-union`, `mbeir` or `multi-turn`.
    pub protocol: String,
    /// The hash of the galleries, in hex; shortened on the page, complete in its title.
    pub gallery_hash: String,
    /// The digest that commits to the hidden targets, in hex; shortened on the page, complete in its
    /// title.
    pub commitment: Option<String>,
    /// The queries that scores are on, over all groups.
    pub queries: u64,
    /// All queries.
    pub all_queries: u64,
    /// What scores are means over, one and several: `query`, `queries`.
    pub noun: [&'static str; 2],
    /// The feedback share, if the phase has one.
    pub share: Option<Share>,
    /// Whether scores are rounded now.
    pub rounded: bool,
    /// The step of the Ladder as a fraction, if scores are on it now.
    pub ladder: Option<f64>,
    /// Who knows the answers.
    pub targets: Targets,
    /// When the benchmark was audited last for what it gives away, and whether no leak was found.
    pub audited: Option<(OffsetDateTime, bool)>,
}

/// A feedback share: the queries that scores are on until the reveal.
#[derive(Debug, Clone)]
pub struct Share {
    /// In percent.
    pub percent: u64,
    /// The commitment to its key, in hex; shortened on the page, complete in its title.
    pub commitment: String,
    /// The key in hex, once it is public.
    pub key: Option<String>,
    /// Whether scores are on the other queries now.
    pub is_revealed: bool,
}

/// The smallest difference of two scores that a benchmark can show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resolution {
    /// As a fraction.
    pub difference: f64,
    /// Whether it follows from the submissions on the board, not from an assumption.
    pub is_measured: bool,
}

/// Who knows the targets of the benchmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Targets {
    /// The organisers only.
    Hidden,
    /// Everyone: anyone can score 100 %.
    Public,
    /// Nobody: uploads are validated, never scored.
    Absent,
    /// Nobody: they are drawn for each submission.
    Drawn,
}

impl Resolution {
    /// In points: `1.3`.
    pub(super) fn points(self) -> String {
        format_percent(self.difference, 1)
    }
}

impl Facts {
    /// The step of the Ladder in points, `0.5`.
    pub(super) fn step(&self) -> Option<String> {
        self.ladder.map(|step| format_percent(step, 1))
    }

    /// `6,118 queries`, or `300 dialogs`.
    pub(super) fn counted(&self, count: u64) -> String {
        let [one, many] = self.noun;
        counted(count, one, many)
    }

    /// `6,118 queries`, or `2,447 of 6,118 queries`.
    pub(super) fn queries(&self) -> String {
        let all = self.counted(self.all_queries);
        if self.queries == self.all_queries {
            return all;
        }
        format!("{} of {all}", format_count(self.queries))
    }
}

impl Counters {
    pub(super) fn teams(&self) -> String {
        format_count(self.teams)
    }

    pub(super) fn teams_named(&self) -> &'static str {
        if self.teams == 1 { "team" } else { "teams" }
    }

    pub(super) fn runs_named(&self) -> &'static str {
        if self.scored == 1 { "submission scored" } else { "submissions scored" }
    }

    pub(super) fn scored(&self) -> String {
        format_count(self.scored)
    }

    pub(super) fn lost_or_stuck(&self) -> String {
        format_count(self.lost_or_stuck)
    }

    pub(super) fn median(&self) -> String {
        self.median_to_score.map_or("–".to_owned(), format_span)
    }
}
