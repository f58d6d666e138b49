//! Mean reciprocal rank.

use super::{Aggregate, CutOff, Direction, Family, Judged, Range, Value};

/// Mean reciprocal rank: 1 / rank of the best-ranked target.
pub static MRR: Family = Family {
    name: "mrr",
    title: "MRR",
    label: "MRR",
    meaning: "1 / rank of the best-ranked target among the first K; 0 if there is none",
    range: Range::Share,
    direction: Direction::HigherIsBetter,
    cut_off: CutOff::Optional,
    by_turn: false,
    aggregate: Aggregate::Mean,
    of_query,
};

fn of_query(query: &Judged<'_>, k: usize) -> Value {
    query.within(k).first().map_or(Value::ZERO, |&rank| Value::Fraction(1, rank.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::textbook::{self, Run, any_cut_off, close};

    /// Voorhees, 1999 (TREC-8): the mean over queries of the reciprocal of the first answer's rank.
    fn textbook(run: &Run, k: usize) -> f64 {
        let mut sum = 0.0;
        for query in &run.0 {
            if let Some(rank) = (1..=k.min(1000)).find(|&rank| query.contains(&(rank as u32))) {
                sum += 1.0 / rank as f64;
            }
        }
        sum / run.0.len() as f64
    }

    textbook::agrees!(MRR, any_cut_off());

    #[test]
    fn the_worked_example_of_the_documentation_comes_out() {
        let run = Run(vec![vec![1], vec![7], vec![30], vec![0]]);
        close(run.value(&MRR, 50), (1.0 + 1.0 / 7.0 + 1.0 / 30.0) / 4.0);
    }
}
