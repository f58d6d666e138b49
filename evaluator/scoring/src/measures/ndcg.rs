//! Normalised discounted cumulative gain.

use super::{Aggregate, CutOff, Direction, Family, Judged, Range, Value};

/// Normalised discounted cumulative gain with gain 1 for a target and discount 1 / log2(rank + 1)
/// (Järvelin and Kekäläinen, 2002, with binary gain).
pub static NDCG: Family = Family {
    name: "ndcg",
    title: "nDCG",
    label: "nDCG",
    meaning: "the sum of 1 / log₂(rank + 1) over the targets among the first K, divided by the \
              largest possible",
    range: Range::Share,
    direction: Direction::HigherIsBetter,
    cut_off: CutOff::Optional,
    by_turn: false,
    aggregate: Aggregate::Mean,
    of_query,
};

fn of_query(query: &Judged<'_>, k: usize) -> Value {
    let found = query.within(k);
    let most = query.targets().min(k) as u32;
    // All that can be had is worth 1 to the last bit.
    if found.is_empty() || found.last() == Some(&(found.len() as u32)) && found.len() as u32 == most
    {
        return Value::Fraction(u64::from(!found.is_empty()), 1);
    }
    let gained: f64 = found.iter().map(|&rank| discount(rank)).sum();
    let ideal: f64 = (1..=most).map(discount).sum();
    Value::Real(gained / ideal)
}

fn discount(rank: u32) -> f64 {
    1.0 / (f64::from(rank) + 1.0).log2()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::textbook::{self, Run, any_cut_off, close};

    /// The gains of the first K places one after the other, over those of the best order.
    fn textbook(run: &Run, k: usize) -> f64 {
        let dcg = |gains: &[f64]| -> f64 {
            gains.iter().enumerate().map(|(i, gain)| gain / (i as f64 + 2.0).log2()).sum()
        };
        let of = |query: &Vec<u32>| {
            let mut gains: Vec<f64> =
                (1..=100).map(|rank| f64::from(u8::from(query.contains(&rank)))).collect();
            gains.truncate(k);
            let mut best = vec![1.0; query.len()];
            best.truncate(k);
            dcg(&gains) / dcg(&best)
        };
        run.mean(of)
    }

    textbook::agrees!(NDCG, any_cut_off());

    #[test]
    fn the_worked_example_of_the_documentation_comes_out() {
        let run = Run(vec![vec![1], vec![7], vec![30], vec![0]]);
        close(run.value(&NDCG, 10), (1.0 + 1.0 / 3.0) / 4.0);
        close(Run(vec![vec![1, 2, 3]]).value(&NDCG, 2), 1.0);
    }
}
