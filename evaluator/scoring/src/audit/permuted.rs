//! The permutation test that the checks share.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

/// A mean of costs over pairs, next to the same with the pairs permuted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Permuted {
    /// The mean cost of the pairs as they are.
    pub observed: f64,
    /// The mean of the mean costs of permuted pairs.
    pub mean: f64,
    /// Their standard deviation.
    pub deviation: f64,
    /// The one-sided p-value of a cost as low as observed, which counts as one of the permutations.
    pub p_low: f64,
}

impl Permuted {
    /// Pairs i with i, and then with a random permutation so many times; `cost(i, j)` is what it costs to
    /// pair i with j. None with fewer than two pairs.
    pub(super) fn of(
        pairs: usize,
        times: usize,
        seed: u64,
        cost: impl Fn(usize, usize) -> f64,
    ) -> Option<Self> {
        if pairs < 2 {
            return None;
        }
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut order: Vec<usize> = (0..pairs).collect();
        let mean_cost = |order: &[usize]| {
            let costs = order.iter().enumerate().map(|(i, &j)| cost(i, j));
            costs.sum::<f64>() / pairs as f64
        };
        let observed = mean_cost(&order);
        let drawn: Vec<f64> = (0..times)
            .map(|_| {
                order.shuffle(&mut random);
                mean_cost(&order)
            })
            .collect();
        // Sums of the same costs in another order differ in their last digits.
        let as_low = observed + 1e-12 * observed.abs();
        let low = drawn.iter().filter(|cost| **cost <= as_low).count();
        let (mean, deviation) = mean_and_deviation(&drawn);
        Some(Self { observed, mean, deviation, p_low: (low + 1) as f64 / (times + 1) as f64 })
    }

    /// How many standard deviations the observed cost is above the mean: negative if it is low.
    pub fn z(&self) -> f64 {
        let is_spread = self.deviation > 1e-12 * self.mean.abs();
        if is_spread { (self.observed - self.mean) / self.deviation } else { 0.0 }
    }
}

/// The mean of some values, and their standard deviation as a sample.
pub(super) fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    let square = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
    (mean, (square / (n - 1.0).max(1.0)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distance(i: usize, j: usize) -> f64 {
        i.abs_diff(j) as f64
    }

    #[test]
    fn pairs_that_belong_together_are_found_and_others_are_not() {
        let together = Permuted::of(200, 999, 1, distance).unwrap();
        assert!((together.p_low - 0.001).abs() < 1e-9 && together.z() < -10.0, "{together:?}");
        let apart =
            Permuted::of(200, 999, 1, |i, j| distance(i * 7919 % 200, j * 31 % 200)).unwrap();
        assert!(apart.p_low > 0.01 && apart.z().abs() < 2.5, "{apart:?}");
    }

    #[test]
    fn equal_costs_say_nothing() {
        let same = Permuted::of(50, 99, 1, |_, _| 0.1).unwrap();
        assert!(
            (same.p_low - 1.0).abs() < f64::EPSILON && same.z().abs() < f64::EPSILON,
            "{same:?}"
        );
        assert_eq!(Permuted::of(1, 99, 1, distance), None);
    }
}
