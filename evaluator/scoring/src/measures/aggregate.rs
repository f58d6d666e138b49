//! Combines the values of queries into one number, independent of their order.

use super::{Family, Judgements, Value};
use crate::ratio::Ratio;

/// The values of a group's queries. Zeros and absent ones, which are the most frequent, are counted.
#[derive(Debug, Default)]
pub(crate) struct Values {
    zeros: usize,
    absent: usize,
    others: Vec<Value>,
}

/// A sum, as a fraction if possible.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    Exact(Ratio),
    Near(f64),
}

impl Values {
    /// The values of a group's queries.
    pub(crate) fn of(
        family: &Family,
        (k, turn): (usize, Option<u32>),
        judgements: &Judgements<'_>,
    ) -> Self {
        let mut values = Self::default();
        for judged in judgements.iter() {
            let judged = judged.until(turn, judged.items());
            values.push((family.of_query)(&judged, k));
        }
        values
    }

    pub(crate) fn push(&mut self, value: Value) {
        match value {
            Value::Fraction(0, _) => self.zeros += 1,
            Value::Absent => self.absent += 1,
            other => self.others.push(other),
        }
    }

    /// These and others.
    pub(crate) fn with(mut self, other: Self) -> Self {
        self.zeros += other.zeros;
        self.absent += other.absent;
        self.others.extend(other.others);
        self
    }

    fn count(&self) -> usize {
        self.zeros + self.absent + self.others.len()
    }

    /// The mean, 0 of no values; none if one is absent.
    pub(crate) fn mean(&mut self) -> Option<Number> {
        if self.absent > 0 {
            return None;
        }
        let exact = self.exact_sum().and_then(|sum| sum.divided_by(self.count().max(1)));
        Some(exact.map_or_else(|| Number::Near(self.sorted_sum() / self.divisor()), Number::Exact))
    }

    /// The median, the lower one of two; none of no values, and where an absent one is in the middle:
    /// those come last.
    pub(crate) fn median(&mut self) -> Option<Number> {
        let middle = self.count().checked_sub(1)? / 2;
        let Some(middle) = middle.checked_sub(self.zeros) else {
            return Some(Number::Exact(Ratio::ZERO));
        };
        if middle >= self.others.len() {
            return None;
        }
        let by_size = |a: &Value, b: &Value| float(*a).total_cmp(&float(*b));
        let (_, &mut middle, _) = self.others.select_nth_unstable_by(middle, by_size);
        match middle {
            Value::Fraction(over, under) => {
                Ratio::new(over.into(), under.into()).map(Number::Exact)
            }
            other => other.to_float().map(Number::Near),
        }
    }

    /// The sum as a fraction. None if a value is not a fraction, or the numbers are too large.
    fn exact_sum(&mut self) -> Option<Ratio> {
        let fraction = |value: &Value| match *value {
            Value::Fraction(over, under) => Some((under, over)),
            _ => None,
        };
        if !self.others.iter().all(|value| fraction(value).is_some()) {
            return None;
        }
        // Fractions with the same denominator are added before anything is divided.
        self.others.sort_unstable_by_key(|value| fraction(value).map(|(under, _)| under));
        let mut sum = Ratio::ZERO;
        let mut values = self.others.iter().filter_map(fraction).peekable();
        while let Some((under, over)) = values.next() {
            let mut total = u128::from(over);
            while let Some((_, over)) = values.next_if(|(other, _)| *other == under) {
                total += u128::from(over);
            }
            sum = sum.plus(Ratio::new(total, under.into())?)?;
        }
        Some(sum)
    }

    fn sorted_sum(&self) -> f64 {
        sorted_sum(self.others.iter().copied().map(float).collect())
    }

    fn divisor(&self) -> f64 {
        self.count().max(1) as f64
    }
}

impl Number {
    pub(crate) fn to_float(self) -> f64 {
        match self {
            Self::Exact(ratio) => ratio.to_float(),
            Self::Near(number) => number,
        }
    }

    /// The mean of some numbers, 0 of none.
    pub(crate) fn mean(numbers: &[Self]) -> Self {
        let exact = numbers.iter().try_fold(Ratio::ZERO, |sum, number| match number {
            Self::Exact(ratio) => sum.plus(*ratio),
            Self::Near(_) => None,
        });
        let count = numbers.len().max(1);
        exact.and_then(|sum| sum.divided_by(count)).map_or_else(
            || {
                let floats = numbers.iter().map(|number| number.to_float()).collect();
                Self::Near(sorted_sum(floats) / count as f64)
            },
            Self::Exact,
        )
    }
}

fn float(value: Value) -> f64 {
    value.to_float().unwrap_or(f64::INFINITY)
}

/// A sum of floats that doesn't depend on their order: they are added from the smallest on.
fn sorted_sum(mut floats: Vec<f64>) -> f64 {
    floats.sort_unstable_by(f64::total_cmp);
    // From 0, since a sum of nothing is -0, which would be shown as a score.
    floats.into_iter().fold(0.0, |sum, number| sum + number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values(all: &[Value]) -> Values {
        let mut values = Values::default();
        for value in all {
            values.push(*value);
        }
        values
    }

    fn mean(all: &[Value]) -> Option<f64> {
        values(all).mean().map(Number::to_float)
    }

    #[test]
    fn a_mean_of_fractions_is_exact_and_an_absent_value_leaves_none() {
        let tenth = Value::Fraction(1, 10);
        assert_eq!(mean(&[tenth, Value::Fraction(7, 10)]), Some(0.4));
        assert_eq!(mean(&[]).map(f64::to_bits), Some(0.0_f64.to_bits()));
        assert_eq!(mean(&[tenth, Value::Absent]), None);
    }

    #[test]
    fn the_median_is_the_lower_of_two_and_absent_values_come_last() {
        let rank = |rank| Value::Fraction(rank, 1);
        let median = |all: &[Value]| values(all).median().map(Number::to_float);
        assert_eq!(median(&[rank(4), rank(2), rank(9)]), Some(4.0));
        assert_eq!(median(&[rank(4), Value::Absent]), Some(4.0));
        assert_eq!(median(&[rank(4), Value::Absent, Value::Absent]), None);
        assert_eq!(median(&[]), None);
    }

    #[test]
    fn what_is_too_large_for_a_fraction_is_added_in_order_of_size() {
        let primes = [u64::MAX - 58, u64::MAX - 82, u64::MAX - 94, 3];
        let mut all = primes.map(|under| Value::Fraction(under / 2, under));
        let one = mean(&all).unwrap();
        all.reverse();
        assert_eq!(mean(&all).unwrap().to_bits(), one.to_bits());
    }

    proptest! {
        #[test]
        fn no_order_of_values_gives_another_mean(
            parts in prop::collection::vec((0..60_u64, 1..60_u64, any::<bool>()), 0..80),
            turn: usize,
        ) {
            let all: Vec<Value> = parts
                .iter()
                .map(|&(over, under, real)| {
                    let irrational = Value::Real((over as f64).sqrt() / under as f64);
                    if real { irrational } else { Value::Fraction(over, under) }
                })
                .collect();
            let mut turned = all.clone();
            turned.rotate_left(turn % all.len().max(1));
            let (one, other) = (mean(&all).unwrap(), mean(&turned).unwrap());
            prop_assert_eq!(one.to_bits(), other.to_bits());
            let naive = all.iter().filter_map(|v| v.to_float()).sum::<f64>();
            prop_assert!((one - naive / all.len().max(1) as f64).abs() < 1e-9);
        }
    }
}
