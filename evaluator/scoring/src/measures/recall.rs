//! Recall.

use super::{Aggregate, CutOff, Direction, Family, Judged, Range, Value};

/// Recall: the share of a query's targets that are among the first K items.
pub static RECALL: Family = Family {
    name: "recall",
    title: "Recall",
    label: "R",
    meaning: "the share of a query's targets among the first K",
    range: Range::Share,
    direction: Direction::HigherIsBetter,
    cut_off: CutOff::Always,
    by_turn: false,
    aggregate: Aggregate::Mean,
    of_query,
};

fn of_query(query: &Judged<'_>, k: usize) -> Value {
    Value::Fraction(query.within(k).len() as u64, query.targets() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::textbook::{self, Run, close};

    /// Manning, Raghavan and Schütze, 8.3: relevant items retrieved / relevant items.
    fn textbook(run: &Run, k: usize) -> f64 {
        let of = |query: &Vec<u32>| {
            let retrieved: Vec<usize> = (1..=k).collect();
            let hits = query.iter().filter(|&&rank| retrieved.contains(&(rank as usize))).count();
            hits as f64 / query.len() as f64
        };
        run.mean(of)
    }

    textbook::agrees!(RECALL, 1..60_usize);

    #[test]
    fn several_targets_share_a_query() {
        let run = Run(vec![vec![3, 0, 20]]);
        close(run.value(&RECALL, 10), 1.0 / 3.0);
        close(run.value(&RECALL, 20), 2.0 / 3.0);
    }
}
