//! Which ranks a run could as well have had.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::Interval;
use crate::measures::Judgements;
use crate::{Measure, Ranks};

/// Where a run is ranked if queries are resampled.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RankInterval {
    /// The best rank of the 95 % interval, from 1.
    pub best: u32,
    /// The worst.
    pub worst: u32,
    /// Whether it can't be told apart from the run with the highest score: the 95 % interval of their
    /// difference holds 0.
    pub with_first: bool,
}

/// The 95 % intervals of the ranks of runs on the same queries under a measure, which is a mean over
/// queries. The queries of each group are resampled jointly for all runs. None where the runs are of
/// other queries or the measure has no value for one. It takes time in proportion to runs, queries
/// and `times`, and memory for the values of one group and for the scores.
pub fn rank_intervals(
    runs: &[&Ranks],
    measure: Measure,
    times: usize,
    seed: u64,
) -> Option<Vec<RankInterval>> {
    let Scores { observed, resampled } = Scores::of(runs, measure, times, seed)?;
    let first = (0..runs.len()).max_by(|&a, &b| observed[a].total_cmp(&observed[b]))?;
    let mut ranks: Vec<Vec<f64>> = vec![Vec::with_capacity(times); runs.len()];
    let mut ahead = vec![0_usize; runs.len()];
    for scores in &resampled {
        for (run, rank) in ranks_of(scores).into_iter().enumerate() {
            ranks[run].push(f64::from(rank));
            ahead[run] += usize::from(scores[run] >= scores[first]);
        }
    }
    let tail = (1.0 - super::CONFIDENCE) / 2.0 * times as f64;
    let placed = |(run, ranks): (usize, &mut Vec<f64>)| {
        let Interval { low, high } = Interval::of_percentiles(ranks)?;
        let with_first = run == first || ahead[run] as f64 >= tail;
        Some(RankInterval { best: low as u32, worst: high as u32, with_first })
    };
    ranks.iter_mut().enumerate().map(placed).collect()
}

/// How often each run has each rank, from 1, over the same resamples as those of [`rank_intervals`];
/// None as there.
pub fn rank_frequencies(
    runs: &[&Ranks],
    measure: Measure,
    times: usize,
    seed: u64,
) -> Option<Vec<Vec<u32>>> {
    let mut frequencies = vec![vec![0; runs.len()]; runs.len()];
    for scores in &Scores::of(runs, measure, times, seed)?.resampled {
        for (run, rank) in ranks_of(scores).into_iter().enumerate() {
            frequencies[run][rank as usize - 1] += 1;
        }
    }
    Some(frequencies)
}

/// The scores of some runs, as they are and over resampled queries.
struct Scores {
    observed: Vec<f64>,
    /// By resample, then by run.
    resampled: Vec<Vec<f64>>,
}

impl Scores {
    fn of(runs: &[&Ranks], measure: Measure, times: usize, seed: u64) -> Option<Self> {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut observed = vec![0.0; runs.len()];
        let mut resampled = vec![vec![0.0; runs.len()]; times];
        let groups = runs.first()?.groups().len();
        for group in 0..groups {
            let values = Values::of(runs, group, measure)?;
            values.add(&mut observed, 0..values.queries, groups);
            for scores in &mut resampled {
                let drawn = (0..values.queries).map(|_| random.random_range(0..values.queries));
                values.add(scores, drawn, groups);
            }
        }
        Some(Self { observed, resampled })
    }
}

/// The values of one group: a row a query, a column a run.
struct Values {
    queries: usize,
    runs: usize,
    rows: Vec<f32>,
}

impl Values {
    fn of(runs: &[&Ranks], group: usize, measure: Measure) -> Option<Self> {
        let queries = runs.first()?.groups().get(group)?.queries();
        let mut rows = vec![0.0; queries * runs.len()];
        for (r, run) in runs.iter().enumerate() {
            let own = run.groups().get(group).filter(|own| own.queries() == queries)?;
            for (q, query) in Judgements::of(own).iter().enumerate() {
                rows[q * runs.len() + r] = measure.of_query(&query)? as f32;
            }
        }
        Some(Self { queries, runs: runs.len(), rows })
    }

    /// Adds the means over some queries to the scores, which are means over so many groups.
    fn add(&self, scores: &mut [f64], queries: impl Iterator<Item = usize>, groups: usize) {
        let mut sums = vec![0.0_f32; self.runs];
        for query in queries {
            let row = &self.rows[query * self.runs..(query + 1) * self.runs];
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += value;
            }
        }
        for (score, sum) in scores.iter_mut().zip(&sums) {
            *score += f64::from(*sum) / self.queries.max(1) as f64 / groups as f64;
        }
    }
}

/// The rank of each score, the highest first; equal ones share a rank.
fn ranks_of(scores: &[f64]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_unstable_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    let mut ranks = vec![0; scores.len()];
    for (place, &run) in order.iter().enumerate() {
        ranks[run] = match place.checked_sub(1).map(|before| order[before]) {
            Some(before) if scores[before] <= scores[run] => ranks[before],
            _ => place as u32 + 1,
        };
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::GroupRanks;

    /// A run that finds the targets of about so many of a thousand queries.
    fn run(queries: usize, thousandths: usize) -> Ranks {
        let targets = dataset::Targets::new((0..queries).map(|_| vec![0]));
        let mut group = GroupRanks::absent("dress", &targets);
        for query in (0..queries).filter(|query| query * 7919 % 1000 < thousandths) {
            group.set(query, u32::MAX, std::iter::once(1));
        }
        Ranks::new(vec![group])
    }

    #[test]
    fn runs_that_are_near_share_ranks_and_runs_that_are_far_do_not() {
        let runs = [run(2000, 400), run(2000, 405), run(2000, 100)];
        let runs: Vec<&Ranks> = runs.iter().collect();
        let measure = "recall@10".parse().unwrap();
        let placed = rank_intervals(&runs, measure, 500, 1).unwrap();
        assert_eq!(placed, rank_intervals(&runs, measure, 500, 1).unwrap(), "the same seed");
        // Queries are resampled jointly: a run that finds all that another finds, and more, is never behind.
        assert_eq!((placed[1].best, placed[1].worst), (1, 1));
        assert_eq!((placed[2].best, placed[2].worst, placed[2].with_first), (3, 3, false));
        let frequencies = rank_frequencies(&runs, measure, 500, 1).unwrap();
        assert_eq!(frequencies, [[0, 500, 0], [500, 0, 0], [0, 0, 500]]);
        assert!(rank_intervals(&[runs[0], &run(10, 0)], measure, 5, 1).is_none(), "other queries");
    }

    #[test]
    fn equal_scores_share_a_rank() {
        assert_eq!(ranks_of(&[0.5, 0.7, 0.5, 0.1]), [2, 1, 2, 4]);
    }
}
