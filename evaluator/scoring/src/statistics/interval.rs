//! Intervals.

use serde::{Deserialize, Serialize};

/// The two-sided 97.5 % point of the standard normal distribution: 95 % lie within.
const Z: f64 = 1.959_963_984_540_054;

/// A 95 % interval of a value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Interval {
    /// Whether a value is in it.
    pub fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// The interval between the percentiles of values that were drawn; none of no values. They are put
    /// into order.
    pub(super) fn of_percentiles(drawn: &mut [f64]) -> Option<Self> {
        let last = drawn.len().checked_sub(1)?;
        let tail = (1.0 - super::CONFIDENCE) / 2.0;
        let low = (tail * last as f64).round() as usize;
        let high = last - low;
        let by_size = |a: &f64, b: &f64| a.total_cmp(b);
        let low_value = *drawn.select_nth_unstable_by(low, by_size).1;
        let high_value = *drawn.select_nth_unstable_by(high, by_size).1;
        Some(Self { low: low_value, high: high_value })
    }
}

/// The 95 % interval of a proportion after `hits` of `of` (Wilson 1927: the proportions that a score
/// test does not reject). Its lower end is 0 without a hit and its upper end 1 with nothing but hits;
/// without trials it is everything.
pub fn wilson(hits: u64, of: u64) -> Interval {
    if of == 0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let n = of as f64;
    let p = hits as f64 / n;
    let middle = p + Z * Z / (2.0 * n);
    let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    let low = if hits == 0 { 0.0 } else { (middle - half) / scale };
    let high = if hits == of { 1.0 } else { (middle + half) / scale };
    Interval { low, high }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::binomial::LogFactorials;

    #[test]
    fn the_ends_are_those_of_the_literature() {
        // Newcombe 1998, table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29
        for (hits, of, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let Interval { low: a, high: b } = wilson(hits, of);
            assert!((a - low).abs() < 5e-5 && (b - high).abs() < 5e-5, "{hits}/{of}: {a} {b}");
        }
        assert!((wilson(20, 20).high - 1.0).abs() < f64::EPSILON);
        assert_eq!(wilson(0, 0), Interval { low: 0.0, high: 1.0 });
    }

    #[test]
    fn it_holds_the_truth_as_often_as_it_says() {
        let n = 2000;
        let of = LogFactorials::up_to(n);
        let intervals: Vec<Interval> = (0..=n).map(|k| wilson(k as u64, n as u64)).collect();
        let coverage = |p: f64| -> f64 {
            let held = |k: &usize| intervals[*k].contains(p);
            (0..=n).filter(held).map(|k| of.probability(n, k, p)).sum()
        };
        // It swings with p, as counts are whole; what counts is its mean nearby.
        for p in [0.03, 0.1, 0.3, 0.5, 0.7, 0.9] {
            let near: Vec<f64> = (-50..50).map(|i| coverage(p + f64::from(i) * 1e-4)).collect();
            let mean = near.iter().sum::<f64>() / near.len() as f64;
            assert!((mean - 0.95).abs() < 0.005, "{p}: {mean}");
        }
    }
}
