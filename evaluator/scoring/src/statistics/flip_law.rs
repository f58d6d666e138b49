//! The paired randomisation test without drawing.

use std::collections::BTreeMap;

use super::law::{Law, Terms};
use crate::measures::Judgements;
use crate::{Measure, Ranks};

/// The two-sided p-value that [`sign_flip`](super::sign_flip()) comes to with more and more flips, for
/// the difference of two runs under a measure over all groups, each of which weighs the same. It takes
/// about a millisecond, so all pairs of a board can be tested. 1 where they differ nowhere; none where
/// they are runs of other queries or the measure is no mean over queries.
pub fn flip_p_value(one: &Ranks, other: &Ranks, measure: Measure) -> Option<f64> {
    if one.groups().len() != other.groups().len() {
        return None;
    }
    let mut sizes: BTreeMap<u64, u64> = BTreeMap::new();
    let mut observed = 0.0;
    for (one, other) in one.groups().iter().zip(other.groups()) {
        if one.queries() != other.queries() {
            return None;
        }
        let weight = 1.0 / one.queries().max(1) as f64;
        let (one, other) = (Judgements::of(one), Judgements::of(other));
        for (one, other) in one.iter().zip(other.iter()) {
            let difference = (measure.of_query(&one)? - measure.of_query(&other)?) * weight;
            observed += difference;
            if difference != 0.0 {
                // Sizes are positive, so equal sizes have equal bits.
                *sizes.entry(difference.abs().to_bits()).or_default() += 1;
            }
        }
    }
    // Sums are multiples of twice the smallest size if all sizes are multiples of it; then the law,
    // which is smooth, is right in the middle between two of them.
    let least = sizes.keys().next().map_or(0.0, |bits| f64::from_bits(*bits));
    let is_multiple = |bits: &u64| {
        let times = f64::from_bits(*bits) / least;
        (times - times.round()).abs() < 1e-9
    };
    let middle = if sizes.keys().all(is_multiple) { least } else { 0.0 };
    let coin = |(bits, count): (u64, u64)| {
        let size = f64::from_bits(bits);
        Terms { count, values: vec![(size, 0.5), (-size, 0.5)] }
    };
    let terms: Vec<Terms> = sizes.into_iter().map(coin).collect();
    Some(
        Law::of(&terms)
            .beyond(observed.abs() - middle)
            .map_or(1.0, |tail| (2.0 * tail).clamp(0.0, 1.0)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::GroupRanks;
    use crate::statistics::sign_flip;

    fn run(found: impl Fn(usize) -> u32) -> Ranks {
        let targets = dataset::Targets::new((0..1500).map(|_| vec![0]));
        let mut group = GroupRanks::absent("dress", &targets);
        for query in 0..1500 {
            group.set(query, 50, std::iter::once(found(query)));
        }
        Ranks::new(vec![group])
    }

    #[test]
    fn it_is_what_drawn_flips_come_to() {
        let measure: Measure = "mean_recall".parse().unwrap();
        let one = run(|query| (query * 7919 % 101) as u32 % 60);
        for shift in [0, 3, 9] {
            let other = run(|query| (query * 6007 % (101 + shift)) as u32 % (60 + shift as u32));
            let differences: Vec<f64> = {
                let (one, other) = (&one.groups()[0], &other.groups()[0]);
                let (one, other) = (Judgements::of(one), Judgements::of(other));
                let of = |(one, other)| {
                    measure.of_query(&one).unwrap() - measure.of_query(&other).unwrap()
                };
                one.iter().zip(other.iter()).map(of).collect()
            };
            let (law, drawn) =
                (flip_p_value(&one, &other, measure).unwrap(), sign_flip(&differences, 40_000, 1));
            assert!((law - drawn).abs() < 0.012, "{shift}: {law} is not {drawn}");
        }
        assert!((flip_p_value(&one, &one, measure).unwrap() - 1.0).abs() < 1e-12);
    }
}
