//! The value of every single query, in every family, is that of the textbook's definition.
//!
//! The definitions are written out here on whole rankings: a list of items, and the set of those that are
//! relevant. They share no code with the families, which see ranks only.

use proptest::prelude::*;

use super::textbook::found;
use super::{FAMILIES, Family, Judged, Measure};
use crate::GroupRanks;

/// The largest difference to a definition that rounding explains.
const CLOSE: f64 = 1e-12;

/// A query: whether each item of its ranking is a target, how many targets are missing from it, and the
/// query's own subset as places in the ranking.
#[derive(Debug, Clone)]
struct Query {
    relevant: Vec<bool>,
    missing: usize,
    /// Which of its targets the data set names first, as a number among all.
    first: usize,
    subset: Vec<bool>,
}

impl Query {
    fn targets(&self) -> usize {
        self.hits(self.relevant.len()) + self.missing
    }

    /// Targets among the first k.
    fn hits(&self, k: usize) -> usize {
        self.relevant.iter().take(k).filter(|&&it| it).count()
    }

    /// Precision of the first k.
    fn precision(&self, k: usize) -> f64 {
        self.hits(k) as f64 / k as f64
    }

    fn recall(&self, k: usize) -> f64 {
        self.hits(k) as f64 / self.targets() as f64
    }

    /// The sum of the precision at each target among the first k.
    fn precisions(&self, k: usize) -> f64 {
        let places = 1..=k.min(self.relevant.len());
        places.filter(|&place| self.relevant[place - 1]).map(|place| self.precision(place)).sum()
    }

    /// The ranks of its targets, in the data set's order: the one that is named first, then the others.
    fn ranks(&self) -> Vec<u32> {
        let places = self.relevant.iter().zip(1..).filter(|(relevant, _)| **relevant);
        let mut ranks: Vec<u32> = places.map(|(_, place)| place).collect();
        ranks.extend(std::iter::repeat_n(0, self.missing));
        let first = self.first % ranks.len();
        ranks.rotate_left(first);
        ranks
    }

    /// The place of the first target among the items of the subset; 0 without one.
    fn rank_in_subset(&self) -> u32 {
        let members = self.relevant.iter().zip(&self.subset).filter(|(_, own)| **own);
        members.zip(1..).find(|((relevant, _), _)| **relevant).map_or(0, |(_, place)| place)
    }

    /// The definition of a family by its name; none where the query has no value.
    fn textbook(&self, family: &str, k: usize) -> Option<f64> {
        let length = self.relevant.len();
        let k_or_all = k.min(length);
        Some(match family {
            // Manning, Raghavan and Schütze 2008, 8.3: relevant items retrieved / relevant items
            "recall" => self.recall(k_or_all),
            // Baldrati and others 2023: the target that is named first
            "first_recall" => {
                let rank = self.ranks()[0] as usize;
                f64::from(u8::from((1..=k_or_all).contains(&rank)))
            }
            "mean_recall" => {
                f64::midpoint(self.recall(10.min(length)), self.recall(50.min(length)))
            }
            // Voorhees 1999: the reciprocal of the first answer's rank
            "mrr" => {
                let first = (1..=k_or_all).find(|&place| self.relevant[place - 1]);
                first.map_or(0.0, |place| 1.0 / place as f64)
            }
            // Järvelin and Kekäläinen 2002, with gains of 0 and 1
            "ndcg" => {
                let gain = |place: usize| 1.0 / (place as f64 + 1.0).log2();
                let gained: f64 =
                    (1..=k_or_all).filter(|&place| self.relevant[place - 1]).map(gain).sum();
                gained / (1..=self.targets().min(k)).map(gain).sum::<f64>()
            }
            // Baldrati and others 2023, equation 3
            "map" => self.precisions(k) / self.targets().min(k) as f64,
            // Manning, Raghavan and Schütze 2008, 8.4
            "ap" => self.precisions(k) / self.targets() as f64,
            "median_rank" => (1..=length).find(|&place| self.hits(place) > 0)? as f64,
            // Liu and others 2021: rank the members of the subset alone
            "subset_recall" => {
                let rank = self.rank_in_subset() as usize;
                f64::from(u8::from((1..=k).contains(&rank)))
            }
            other => panic!("write the definition of {other} here"),
        })
    }
}

/// The families whose values are of one ranking. Those of dialogs are compared with their definitions in their
/// own files.
fn of_queries() -> impl Iterator<Item = &'static Family> {
    FAMILIES.iter().copied().filter(|family| !family.by_turn)
}

/// Rankings of 0 to 80 items, with 1 to 12 targets of which some are missing.
fn query() -> impl Strategy<Value = Query> {
    let item = (prop::bool::weighted(0.1), any::<bool>());
    (prop::collection::vec(item, 0..80), 0..4_usize, 0..12_usize).prop_map(
        |(items, missing, first)| {
            let (relevant, subset): (Vec<bool>, Vec<bool>) = items.into_iter().unzip();
            // Every query has a target.
            let missing = if relevant.contains(&true) { missing } else { missing.max(1) };
            Query { relevant, missing, first, subset }
        },
    )
}

/// Cut-offs before, at and beyond the end of the longest ranking, or none.
fn cut_off() -> impl Strategy<Value = usize> {
    prop_oneof![1..20_usize, Just(50), 60..200_usize, Just(usize::MAX)]
}

fn ensure_close(family: &Family, k: usize, value: Option<f64>, wanted: Option<f64>) {
    let close = match (value, wanted) {
        (Some(value), Some(wanted)) => (value - wanted).abs() <= CLOSE,
        (value, wanted) => value == wanted,
    };
    assert!(close, "{}@{k}: {value:?} is not {wanted:?}", family.name);
}

proptest! {
    #[test]
    fn every_family_has_the_textbooks_value_of_a_query(query in query(), k in cut_off()) {
        let ranks = query.ranks();
        let found = found(&ranks);
        let judged = Judged::new(&ranks, &found).with_subset(Some(query.rank_in_subset()));
        for family in of_queries() {
            let value = (family.of_query)(&judged, k).to_float();
            ensure_close(family, k, value, query.textbook(family.name, k));
        }
    }

    /// A group whose rankings have different lengths, as it is read from a run: each query is measured
    /// on its own, whatever its neighbours are.
    #[test]
    fn queries_of_ragged_groups_are_measured_one_by_one(
        queries in prop::collection::vec(query(), 1..12),
        k in cut_off(),
    ) {
        let all: Vec<Vec<u32>> = queries.iter().map(Query::ranks).collect();
        let targets = dataset::Targets::new(all.iter().map(|ranks| vec![0; ranks.len()]));
        let mut group = GroupRanks::absent("dress", &targets);
        for (i, (query, ranks)) in queries.iter().zip(&all).enumerate() {
            group.set(i, query.relevant.len() as u32, ranks.iter().copied());
        }
        for family in of_queries().filter(|family| family.name != "subset_recall") {
            let judgements = super::Judgements::of(&group);
            for (judged, query) in judgements.iter().zip(&queries) {
                let value = (family.of_query)(&judged, k).to_float();
                ensure_close(family, k, value, query.textbook(family.name, k));
            }
        }
        let mean = queries.iter().filter_map(|query| query.textbook("ndcg", 10)).sum::<f64>();
        let ndcg: Measure = "ndcg@10".parse().unwrap();
        let value = ndcg.of_group(&group).unwrap();
        prop_assert!((value - mean / queries.len() as f64).abs() <= CLOSE);
    }
}
