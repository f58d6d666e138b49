//! What the tests of the measures of dialogs share.

use super::{Family, Judged};

/// The value of a family of one dialog, in a gallery of so many items.
pub(crate) fn value(
    family: &Family,
    ranks: &[u32],
    items: u32,
    k: usize,
    turn: Option<u32>,
) -> f64 {
    let judged = Judged::new(ranks, &[]).until(turn, items);
    (family.of_query)(&judged, k).to_float().unwrap()
}

#[track_caller]
pub(crate) fn assert_close<const N: usize>(values: [f64; N], expected: [f64; N]) {
    for (value, expected) in values.iter().zip(expected) {
        assert!((value - expected).abs() < 1e-9, "{values:?} has {value} instead of {expected}");
    }
}
