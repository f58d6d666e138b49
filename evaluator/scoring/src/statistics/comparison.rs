//! Two runs on the same queries, under one measure.

use super::{Cells, Discordant, Interval, mcnemar, sign_flip};
use crate::measures::Judgements;
use crate::{GroupRanks, Measure, Ranks};

/// How many sign flips a test of values that are not only 0 and 1 draws.
const FLIPS: usize = 10_000;

/// What is known about the difference of two runs under a measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// The first run's value less the second's, over all groups.
    pub difference: f64,
    /// Its 95 % interval.
    pub interval: Interval,
    /// The two-sided p-value that the runs are equally good.
    pub p: f64,
    /// Whether the p-value is exact (`McNemar`'s test), and not drawn (the paired randomisation test).
    pub is_exact: bool,
    /// On how many queries each run is better than the other.
    pub better: Discordant,
    /// The mean difference of a query in standard deviations of these differences: 0.2 is small, 0.8
    /// large (Cohen 1988).
    pub effect: f64,
}

impl Comparison {
    /// Compares two runs; none where they are of other queries or the measure is no mean over queries.
    /// `seed` is for the drawn test only.
    pub fn of(one: &Ranks, other: &Ranks, measure: Measure, seed: u64) -> Option<Self> {
        let cells = Cells::of_differences(one, other, &[measure])?;
        let differences = differences(one, other, measure)?;
        let better = Discordant {
            first: differences.iter().filter(|d| **d > 0.0).count() as u64,
            second: differences.iter().filter(|d| **d < 0.0).count() as u64,
        };
        let is_exact = differences.iter().all(|d| [-1.0, 0.0, 1.0].contains(d));
        let p = if is_exact { mcnemar(&[better])[0] } else { sign_flip(&differences, FLIPS, seed) };
        let n = differences.len().max(1) as f64;
        let mean = differences.iter().sum::<f64>() / n;
        let square = differences.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / n;
        let effect = if square > 0.0 { mean / square.sqrt() } else { 0.0 };
        let (difference, interval) = (cells.overall()[0], cells.intervals().overall[0]);
        Some(Self { difference, interval, p, is_exact, better, effect })
    }
}

/// The differences of all queries, group after group.
fn differences(one: &Ranks, other: &Ranks, measure: Measure) -> Option<Vec<f64>> {
    let of_group = |(one, other): (&GroupRanks, &GroupRanks)| {
        let (one, other) = (Judgements::of(one), Judgements::of(other));
        let difference = |(one, other)| {
            let value = |query| measure.of_query(&query);
            Some(value(one)? - value(other)?)
        };
        one.iter().zip(other.iter()).map(difference).collect::<Option<Vec<f64>>>()
    };
    let groups = one.groups().iter().zip(other.groups()).map(of_group);
    Some(groups.collect::<Option<Vec<_>>>()?.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(found: impl Fn(usize) -> bool) -> Ranks {
        let targets = dataset::Targets::new((0..1000).map(|_| vec![0]));
        let mut group = GroupRanks::absent("dress", &targets);
        for query in (0..1000).filter(|query| found(*query)) {
            group.set(query, u32::MAX, std::iter::once(1 + query as u32 / 6 % 60));
        }
        Ranks::new(vec![group])
    }

    #[test]
    fn a_difference_is_what_the_scores_differ_by_and_turning_it_round_turns_its_sign() {
        let (one, other) = (run(|q| q % 2 == 0), run(|q| q % 3 == 0));
        for name in ["recall@10", "recall@50", "mrr@50", "mean_recall"] {
            let measure = name.parse().unwrap();
            let forth = Comparison::of(&one, &other, measure, 1).unwrap();
            let back = Comparison::of(&other, &one, measure, 1).unwrap();
            assert!((forth.difference + back.difference).abs() < 1e-12, "{name}");
            assert!((forth.interval.low + back.interval.high).abs() < 1e-6, "{name}");
            assert!(
                forth.interval.contains(forth.difference) && forth.interval.low > 0.0,
                "{name}"
            );
            assert_eq!(forth.better.first, back.better.second);
            assert!(forth.p < 0.05 && (forth.p - back.p).abs() < 0.001, "{name}: {forth:?}");
        }
        let same = Comparison::of(&one, &one, "recall@10".parse().unwrap(), 1).unwrap();
        assert!(same.difference.abs() < f64::EPSILON && (same.p - 1.0).abs() < f64::EPSILON);
        assert!(Comparison::of(&one, &one, "median_rank".parse().unwrap(), 1).is_none());
    }
}
