//! Average precision over all of a query's targets.

use super::{Aggregate, CutOff, Direction, Family, Judged, Range, Value};
use crate::ratio::gcd;

/// Mean average precision over all R targets, as `trec_eval` defines `map` and `map_cut`.
pub static AVERAGE_PRECISION: Family = Family {
    name: "ap",
    title: "AP",
    label: "AP",
    meaning: "the sum of the precision at each target among the first K, divided by the number of the \
              query's targets",
    range: Range::Share,
    direction: Direction::HigherIsBetter,
    cut_off: CutOff::Optional,
    by_turn: false,
    aggregate: Aggregate::Mean,
    of_query,
};

fn of_query(query: &Judged<'_>, k: usize) -> Value {
    average_precision(query, k, Divisor(query.targets()))
}

/// By what a sum of precisions is divided.
#[derive(Clone, Copy)]
pub(super) struct Divisor(pub(super) usize);

/// The sum of the precision at each target among the first k, divided. A fraction where it fits.
pub(super) fn average_precision(query: &Judged<'_>, k: usize, divisor: Divisor) -> Value {
    let Divisor(divisor) = divisor;
    let found = query.within(k);
    let precisions = (1_u64..).zip(found).map(|(hits, &rank)| (hits, u64::from(rank)));
    let sum = precisions.clone().try_fold((0, 1), plus);
    let exact = sum.and_then(|(over, under)| Some((over, under.checked_mul(divisor as u64)?)));
    exact.map_or_else(
        || {
            let sum: f64 = precisions.map(|(hits, rank)| hits as f64 / rank as f64).sum();
            Value::Real(sum / divisor as f64)
        },
        |(over, under)| Value::Fraction(over, under),
    )
}

/// The sum of two fractions; none where it needs numbers beyond 64 bits.
fn plus((a, b): (u64, u64), (c, d): (u64, u64)) -> Option<(u64, u64)> {
    let shared = gcd(b.into(), d.into()) as u64;
    let under = b.checked_mul(d / shared)?;
    let over = a.checked_mul(d / shared)?.checked_add(c.checked_mul(b / shared)?)?;
    Some((over, under))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::textbook::{self, Run, any_cut_off, close};

    /// Manning, Raghavan and Schütze, 8.4: the mean over the targets of the precision at each, which
    /// is 0 for one that is not found.
    fn textbook(run: &Run, k: usize) -> f64 {
        let of = |query: &Vec<u32>| {
            let precision = |&target: &u32| match target {
                0 => 0.0,
                rank if rank as usize > k => 0.0,
                rank => {
                    let before = query.iter().filter(|&&other| other > 0 && other <= rank).count();
                    before as f64 / f64::from(rank)
                }
            };
            query.iter().map(precision).sum::<f64>() / query.len() as f64
        };
        run.mean(of)
    }

    textbook::agrees!(AVERAGE_PRECISION, any_cut_off());

    #[test]
    fn what_does_not_fit_a_fraction_is_still_right() {
        // the denominators are primes, so their product is beyond 64 bits
        let ranks = vec![104_729, 104_723, 104_717, 104_711];
        let run = Run(vec![ranks]);
        close(run.value(&AVERAGE_PRECISION, usize::MAX), textbook(&run, usize::MAX));
    }
}
