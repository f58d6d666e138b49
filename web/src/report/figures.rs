//! The figures of a report.

use super::{RankStability, ReportPage, SignificanceMap};
use crate::charts::{Steps, StepsOf, Svg, pairs, ranks, steps};
use crate::numbers::{counted, format_count};

impl RankStability {
    /// The heat map of ranks.
    pub(super) fn figure(&self) -> Svg {
        let description = format!(
            "A row for each team, a column for each rank. {} The table has the numbers.",
            self.sentence()
        );
        let title = "How often each team has each rank, in percent";
        ranks("rank-stability", title, &description, &self.rows())
    }
}

impl SignificanceMap {
    /// The map of pairs.
    pub(super) fn figure(&self) -> Svg {
        let description = format!(
            "A row for each team, a column for each team after it. {} The table names them.",
            self.sentence()
        );
        pairs("significance", "Which teams are better than which", &description, &self.rows())
    }
}

impl ReportPage {
    /// Scored submissions over time; absent if there are none.
    pub(super) fn scored_figure(&self) -> Option<Svg> {
        let (_, all) = self.scored.last()?;
        let points: Vec<_> = self.scored.iter().map(|(at, scored)| (*at, *scored as f64)).collect();
        Some(steps(&Steps {
            id: "scored-over-time",
            title: "Scored submissions so far",
            description: &format!("A line that rises to {}.", format_count(*all)),
            of: StepsOf::Count,
            points: &points,
            until: self.record.at,
        }))
    }

    /// The best score over time; absent if there is none.
    pub(super) fn best_figure(&self) -> Option<Svg> {
        let last = self.best_percent()?;
        Some(steps(&Steps {
            id: "best-over-time",
            title: "Best score so far, in percent",
            description: &format!(
                "A line that rises in {} to {last} %.",
                counted(self.best.len() as u64, "step", "steps")
            ),
            of: StepsOf::Share,
            points: &self.best,
            until: self.record.at,
        }))
    }
}
