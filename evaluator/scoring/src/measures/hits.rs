//! Hits of dialogs.

use super::{Aggregate, CutOff, Direction, Family, Judged, Range, Value};

/// Hits: whether a dialog has found its target among the first K, at any turn so far (cumulative, as
/// Levy and others count, 2023).
pub static HITS: Family = Family {
    name: "hits",
    title: "Hits",
    label: "H",
    meaning: "1 if the target was among the first K at any turn up to turn T, else 0",
    range: Range::Share,
    direction: Direction::HigherIsBetter,
    cut_off: CutOff::Always,
    by_turn: true,
    aggregate: Aggregate::Mean,
    of_query,
};

fn of_query(dialog: &Judged<'_>, k: usize) -> Value {
    let found = dialog.turns().iter().any(|&rank| rank > 0 && rank as usize <= k);
    Value::Fraction(found.into(), 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measures::dialogs::{assert_close, value};

    #[test]
    fn what_was_found_once_stays_found() {
        let dialog = [30, 4, 90];
        let hits = |turn| value(&HITS, &dialog, 100, 10, turn);
        assert_close(
            [hits(Some(1)), hits(Some(2)), hits(Some(3)), hits(None)],
            [0.0, 1.0, 1.0, 1.0],
        );
    }
}
