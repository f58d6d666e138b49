//! Mean rank of dialogs.

use super::{Aggregate, CutOff, Direction, Family, Judged, Range, Value};

/// Mean rank: the mean over dialogs of the target's rank at a turn.
pub static MEAN_RANK: Family = Family {
    name: "mean_rank",
    title: "mean rank",
    label: "rank",
    meaning: "the rank of the target at turn T",
    range: Range::Number,
    direction: Direction::LowerIsBetter,
    cut_off: CutOff::Never,
    by_turn: true,
    aggregate: Aggregate::Mean,
    of_query,
};

fn of_query(dialog: &Judged<'_>, _: usize) -> Value {
    Value::Fraction(dialog.rank().into(), 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::dialogs::{assert_close, value};

    #[test]
    fn it_is_the_rank_at_the_turn() {
        let rank = |turn| value(&MEAN_RANK, &[30, 4], 100, usize::MAX, turn);
        assert_close([rank(Some(1)), rank(Some(2)), rank(None)], [30.0, 4.0, 4.0]);
    }
}
