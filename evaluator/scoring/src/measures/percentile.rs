//! Rank percentile of dialogs.

use super::{Aggregate, CutOff, Direction, Family, Judged, Range, Value};

/// Rank percentile: 1 - (rank - 1) / N in a gallery of N items, as Guo and others (2018)
/// evaluate their dialogs.
pub static PERCENTILE: Family = Family {
    name: "percentile",
    title: "rank percentile",
    label: "pct",
    meaning: "the share of the gallery that is not ranked before the target at turn T",
    range: Range::Share,
    direction: Direction::HigherIsBetter,
    cut_off: CutOff::Never,
    by_turn: true,
    aggregate: Aggregate::Mean,
    of_query,
};

fn of_query(dialog: &Judged<'_>, _: usize) -> Value {
    let items = u64::from(dialog.items().max(1));
    Value::Fraction(items.saturating_sub(u64::from(dialog.rank().max(1)) - 1), items)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::dialogs::{assert_close, value};

    #[test]
    fn the_first_place_is_all_of_it_and_the_last_one_nearly_nothing() {
        let percentile = |rank| value(&PERCENTILE, &[rank], 100, usize::MAX, None);
        assert_close([percentile(1), percentile(51), percentile(100)], [1.0, 0.5, 0.01]);
        let turn = |turn| value(&PERCENTILE, &[51, 1], 100, usize::MAX, Some(turn));
        assert_close([turn(1), turn(2), turn(7)], [0.5, 1.0, 1.0]);
    }
}
