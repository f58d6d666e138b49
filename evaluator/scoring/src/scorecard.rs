//! The metrics of one submission.

use serde::{Deserialize, Serialize};

use crate::{Benchmark, Ranks};

/// The metrics of one submission, by group and overall: fractions from 0 to 1 at full precision,
/// always finite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scorecard {
    /// The primary metric: the mean over groups and over K = 10 and 50 of Recall@K.
    pub overall: f64,
    /// In the benchmark's order.
    pub groups: Vec<GroupScore>,
}

/// The metrics of one group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupScore {
    /// `dress`, `shirt`, `toptee`.
    pub group: String,
    /// How many queries the means are over.
    pub queries: usize,
    /// The share of targets among the first 10.
    pub recall_at_10: f64,
    /// The share of targets among the first 50.
    pub recall_at_50: f64,
    /// The mean of 1 / rank of the best-ranked target, 0 beyond 50.
    pub mrr_at_50: f64,
    /// Discounted gain among the first 10, over the best that can be had.
    pub ndcg_at_10: f64,
    /// The median rank of the best-ranked target; none if more than half of the queries have none in
    /// their ranking.
    pub median_rank: Option<u32>,
}

impl Scorecard {
    /// The metrics of ranks that were read against this benchmark. A group they lack scores 0; a
    /// gallery of fewer items than a cut-off is ranked whole, so the cut-off is its end. A benchmark
    /// without groups scores 0.
    pub fn of(ranks: &Ranks, benchmark: &Benchmark) -> Self {
        let groups: Vec<GroupScore> = benchmark
            .groups()
            .iter()
            .map(|group| GroupScore::of(ranks, &group.name, group.queries.len()))
            .collect();
        let recalls: f64 = groups.iter().map(|group| group.recall_at_10 + group.recall_at_50).sum();
        Self { overall: recalls / (2 * groups.len()).max(1) as f64, groups }
    }
}

impl GroupScore {
    fn of(ranks: &Ranks, name: &str, queries: usize) -> Self {
        let group = ranks.group(name);
        Self {
            group: name.to_owned(),
            queries,
            recall_at_10: group.map_or(0.0, |group| group.recall(10)),
            recall_at_50: group.map_or(0.0, |group| group.recall(50)),
            mrr_at_50: group.map_or(0.0, |group| group.mrr(50)),
            ndcg_at_10: group.map_or(0.0, |group| group.ndcg(10)),
            median_rank: group.and_then(crate::GroupRanks::median_rank),
        }
    }
}
