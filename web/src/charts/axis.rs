//! Axes: which values are marked.

/// Round steps from 0 to at least the largest value, about so many of them.
pub(super) fn ticks(largest: f64, about: f64) -> Vec<f64> {
    let step = round_step(largest.max(f64::MIN_POSITIVE) / about);
    let count = (largest / step - 1e-9).ceil().max(1.0);
    let mut ticks = vec![0.0];
    while (ticks.len() as f64) <= count {
        ticks.push(ticks.len() as f64 * step);
    }
    ticks
}

/// The smallest of 1, 2, 5 and 10 times a power of ten that is not below a step.
fn round_step(step: f64) -> f64 {
    let power = 10_f64.powf(step.log10().floor());
    let rounds = [1.0, 2.0, 5.0].map(|factor| factor * power);
    rounds.into_iter().find(|round| *round >= step * 0.999).unwrap_or(10.0 * power)
}

/// Cut-offs to mark on an axis that is even in ratios: 1, 2, 5, 10, …, and the last.
pub(super) fn cutoffs(first: u32, last: u32) -> Vec<u32> {
    let powers = std::iter::successors(Some(1_u32), |power| power.checked_mul(10));
    let all = powers.flat_map(|power| [1, 2, 5].map(|factor| power.saturating_mul(factor)));
    // a mark too near the last has no room for its label
    let near = |mark: &u32| f64::from(*mark) * 1.4 <= f64::from(last);
    let mut marks: Vec<u32> =
        all.take_while(|mark| *mark < last).filter(|mark| *mark >= first && near(mark)).collect();
    marks.push(last);
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(largest: f64, about: f64) -> Vec<String> {
        ticks(largest, about).into_iter().map(|tick| format!("{tick:.2}")).collect()
    }

    #[test]
    fn ticks_are_round_and_reach_the_largest_value() {
        assert_eq!(texts(62.4, 4.0), ["0.00", "20.00", "40.00", "60.00", "80.00"]);
        assert_eq!(texts(3.0, 4.0), ["0.00", "1.00", "2.00", "3.00"]);
        assert_eq!(texts(0.0021, 4.0), ["0.00", "0.00", "0.00", "0.00", "0.00"][..4]);
        assert_eq!(ticks(0.0, 4.0).len(), 2);
    }

    #[test]
    fn cut_offs_are_marked_in_even_ratios() {
        assert_eq!(cutoffs(1, 50), [1, 2, 5, 10, 20, 50]);
        assert_eq!(cutoffs(5, 60), [5, 10, 20, 60]);
        assert_eq!(cutoffs(10, 10), [10]);
        assert_eq!(cutoffs(1, u32::MAX).last(), Some(&u32::MAX));
    }
}
