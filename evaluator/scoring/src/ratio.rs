//! Fractions of whole numbers: equal results must be equal to the last bit, in whatever order they were
//! added.

/// A fraction that is zero or more, in lowest terms. Equal fractions become equal floats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ratio {
    over: u128,
    under: u128,
}

impl Ratio {
    pub(crate) const ZERO: Self = Self { over: 0, under: 1 };

    /// `over / under`; none if that divides by zero.
    pub(crate) fn new(over: u128, under: u128) -> Option<Self> {
        let divisor = gcd(over, under);
        (under > 0).then(|| Self { over: over / divisor, under: under / divisor })
    }

    /// The sum; none if it needs numbers beyond 128 bits.
    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        let shared = gcd(self.under, other.under);
        let under = self.under.checked_mul(other.under / shared)?;
        let over = self.over.checked_mul(other.under / shared)?;
        Self::new(over.checked_add(other.over.checked_mul(self.under / shared)?)?, under)
    }

    /// This divided by a whole number; none as [`plus`](Self::plus), and for zero.
    pub(crate) fn divided_by(self, number: usize) -> Option<Self> {
        Self::new(self.over, self.under.checked_mul(number as u128)?)
    }

    /// The nearest float if both numbers are below 2^53, otherwise one very near.
    pub(crate) fn to_float(self) -> f64 {
        self.over as f64 / self.under as f64
    }
}

pub(crate) fn gcd(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(over: u128, under: u128) -> Ratio {
        Ratio::new(over, under).unwrap()
    }

    #[test]
    fn sums_that_are_equal_become_the_same_float() {
        let sum = |a, b| ratio(a, 10).plus(ratio(b, 10)).unwrap().divided_by(2).unwrap();
        assert_eq!(sum(1, 7), sum(3, 5));
        assert_eq!(sum(1, 7).to_float().to_bits(), 0.4_f64.to_bits());
        // as floats they differ in the last bit
        assert_ne!((0.1_f64 + 0.7).to_bits(), (0.3_f64 + 0.5).to_bits());
    }

    #[test]
    fn what_cannot_be_exact_is_none_and_not_wrong() {
        assert_eq!(Ratio::new(1, 0), None);
        assert_eq!(Ratio::ZERO.divided_by(0), None);
        let large = ratio(1, u128::MAX);
        assert_eq!(large.plus(ratio(1, u128::MAX - 1)), None);
        assert_eq!(Ratio::ZERO.plus(large), Some(large));
    }
}
