//! The scores of one submission.

use super::{Interval, MeasureName, Value};
use crate::numbers::{bar, format_count, format_percent, scale};

/// The scores of one submission.
#[derive(Debug, Clone)]
pub struct Scorecard {
    /// The primary measure over all groups, as a fraction.
    pub overall: f64,
    /// Its 95 % interval, if it is known.
    pub interval: Option<Interval>,
    /// The submission's standing on the board.
    pub standing: Standing,
    /// The measures shown for each group; empty if only the overall score is shown.
    pub measures: Vec<MeasureName>,
    /// The word for a group: `Category`.
    pub group_word: String,
    /// One per group, in the benchmark's order.
    pub groups: Vec<GroupScore>,
    /// The benchmark and scorer it was computed with, such as `fashion-iq-val 1, scorer 1`.
    pub under: String,
}

/// A submission's standing on the board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is the best of its team, at this rank: 1-based, shared by equal scores.
    Rank(u64),
    /// Another submission of its team is better, or equal and earlier.
    Surpassed,
    /// It is from a baseline or a probe: shown, never ranked.
    Unranked,
    /// It is from a team out of competition: shown, never ranked.
    Guest,
    /// It came after the board was frozen.
    AfterFreeze,
    /// The board does not show it: it is withdrawn, or the scores of the phase are not public.
    NotShown,
}

/// The scores of one group.
#[derive(Debug, Clone)]
pub struct GroupScore {
    /// `dress`, `shirt`, `toptee`.
    pub name: String,
    /// Queries of the group.
    pub queries: u64,
    /// The value of each measure, in the order of [`Scorecard::measures`].
    pub values: Vec<Value>,
    /// The 95 % intervals of those that have one, in the same order; empty if none has.
    pub intervals: Vec<Option<Interval>>,
}

/// A cell of the table of scores.
pub(super) struct ScoreCell<'a> {
    pub(super) label: &'a str,
    pub(super) text: String,
    /// Half the width of its interval, and the interval.
    pub(super) spread: Option<(String, String)>,
    /// The length of its bar, if bars are drawn.
    pub(super) bar: Option<String>,
}

/// A table with more columns has no room for bars.
const MOST_WITH_BARS: usize = 2;

impl Scorecard {
    pub(super) fn percent(&self) -> String {
        format_percent(self.overall, 2)
    }

    /// Whether values are drawn as bars: few columns, and all of them shares.
    pub(super) fn draws_bars(&self) -> bool {
        let shares = self.values().all(|value| value.share().is_some());
        shares && self.measures.len() <= MOST_WITH_BARS
    }

    /// Whether all that is there are shares, which are shown in percent.
    pub(super) fn is_in_percent(&self) -> bool {
        self.values().all(|value| matches!(value, Value::Share(_) | Value::Missing))
    }

    pub(super) fn scale_percent(&self) -> String {
        format_percent(self.scale(), 0)
    }

    /// The cells of a group's row, after its name and its queries.
    pub(super) fn cells<'a>(&'a self, group: &'a GroupScore) -> Vec<ScoreCell<'a>> {
        let scale = self.draws_bars().then(|| self.scale());
        let intervals = group.intervals.iter().copied().chain(std::iter::repeat(None));
        let cell = |((measure, value), interval): ((&'a MeasureName, &Value), Option<Interval>)| {
            ScoreCell {
                label: &measure.label,
                text: value.text(),
                spread: interval.map(|it| match value {
                    Value::Share(_) => (it.half_width(), it.range()),
                    _ => it.of_number(),
                }),
                bar: scale.zip(value.share()).map(|(scale, share)| bar(share, scale)),
            }
        };
        self.measures.iter().zip(&group.values).zip(intervals).map(cell).collect()
    }

    fn values(&self) -> impl Iterator<Item = Value> {
        self.groups.iter().flat_map(|group| group.values.iter().copied())
    }

    /// The end of the scale of the bars, as a fraction.
    fn scale(&self) -> f64 {
        scale(self.values().filter_map(Value::share))
    }
}

impl GroupScore {
    pub(super) fn queries_text(&self) -> String {
        format_count(self.queries)
    }
}
