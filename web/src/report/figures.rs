//! The figures of a report.

use super::{RankStability, ReportPage, SignificanceMap};
use crate::charts::{Steps, StepsOf, Svg, pairs, ranks, steps};
use crate::numbers::format_count;

impl ReportPage {
    /// The heat map of ranks.
    pub(super) fn stability_figure(&self, stability: &RankStability) -> Svg {
        let description = format!(
            "A row for each team, a column for each rank: {} The table has the numbers.",
            stability.sentence()
        );
        ranks(
            "rank-stability",
            "How often each team has each rank, in percent",
            &description,
            &stability.rows(),
        )
    }

    /// The map of pairs.
    pub(super) fn significance_figure(&self, map: &SignificanceMap) -> Svg {
        let description = format!(
            "A row for each team, a column for each team after it. {} The table names them.",
            map.sentence()
        );
        pairs("significance", "Which teams are better than which", &description, &map.rows())
    }

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
                crate::numbers::counted(self.best.len() as u64, "step", "steps")
            ),
            of: StepsOf::Share,
            points: &self.best,
            until: self.record.at,
        }))
    }
}
