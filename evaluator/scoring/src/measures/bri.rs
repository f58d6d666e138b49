//! The best log rank integral of dialogs.

use super::{Aggregate, CutOff, Direction, Family, Judged, Range, Value};

/// BRI: the best log rank integral (Lee and others, ACL 2024). With b(t) the best rank from turn 0 to t, it is
/// 1/2T · (ln b(0) + ln b(T)) + 1/T · the sum of ln b(t) over t from 1 to T - 1. Before any caption, at turn 0,
/// the target has the rank (N + 1) / 2 that it has on average in a random order of N items.
pub static BRI: Family = Family {
    name: "bri",
    title: "BRI",
    label: "BRI",
    meaning: "the area under ln(best rank so far) over the turns, up to turn T",
    range: Range::Number,
    direction: Direction::LowerIsBetter,
    cut_off: CutOff::Never,
    by_turn: true,
    aggregate: Aggregate::Mean,
    of_query,
};

fn of_query(dialog: &Judged<'_>, _: usize) -> Value {
    let mut best = f64::midpoint(f64::from(dialog.items()), 1.0);
    let turns = dialog.turns();
    let mut area = best.ln() / 2.0;
    for (turn, &rank) in (1..).zip(turns) {
        best = best.min(f64::from(rank.max(1)));
        area += if turn == turns.len() { best.ln() / 2.0 } else { best.ln() };
    }
    Value::Real(area / turns.len().max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::dialogs::{assert_close, value};

    /// The formula of the paper, word for word.
    fn formula(items: u32, ranks: &[u32]) -> f64 {
        let expected = f64::from(items + 1) / 2.0;
        let best = |t: usize| ranks[..t].iter().map(|&it| f64::from(it)).fold(expected, f64::min);
        let turns = ranks.len();
        let ends = (best(0) * best(turns)).ln() / (2.0 * turns as f64);
        ends + (1..turns).map(|t| best(t).ln()).sum::<f64>() / turns as f64
    }

    proptest::proptest! {
        #[test]
        fn it_is_the_formulas(ranks in proptest::collection::vec(1..1000_u32, 1..8)) {
            assert_close([value(&BRI, &ranks, 1000, usize::MAX, None)], [formula(1000, &ranks)]);
        }
    }

    #[test]
    fn who_finds_the_target_at_once_has_little_left() {
        let bri = value(&BRI, &[1, 70, 3], 99, usize::MAX, None);
        assert_close([bri], [50.0_f64.ln() / 6.0]);
    }
}
