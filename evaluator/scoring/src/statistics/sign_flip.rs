//! The paired randomisation test.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The two-sided p-value of the paired randomisation test (Fisher 1935): of so many flips of the signs of the
/// differences, the share whose sum is as far from 0 as the observed one, which counts as one of them: (b
/// + 1) / (n + 1).
pub fn sign_flip(differences: &[f64], times: usize, seed: u64) -> f64 {
    let differences: Vec<f64> = differences.iter().copied().filter(|d| *d != 0.0).collect();
    let observed = differences.iter().sum::<f64>().abs();
    // Equal sums, which rounding may pull apart, count.
    let observed = observed - observed * 1e-12;
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut beyond = 0;
    for _ in 0..times {
        let mut sum = 0.0;
        for some in differences.chunks(64) {
            let mut signs: u64 = random.random();
            for difference in some {
                sum += if signs & 1 == 0 { *difference } else { -*difference };
                signs >>= 1;
            }
        }
        beyond += usize::from(sum.abs() >= observed);
    }
    (beyond + 1) as f64 / (times + 1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::{Discordant, mcnemar};

    #[test]
    fn of_equal_differences_it_is_mcnemars_test() {
        let mut differences = vec![0.0; 500];
        differences.extend([1.0; 25]);
        differences.extend([-1.0; 12]);
        let exact = mcnemar(&[Discordant { first: 25, second: 12 }])[0];
        let drawn = sign_flip(&differences, 20_000, 7);
        assert!((drawn - exact).abs() < 0.005, "{drawn} is not {exact}");
        assert!((sign_flip(&differences, 20_000, 7) - drawn).abs() < f64::EPSILON, "the same seed");
    }

    #[test]
    fn nothing_seen_is_never_zero() {
        assert!(sign_flip(&[1.0; 100], 999, 1) >= 0.001);
        assert!((sign_flip(&[], 99, 1) - 1.0).abs() < f64::EPSILON);
    }
}
