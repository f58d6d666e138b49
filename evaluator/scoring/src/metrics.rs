//! Metrics of one group as functions of its ranks. `docs/metrics.md` gives formulas and conventions.

use crate::GroupRanks;

impl GroupRanks {
    /// Recall@k: the mean over queries of (targets among the first k) / (targets). None beyond the
    /// shortest ranking, where it is unknown, and for k = 0.
    pub fn recall_at(&self, k: usize) -> Option<f64> {
        self.known(k).then(|| self.recall(k))
    }

    /// MRR@k: the mean over queries of 1 / (rank of the best-ranked target), 0 where none is among
    /// the first k. None beyond the shortest ranking, and for k = 0.
    pub fn mrr_at(&self, k: usize) -> Option<f64> {
        self.known(k).then(|| self.mrr(k))
    }

    /// nDCG@k with gain 1 for a target and discount 1 / log2(rank + 1), over the best that can be
    /// had: all targets, or k of them, at the top (Järvelin and Kekäläinen, 2002, with binary gain).
    /// None beyond the shortest ranking, and for k = 0.
    pub fn ndcg_at(&self, k: usize) -> Option<f64> {
        self.known(k).then(|| self.ndcg(k))
    }

    /// The median over queries of the best-ranked target's rank, the lower one of two: the smallest
    /// rank that at least half of the queries reach. None if more than half have no target in their
    /// ranking.
    pub fn median_rank(&self) -> Option<u32> {
        let mut best: Vec<u32> =
            (0..self.queries()).map(|query| self.best(query).unwrap_or(u32::MAX)).collect();
        best.sort_unstable();
        let middle = best.len().checked_sub(1)? / 2;
        Some(best[middle]).filter(|&rank| rank != u32::MAX)
    }

    /// Recall@k where a ranking that ends before k counts as if only outsiders followed.
    pub(crate) fn recall(&self, k: usize) -> f64 {
        self.mean(|query| {
            let ranks = self.of(query);
            ranks.iter().filter(|&&rank| within(rank, k)).count() as f64 / ranks.len() as f64
        })
    }

    /// As [`recall`](Self::recall).
    pub(crate) fn mrr(&self, k: usize) -> f64 {
        self.mean(|query| {
            let best = self.best(query).filter(|&rank| within(rank, k));
            best.map_or(0.0, |rank| 1.0 / f64::from(rank))
        })
    }

    /// As [`recall`](Self::recall).
    pub(crate) fn ndcg(&self, k: usize) -> f64 {
        let discount = |rank: u32| 1.0 / (f64::from(rank) + 1.0).log2();
        self.mean(|query| {
            let ranks = self.of(query);
            let gained: f64 =
                ranks.iter().filter(|&&rank| within(rank, k)).map(|&rank| discount(rank)).sum();
            let ideal: f64 = (1..=ranks.len().min(k) as u32).map(discount).sum();
            gained / ideal
        })
    }

    /// Whether all rankings reach k.
    fn known(&self, k: usize) -> bool {
        (1..=self.shortest()).contains(&k)
    }

    /// The rank of the query's best-ranked target, if one is in its ranking.
    fn best(&self, query: usize) -> Option<u32> {
        self.of(query).iter().copied().filter(|&rank| rank > 0).min()
    }

    /// The mean over queries; 0 if there are none, so that it is always a number.
    fn mean(&self, of: impl Fn(usize) -> f64) -> f64 {
        match self.queries() {
            0 => 0.0,
            // From 0, since a sum of nothing is -0, which would be told as a score.
            queries => (0..queries).map(of).fold(0.0, |sum, of| sum + of) / queries as f64,
        }
    }
}

/// Whether a rank, 0 for absent, is among the first k.
fn within(rank: u32, k: usize) -> bool {
    rank > 0 && rank as usize <= k
}

#[cfg(test)]
mod tests {
    use dataset::Targets;

    use super::*;

    /// Rankings of 50 in which the targets of each query have these ranks.
    fn ranks(queries: &[&[u32]]) -> GroupRanks {
        let targets = Targets::new(queries.iter().map(|ranks| vec![0; ranks.len()]));
        let mut group = GroupRanks::absent("dress", &targets);
        for (query, ranks) in queries.iter().enumerate() {
            group.set(query, 50, ranks.iter().copied());
        }
        group
    }

    fn close(a: Option<f64>, b: f64) {
        assert!((a.unwrap() - b).abs() < 1e-12, "{a:?} is not {b}");
    }

    #[test]
    fn the_worked_example_of_the_documentation_comes_out() {
        let group = ranks(&[&[1], &[10], &[11], &[0]]);
        close(group.recall_at(10), 0.5);
        close(group.recall_at(50), 0.75);
        close(group.mrr_at(50), (1.0 + 1.0 / 10.0 + 1.0 / 11.0) / 4.0);
        close(group.ndcg_at(10), (1.0 + 1.0 / 11_f64.log2()) / 4.0);
        assert_eq!(group.median_rank(), Some(10));
    }

    #[test]
    fn several_targets_share_a_query_and_the_best_one_leads() {
        let group = ranks(&[&[3, 0, 20]]);
        close(group.recall_at(10), 1.0 / 3.0);
        close(group.recall_at(20), 2.0 / 3.0);
        close(group.mrr_at(50), 1.0 / 3.0);
        let ideal = 1.0 + 1.0 / 3_f64.log2() + 0.5;
        close(group.ndcg_at(10), 0.5 / ideal);
        close(ranks(&[&[1, 2, 3]]).ndcg_at(2), 1.0);
    }

    #[test]
    fn a_cut_off_is_known_up_to_the_shortest_ranking() {
        let mut group = ranks(&[&[1], &[2]]);
        group.set(1, 7, [2].into_iter());
        assert_eq!(group.shortest(), 7);
        assert_eq!((group.recall_at(7), group.recall_at(8)), (Some(1.0), None));
        assert_eq!((group.mrr_at(8), group.ndcg_at(8), group.recall_at(0)), (None, None, None));
    }

    #[test]
    fn the_median_is_the_rank_that_half_of_the_queries_reach() {
        assert_eq!(ranks(&[&[4], &[2], &[9]]).median_rank(), Some(4));
        assert_eq!(ranks(&[&[4], &[0]]).median_rank(), Some(4));
        assert_eq!(ranks(&[&[4], &[0], &[0]]).median_rank(), None);
    }

    #[test]
    fn nothing_found_is_zero_and_never_minus_zero() {
        let group = ranks(&[&[0], &[0]]);
        for score in [group.recall(10), group.mrr(50), group.ndcg(10)] {
            assert_eq!(format!("{score:.3}"), "0.000");
        }
    }

    #[test]
    fn a_group_without_queries_scores_nothing_and_never_not_a_number() {
        let group = ranks(&[]);
        assert_eq!((group.recall(10), group.mrr(50), group.ndcg(10)), (0.0, 0.0, 0.0));
        assert_eq!((group.median_rank(), group.recall_at(1)), (None, None));
    }
}
