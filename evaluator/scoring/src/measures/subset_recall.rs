//! Recall among a query's own subset.

use super::{Aggregate, CutOff, Direction, Family, Judged, Range, Value};

/// Subset recall, as CIRR defines `Recall_subset@K`: whether the target is among the first K items of
/// the query's own subset, in the order of the ranking.
pub static SUBSET_RECALL: Family = Family {
    name: "subset_recall",
    title: "Subset recall",
    label: "Rsub",
    meaning: "the share of queries whose target is among the first K of the query's own subset",
    range: Range::Share,
    direction: Direction::HigherIsBetter,
    cut_off: CutOff::Always,
    by_turn: false,
    aggregate: Aggregate::Mean,
    of_query,
};

fn of_query(query: &Judged<'_>, k: usize) -> Value {
    match query.subset() {
        None => Value::Absent,
        Some(rank) => Value::Fraction(u64::from(rank > 0 && rank as usize <= k), 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::Values;

    /// Liu and others, 2021: rank the members of the subset alone, and look at the first K.
    fn textbook(queries: &[(&[&str], &[&str], &str)], k: usize) -> f64 {
        let hit = |(ranking, subset, target): &&(&[&str], &[&str], &str)| {
            let own = ranking.iter().filter(|item| subset.contains(item));
            own.take(k).any(|item| item == target)
        };
        queries.iter().filter(hit).count() as f64 / queries.len() as f64
    }

    #[test]
    fn it_is_the_textbooks() {
        let ranking = ["a", "b", "c", "d", "e", "f"];
        // rankings, subsets and targets, with the rank of each target in its subset
        let queries: [(&[&str], &[&str], &str); 4] = [
            (&ranking, &["b", "d", "f"], "d"),
            (&ranking, &["b", "d", "f"], "b"),
            (&ranking, &["f", "e"], "f"),
            (&ranking[..3], &["e", "f"], "f"),
        ];
        for k in 1..5 {
            let mut values = Values::default();
            for rank in [2, 1, 2, 0] {
                values.push(of_query(&Judged::new(&[1], &[1]).with_subset(Some(rank)), k));
            }
            let mean = values.mean().unwrap().to_float();
            assert!((mean - textbook(&queries, k)).abs() < 1e-12, "at {k}");
        }
    }

    #[test]
    fn a_query_without_a_subset_has_no_value() {
        assert_eq!(of_query(&Judged::new(&[1], &[1]), 1), Value::Absent);
    }
}
