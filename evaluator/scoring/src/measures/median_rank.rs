//! Median rank.

use super::{Aggregate, CutOff, Direction, Family, Judged, Range, Value};

/// Median rank: the smallest rank that at least half of the queries reach with their best-ranked
/// target.
pub static MEDIAN_RANK: Family = Family {
    name: "median_rank",
    title: "median rank",
    label: "median",
    meaning: "the rank that half of the queries reach with their best-ranked target",
    range: Range::Rank,
    direction: Direction::LowerIsBetter,
    cut_off: CutOff::Never,
    by_turn: false,
    aggregate: Aggregate::Median,
    of_query,
};

fn of_query(query: &Judged<'_>, _: usize) -> Value {
    query.found().first().map_or(Value::Absent, |&rank| Value::Fraction(rank.into(), 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::measures::textbook::Run;

    /// The smallest rank r for which 2 · (queries with a target at r or before) ≥ queries.
    fn textbook(run: &Run) -> Option<f64> {
        let reach = |r: u32| {
            run.0.iter().filter(|query| query.iter().any(|&rank| rank > 0 && rank <= r)).count()
        };
        (1..=1000).find(|&r| 2 * reach(r) >= run.0.len()).map(f64::from)
    }

    proptest! {
        #[test]
        fn it_is_the_textbooks(run: Run) {
            prop_assert_eq!(run.value(&MEDIAN_RANK, usize::MAX), textbook(&run));
        }
    }

    #[test]
    fn there_is_none_where_fewer_than_half_are_found() {
        let median = |queries: &[u32]| {
            let run = Run(queries.iter().map(|&rank| vec![rank]).collect());
            run.value(&MEDIAN_RANK, usize::MAX)
        };
        assert_eq!(median(&[4, 2, 9]), Some(4.0));
        assert_eq!(median(&[4, 0]), Some(4.0));
        assert_eq!(median(&[4, 0, 0]), None);
    }
}
