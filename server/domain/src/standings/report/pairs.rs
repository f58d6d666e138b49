//! Which teams can be told apart, all pairs at once.

use scoring::statistics::{adjusted, flip_p_value};
use scoring::{Measure, Ranks};
use serde::{Deserialize, Serialize};

/// The band of a p-value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Band {
    /// Below 0.01.
    #[serde(rename = "<0.01")]
    BelowOnePercent,
    /// From 0.01 to 0.05.
    #[serde(rename = "0.01-0.05")]
    OneToFivePercent,
    /// Above 0.05.
    #[serde(rename = ">0.05")]
    AboveFivePercent,
}

impl Band {
    /// The band of a p-value.
    pub fn of(p: f64) -> Self {
        match p {
            p if p < 0.01 => Self::BelowOnePercent,
            p if p <= 0.05 => Self::OneToFivePercent,
            _ => Self::AboveFivePercent,
        }
    }
}

/// The bands of the p-values of all pairs, adjusted for their number: of each run, those against the
/// runs after it. Empty if runs can't be compared.
pub(super) fn bands(runs: &[&Ranks], measure: Measure) -> Vec<Vec<Band>> {
    let pairs = runs.iter().enumerate().flat_map(|(at, one)| {
        let later = runs[at + 1..].iter();
        later.map(move |other| flip_p_value(one, other, measure))
    });
    let Some(p) = pairs.collect::<Option<Vec<f64>>>() else { return vec![] };
    let mut adjusted = adjusted(&p).into_iter().map(Band::of);
    (0..runs.len()).map(|at| adjusted.by_ref().take(runs.len() - at - 1).collect()).collect()
}
