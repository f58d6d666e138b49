//! The smallest difference that a benchmark can show.

use super::binomial::LogFactorials;

/// What a comparison of two runs is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Design {
    /// How many queries there are.
    pub queries: u64,
    /// On which share of the queries exactly one of two runs is expected to be right.
    pub disagreement: f64,
    /// The level of the test.
    pub level: f64,
    /// The probability with which a difference is to be seen.
    pub power: f64,
}

impl Design {
    /// A comparison at the 5 % level that sees a difference four times out of five.
    pub fn usual(queries: u64, disagreement: f64) -> Self {
        Self { queries, disagreement, level: 0.05, power: 0.8 }
    }
}

/// The smallest difference of two hit rates that `McNemar`'s exact test sees with the probability that is
/// asked for: a fraction. None where it sees not even the largest that the disagreement leaves room for.
pub fn resolution(design: Design) -> Option<f64> {
    let n = design.queries as usize;
    let test = Test { factorials: LogFactorials::up_to(n), design, n };
    if test.power(design.disagreement) < design.power {
        return None;
    }
    let (mut low, mut high) = (0.0, design.disagreement);
    for _ in 0..40 {
        let middle = f64::midpoint(low, high);
        if test.power(middle) < design.power { low = middle } else { high = middle }
    }
    Some(high)
}

struct Test {
    factorials: LogFactorials,
    design: Design,
    n: usize,
}

impl Test {
    /// The probability that a difference is seen.
    fn power(&self, difference: f64) -> f64 {
        let d = self.design.disagreement;
        let better = f64::midpoint(1.0, (difference / d).min(1.0));
        let (mean, deviation) = (self.n as f64 * d, (self.n as f64 * d * (1.0 - d)).sqrt());
        let first = (mean - 8.0 * deviation).max(0.0) as usize;
        let last = ((mean + 8.0 * deviation) as usize + 1).min(self.n);
        let seen = |differ: usize| {
            let Some(most) = self.rejected_up_to(differ) else { return 0.0 };
            let tail = |k: usize| self.factorials.probability(differ, k, better);
            (0..=most).map(tail).sum::<f64>() + (differ - most..=differ).map(tail).sum::<f64>()
        };
        let weigh = |differ: usize| self.factorials.probability(self.n, differ, d) * seen(differ);
        (first..=last).map(weigh).sum()
    }

    /// The largest number of queries, of those on which two runs differ, at which the test still rejects
    /// that they are equally good.
    fn rejected_up_to(&self, differ: usize) -> Option<usize> {
        let rejects = |k: usize| 2.0 * self.factorials.at_most_fair(differ, k) <= self.design.level;
        if differ == 0 || !rejects(0) {
            return None;
        }
        let (mut yes, mut no) = (0, differ / 2 + 1);
        while no - yes > 1 {
            let middle = usize::midpoint(yes, no);
            if rejects(middle) { yes = middle } else { no = middle }
        }
        Some(yes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_near_the_normal_approximation_and_grows_with_disagreement() {
        for (queries, disagreement) in [(6_118, 0.1), (6_118, 0.2), (2_000, 0.15)] {
            let floor = resolution(Design::usual(queries, disagreement)).unwrap();
            // Lachin 1992: (z + z') sqrt(d / n), a little more since counts are whole
            let near = (1.96 + 0.8416) * (disagreement / queries as f64).sqrt();
            assert!(floor > near * 0.99 && floor < near * 1.1, "{floor} is not near {near}");
        }
        assert_eq!(resolution(Design::usual(5, 0.5)), None, "five queries show nothing");
        assert_eq!(resolution(Design::usual(0, 0.5)), None);
    }
}
