//! Recall of the first target.

use super::{Aggregate, CutOff, Direction, Family, Judged, Range, Value};

/// Recall of the target that the data set names first, as CIRCO defines Recall@K: the other targets of
/// a query are not looked at.
pub static FIRST_RECALL: Family = Family {
    name: "first_recall",
    title: "First-target recall",
    label: "R1",
    meaning: "1 if the query's first target is among the first K, else 0",
    range: Range::Share,
    direction: Direction::HigherIsBetter,
    cut_off: CutOff::Always,
    by_turn: false,
    aggregate: Aggregate::Mean,
    of_query,
};

fn of_query(query: &Judged<'_>, k: usize) -> Value {
    let is_found = query.first().is_some_and(|rank| rank as usize <= k);
    Value::Fraction(is_found.into(), 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::textbook::{Run, close};

    #[test]
    fn only_the_first_target_counts() {
        let run = Run(vec![vec![3, 1], vec![0, 1], vec![11]]);
        close(run.value(&FIRST_RECALL, 1), 0.0);
        close(run.value(&FIRST_RECALL, 3), 1.0 / 3.0);
        close(run.value(&FIRST_RECALL, 11), 2.0 / 3.0);
    }
}
