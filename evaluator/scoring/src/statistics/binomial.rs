//! Exact probabilities of a binomial.

/// Logarithms of factorials, up to some number.
pub(super) struct LogFactorials(Vec<f64>);

impl LogFactorials {
    /// Those of 0 to `most`.
    pub(super) fn up_to(most: usize) -> Self {
        let mut all = Vec::with_capacity(most + 1);
        let mut sum = 0.0;
        all.push(0.0);
        for n in 1..=most {
            sum += (n as f64).ln();
            all.push(sum);
        }
        Self(all)
    }

    /// The probability of `k` successes in `n` trials that succeed with probability `p`.
    pub(super) fn probability(&self, n: usize, k: usize, p: f64) -> f64 {
        if k > n {
            return 0.0;
        }
        if p <= 0.0 || p >= 1.0 {
            return f64::from(u8::from(k == if p <= 0.0 { 0 } else { n }));
        }
        let choices = self.0[n] - self.0[k] - self.0[n - k];
        (choices + k as f64 * p.ln() + (n - k) as f64 * (1.0 - p).ln()).exp()
    }

    /// The probability of at most `k` successes in `n` trials that each succeed half of the time.
    pub(super) fn at_most_fair(&self, n: usize, k: usize) -> f64 {
        // From the largest term down, each is the one before times j / (n - j + 1).
        let mut term = (self.0[n] - self.0[k] - self.0[n - k] - n as f64 * 2_f64.ln()).exp();
        let mut sum = 0.0;
        for j in (0..=k).rev() {
            sum += term;
            term *= j as f64 / (n - j + 1) as f64;
            if term < sum * 1e-17 {
                break;
            }
        }
        sum.min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_sum_to_one_and_tails_are_their_sums() {
        let of = LogFactorials::up_to(200);
        for p in [0.0, 0.03, 0.5, 0.9, 1.0] {
            let sum: f64 = (0..=200).map(|k| of.probability(200, k, p)).sum();
            assert!((sum - 1.0).abs() < 1e-12, "{p}: {sum}");
        }
        for k in [0, 1, 40, 100, 199, 200] {
            let sum: f64 = (0..=k).map(|j| of.probability(200, j, 0.5)).sum();
            assert!((of.at_most_fair(200, k) - sum).abs() < 1e-12, "{k}");
        }
    }
}
