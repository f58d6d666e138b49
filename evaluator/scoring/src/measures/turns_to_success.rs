//! Turns to success of dialogs.

use super::{Aggregate, CutOff, Direction, Family, Judged, Range, Value};

/// Turns to success: the first turn at which the target is among the first K; one more than the last turn if
/// there is none.
pub static TURNS_TO_SUCCESS: Family = Family {
    name: "turns_to_success",
    title: "turns to success",
    label: "turns",
    meaning: "the first turn with the target among the first K, up to turn T; one more than that if there is none",
    range: Range::Number,
    direction: Direction::LowerIsBetter,
    cut_off: CutOff::Always,
    by_turn: true,
    aggregate: Aggregate::Mean,
    of_query,
};

fn of_query(dialog: &Judged<'_>, k: usize) -> Value {
    let turns = dialog.turns();
    let found = turns.iter().position(|&rank| rank > 0 && rank as usize <= k);
    Value::Fraction(found.unwrap_or(turns.len()) as u64 + 1, 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::dialogs::{assert_close, value};

    #[test]
    fn a_dialog_that_never_succeeds_takes_one_turn_more_than_it_has() {
        let turns = |dialog: &[u32], k| value(&TURNS_TO_SUCCESS, dialog, 100, k, None);
        assert_close(
            [turns(&[30, 4, 1], 10), turns(&[30, 4, 1], 3), turns(&[30, 14, 40], 10)],
            [2.0, 3.0, 4.0],
        );
    }
}
