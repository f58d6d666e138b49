//! A row of the final standings.

use crate::numbers::{format_count, format_percent};
use crate::pages::{Entrant, Interval};

/// A row of the final standings.
#[derive(Debug, Clone)]
pub struct ReportRow {
    /// Whose row it is, which also decides whether it has a rank.
    pub entrant: Entrant,
    /// The name shown.
    pub team: String,
    /// The name of its method.
    pub method: Option<String>,
    /// The primary measure over all groups, as a fraction.
    pub overall: f64,
    /// Its 95 % interval, if it is known.
    pub interval: Option<Interval>,
    /// The best and the worst rank that it could have, at 95 %, if they are known.
    pub rank_interval: Option<(u64, u64)>,
    /// Its scored submissions.
    pub submissions: u64,
}

impl ReportRow {
    pub(super) fn rank(&self) -> Option<u64> {
        match self.entrant {
            Entrant::Team { rank } => Some(rank),
            Entrant::Baseline | Entrant::Probe | Entrant::Guest => None,
        }
    }

    /// Its rank, or why it has none.
    pub(super) fn rank_text(&self) -> String {
        match self.entrant {
            Entrant::Team { rank } => format_count(rank),
            Entrant::Baseline => "baseline".to_owned(),
            Entrant::Probe => "probe".to_owned(),
            Entrant::Guest => "guest".to_owned(),
        }
    }

    /// `2 to 5`, or a single rank.
    pub(super) fn ranks_text(&self) -> String {
        match self.rank_interval {
            None => "–".to_owned(),
            Some((best, worst)) if best == worst => format_count(best),
            Some((best, worst)) => format!("{} to {}", format_count(best), format_count(worst)),
        }
    }

    pub(super) fn percent(&self) -> String {
        format_percent(self.overall, 2)
    }

    /// `62.3 to 64.6`, in percent.
    pub(super) fn interval_text(&self) -> String {
        let ends = |it: Interval| {
            format!("{} to {}", format_percent(it.low, 1), format_percent(it.high, 1))
        };
        self.interval.map_or("–".to_owned(), ends)
    }

    pub(super) fn submissions_text(&self) -> String {
        format_count(self.submissions)
    }
}
