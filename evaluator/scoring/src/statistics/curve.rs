//! Recall against the cut-off.

use crate::Ranks;
use crate::measures::{Judgements, Measure, RECALL};

/// Recall@K of a run for each K from 1 to `most`: the mean over its groups, as fractions.
pub fn recall_curve(ranks: &Ranks, most: u32) -> Vec<f64> {
    let judged: Vec<Judgements<'_>> = ranks.groups().iter().map(Judgements::of).collect();
    let at = |k: u32| {
        let measure = Measure::at(&RECALL, k);
        let of_group = |group: &Judgements<'_>| {
            let values = group.iter().map(|query| measure.of_query(&query).unwrap_or_default());
            let (sum, queries) = values.fold((0.0, 0), |(sum, n), value| (sum + value, n + 1));
            sum / f64::from(queries.max(1))
        };
        judged.iter().map(of_group).sum::<f64>() / judged.len().max(1) as f64
    };
    (1..=most).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::GroupRanks;

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
