//! Average precision over as many targets as the cut-off leaves room for.

use super::average_precision::{Divisor, average_precision};
use super::{Aggregate, CutOff, Direction, Family, Judged, Range, Value};

/// Mean average precision over min(R, K) targets, as CIRCO defines mAP@K: a ranking that begins with
/// targets alone is worth 1, also where there are more than K of them.
pub static AVERAGE_PRECISION_AT: Family = Family {
    name: "map",
    title: "mAP",
    label: "mAP",
    meaning: "the sum of the precision at each target among the first K, divided by min(R, K), where \
              R is the number of the query's targets",
    range: Range::Share,
    direction: Direction::HigherIsBetter,
    cut_off: CutOff::Always,
    by_turn: false,
    aggregate: Aggregate::Mean,
    of_query,
};

fn of_query(query: &Judged<'_>, k: usize) -> Value {
    average_precision(query, k, Divisor(query.targets().min(k)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::textbook::{self, Run, close};

    /// Baldrati and others, 2023, equation 3: 1 / min(K, R) Σ P@k · rel@k.
    fn textbook(run: &Run, k: usize) -> f64 {
        let of = |query: &Vec<u32>| {
            let relevant = |rank: usize| query.contains(&(rank as u32));
            let precision =
                |at: usize| (1..=at).filter(|&r| relevant(r)).count() as f64 / at as f64;
            let sum: f64 = (1..=k).filter(|&rank| relevant(rank)).map(precision).sum();
            sum / query.len().min(k) as f64
        };
        run.mean(of)
    }

    textbook::agrees!(AVERAGE_PRECISION_AT, 1..60_usize);

    #[test]
    fn more_targets_than_the_cut_off_are_no_loss() {
        let run = Run(vec![vec![1, 2, 3, 0]]);
        close(run.value(&AVERAGE_PRECISION_AT, 2), 1.0);
        close(run.value(&AVERAGE_PRECISION_AT, 4), 3.0 / 4.0);
    }
}
