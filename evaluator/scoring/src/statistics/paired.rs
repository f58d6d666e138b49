//! Two runs on the same queries.

use super::binomial::LogFactorials;
use crate::measures::Judgements;
use crate::{Measure, Ranks};

/// On how many queries exactly one of two runs is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Discordant {
    /// Only the first is.
    pub first: u64,
    /// Only the second is.
    pub second: u64,
}

impl Discordant {
    /// Counts the queries on which exactly one of two runs has the higher value of a measure. None
    /// where they are runs of other queries or a query has no value.
    pub fn of(one: &Ranks, other: &Ranks, measure: Measure) -> Option<Self> {
        let mut found = Self { first: 0, second: 0 };
        if one.groups().len() != other.groups().len() {
            return None;
        }
        for (one, other) in one.groups().iter().zip(other.groups()) {
            if one.queries() != other.queries() {
                return None;
            }
            let (one, other) = (Judgements::of(one), Judgements::of(other));
            for (one, other) in one.iter().zip(other.iter()) {
                let (one, other) = (measure.of_query(&one)?, measure.of_query(&other)?);
                found.first += u64::from(one > other);
                found.second += u64::from(one < other);
            }
        }
        Some(found)
    }

    /// On how many queries the runs differ.
    pub const fn total(self) -> u64 {
        self.first + self.second
    }
}

/// The exact two-sided p-value of `McNemar`'s test for some pairs of runs: the probability that a fair coin,
/// tossed once for each query on which they differ, is as one-sided as they are, or more. 1 where they
/// differ nowhere.
pub fn mcnemar(pairs: &[Discordant]) -> Vec<f64> {
    let most = pairs.iter().map(|pair| pair.first + pair.second).max().unwrap_or_default();
    let factorials = LogFactorials::up_to(most as usize);
    let p = |pair: &Discordant| {
        let (n, less) = (pair.first + pair.second, pair.first.min(pair.second));
        (2.0 * factorials.at_most_fair(n as usize, less as usize)).min(1.0)
    };
    pairs.iter().map(p).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_values_are_those_of_the_binomial_test() {
        // scipy.stats.binomtest(k, n).pvalue
        let pairs = [(5, 15), (0, 6), (222, 314), (10, 10), (0, 0)];
        let expected = [0.041_389_465_332_031_25, 0.031_25, 8.164_320_976_758_205e-5, 1.0, 1.0];
        let pairs = pairs.map(|(first, second)| Discordant { first, second });
        for (p, expected) in mcnemar(&pairs).into_iter().zip(expected) {
            assert!((p - expected).abs() < 1e-12 * expected.max(1e-3), "{p} is not {expected}");
        }
    }
}
