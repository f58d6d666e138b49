//! The mean of Recall@10 and Recall@50, which ranks runs of Fashion IQ.

use super::{Aggregate, CutOff, Direction, Family, Judged, Range, Value};

/// The mean of Recall@10 and Recall@50.
///
/// A mean of sums is a sum of means, so this is the mean of two recalls on every group, and over all
/// groups the mean of all of them.
pub static MEAN_RECALL: Family = Family {
    name: "mean_recall",
    title: "mean recall",
    label: "mean",
    meaning: "the mean of Recall@10 and Recall@50",
    range: Range::Share,
    direction: Direction::HigherIsBetter,
    cut_off: CutOff::Never,
    by_turn: false,
    aggregate: Aggregate::Mean,
    of_query,
};

fn of_query(query: &Judged<'_>, _: usize) -> Value {
    let hits = query.within(10).len() + query.within(50).len();
    Value::Fraction(hits as u64, 2 * query.targets() as u64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::measures::RECALL;
    use crate::measures::textbook::{Run, close};

    proptest! {
        #[test]
        fn it_is_the_mean_of_two_recalls(run: Run) {
            let recalls = run.value(&RECALL, 10).unwrap() + run.value(&RECALL, 50).unwrap();
            close(run.value(&MEAN_RECALL, usize::MAX), recalls / 2.0);
        }
    }
}
