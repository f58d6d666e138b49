//! Recall against the cut-off, and measures of dialogs against the turn.

use crate::Ranks;
use crate::measures::{HITS, Judgements, Measure, PERCENTILE, RECALL};

/// Recall@K of a run for each K from 1 to `most`: the mean over its groups, as fractions.
pub fn recall_curve(ranks: &Ranks, most: u32) -> Vec<f64> {
    let judged: Vec<Judgements<'_>> = ranks.groups().iter().map(Judgements::of).collect();
    let at = |k: u32| mean(&judged, Measure::at(&RECALL, k));
    (1..=most).map(at).collect()
}

/// Two measures of dialogs after each turn, from the first: the means over the groups, as fractions.
#[derive(Debug, Clone, PartialEq)]
pub struct DialogCurves {
    /// The rank percentile.
    pub percentile: Vec<f64>,
    /// `hits@10`.
    pub hits: Vec<f64>,
}

impl DialogCurves {
    /// Those of dialogs with this many turns.
    pub fn of(ranks: &Ranks, turns: u32) -> Self {
        let judged: Vec<Judgements<'_>> = ranks.groups().iter().map(Judgements::of).collect();
        let curve =
            |measure: Measure| (1..=turns).map(|turn| mean(&judged, measure.after(turn))).collect();
        Self { percentile: curve(Measure::of(&PERCENTILE)), hits: curve(Measure::at(&HITS, 10)) }
    }
}

/// The mean of a measure over groups, each the mean over its queries.
fn mean(groups: &[Judgements<'_>], measure: Measure) -> f64 {
    let of_group = |group: &Judgements<'_>| {
        let values = group.iter().map(|query| measure.of_query(&query).unwrap_or_default());
        let (sum, queries) = values.fold((0.0, 0), |(sum, n), value| (sum + value, n + 1));
        sum / f64::from(queries.max(1))
    };
    groups.iter().map(of_group).sum::<f64>() / groups.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::GroupRanks;

    #[test]
    fn measures_of_dialogs_are_taken_after_each_turn() {
        let dialogs = vec![vec![20, 5, 11], vec![3, 40, 1]];
        let ranks = Ranks::of_dialogs([("dress".to_owned(), 100, dialogs)]);
        let curves = DialogCurves::of(&ranks, 3);
        assert_eq!(curves.hits, [0.5, 1.0, 1.0]);
        let close = |values: Vec<f64>, expected: [f64; 3]| {
            assert!(values.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{values:?}");
        };
        close(curves.percentile, [0.895, 0.785, 0.95]);
    }

    #[test]
    fn it_rises_where_targets_are_found_and_averages_the_groups() {
        let group = |ranks: &[u32]| {
            let targets = dataset::Targets::new(ranks.iter().map(|_| vec![0]));
            let mut group = GroupRanks::absent("dress", &targets);
            for (query, rank) in ranks.iter().enumerate() {
                group.set(query, 50, std::iter::once(*rank));
            }
            group
        };
        let ranks = Ranks::new(vec![group(&[1, 3, 0, 0]), group(&[2])]);
        assert_eq!(recall_curve(&ranks, 4), [0.125, 0.625, 0.75, 0.75]);
    }
}
