//! The metrics of one submission.

use crate::numbers::{bar, format_count, format_percent, scale};

/// The metrics of one submission, as fractions.
#[derive(Debug, Clone)]
pub struct Scorecard {
    /// The primary metric.
    pub overall: f64,
    /// Where the submission stands on the board.
    pub standing: Standing,
    /// One a group, in the benchmark's order; empty where only the overall score is told.
    pub groups: Vec<GroupScore>,
    /// The benchmark and scorer it was computed under, such as `fashion-iq-val 1, scorer 1`.
    pub under: String,
}

/// Where a submission stands on the board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is the best of its team, on this rank: 1-based, shared by equal scores.
    Rank(u64),
    /// Another submission of its team is better, or as good and earlier.
    Surpassed,
    /// It is of a baseline or a probe: shown, never ranked.
    Unranked,
    /// It is of a team out of competition: shown, never ranked.
    Guest,
    /// It came after the board was frozen.
    AfterFreeze,
    /// The board does not show it: it is withdrawn, or the scores of the phase are not public.
    NotShown,
}

/// The metrics of one group, as fractions.
#[derive(Debug, Clone)]
pub struct GroupScore {
    /// `dress`, `shirt`, `toptee`.
    pub name: String,
    /// Queries of the group.
    pub queries: u64,
    /// Recall@10.
    pub at_10: f64,
    /// Recall@50.
    pub at_50: f64,
    /// What is told besides where targets are public.
    pub further: Option<Further>,
}

/// What is told of a group besides its recalls, where targets are public.
#[derive(Debug, Clone, Copy)]
pub struct Further {
    /// The mean of 1 / rank of the best-ranked target, 0 beyond 50.
    pub mrr_at_50: f64,
    /// Discounted gain among the first 10, over the best that can be had.
    pub ndcg_at_10: f64,
    /// The rank that half of the queries reach; absent where fewer than half are found.
    pub median_rank: Option<u64>,
}

impl Scorecard {
    pub(super) fn percent(&self) -> String {
        format_percent(self.overall, 2)
    }

    /// Whether any group tells more than its recalls.
    pub(super) fn tells_further(&self) -> bool {
        self.groups.iter().any(|group| group.further.is_some())
    }

    /// The end of the scale of the bars, as a fraction.
    fn scale(&self) -> f64 {
        scale(self.groups.iter().flat_map(|g| [g.at_10, g.at_50]))
    }

    pub(super) fn scale_percent(&self) -> String {
        format_percent(self.scale(), 0)
    }

    pub(super) fn bar(&self, value: f64) -> String {
        bar(value, self.scale())
    }
}

impl GroupScore {
    pub(super) fn queries_told(&self) -> String {
        format_count(self.queries)
    }

    pub(super) fn percent_at_10(&self) -> String {
        format_percent(self.at_10, 1)
    }

    pub(super) fn percent_at_50(&self) -> String {
        format_percent(self.at_50, 1)
    }

    /// Every metric with its name, where more than recalls is told; a dash for what is not.
    pub(super) fn told(&self) -> [(&'static str, String); 5] {
        let dash = || "–".to_owned();
        let percent = |pick: fn(&Further) -> f64| {
            self.further.as_ref().map_or_else(dash, |further| format_percent(pick(further), 1))
        };
        // as the documents write it: fewer than half are found
        let median = |further: &Further| further.median_rank.map_or(">50".to_owned(), format_count);
        [
            ("R@10", self.percent_at_10()),
            ("R@50", self.percent_at_50()),
            ("MRR@50", percent(|further| further.mrr_at_50)),
            ("nDCG@10", percent(|further| further.ndcg_at_10)),
            ("median rank", self.further.as_ref().map_or_else(dash, median)),
        ]
    }
}
