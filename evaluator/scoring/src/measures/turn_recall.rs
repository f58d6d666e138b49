//! Recall of dialogs, turn by turn.

use super::{Aggregate, CutOff, Direction, Family, Judged, Range, Value};

/// Recall at a turn: whether the target is among the first K of that turn's ranking (not cumulative).
pub static TURN_RECALL: Family = Family {
    name: "turn_recall",
    title: "Recall",
    label: "R",
    meaning: "1 if the target is among the first K at turn T, else 0",
    range: Range::Share,
    direction: Direction::HigherIsBetter,
    cut_off: CutOff::Always,
    by_turn: true,
    aggregate: Aggregate::Mean,
    of_query,
};

fn of_query(dialog: &Judged<'_>, k: usize) -> Value {
    let rank = dialog.rank() as usize;
    Value::Fraction((1..=k).contains(&rank).into(), 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::dialogs::{assert_close, value};

    #[test]
    fn only_the_turn_counts() {
        let dialog = [30, 4, 90];
        let recall = |turn| value(&TURN_RECALL, &dialog, 100, 10, turn);
        assert_close([recall(Some(1)), recall(Some(2)), recall(None)], [0.0, 1.0, 0.0]);
        assert_close([recall(Some(9))], [0.0]);
    }
}
