//! What the tests of all families share: runs, and how a family's value of one is asked for.

use proptest::prelude::*;

use super::{Family, Judgements, Number, Values};
use crate::GroupRanks;

/// The ranks of each query's targets, 0 for those that are absent; no two targets share a rank.
#[derive(Debug, Clone)]
pub(crate) struct Run(pub(crate) Vec<Vec<u32>>);

impl Run {
    /// The value of a family on it.
    pub(crate) fn value(&self, family: &Family, k: usize) -> Option<f64> {
        let targets = dataset::Targets::new(self.0.iter().map(|query| vec![0; query.len()]));
        let mut group = GroupRanks::absent("dress", &targets);
        for (query, ranks) in self.0.iter().enumerate() {
            group.set(query, u32::MAX, ranks.iter().copied());
        }
        let mut values = Values::of(family, (k, None), &Judgements::of(&group));
        family.aggregate.of_group(&mut values).map(Number::to_float)
    }
}

impl Run {
    /// The mean over its queries.
    pub(crate) fn mean(&self, of: impl Fn(&Vec<u32>) -> f64) -> f64 {
        self.0.iter().map(of).sum::<f64>() / self.0.len() as f64
    }
}

/// A test that a family has the values of the function `textbook` of its module, at some cut-offs.
macro_rules! agrees {
    ($family:expr, $cut_offs:expr) => {
        proptest::proptest! {
            #[test]
            fn it_is_the_textbooks(run: Run, k in $cut_offs) {
                close(run.value(&$family, k), textbook(&run, k));
            }
        }
    };
}
pub(crate) use agrees;

/// Some cut-off, or none.
pub(crate) fn any_cut_off() -> impl Strategy<Value = usize> {
    prop_oneof![1..60_usize, Just(usize::MAX)]
}

impl Arbitrary for Run {
    type Parameters = ();
    type Strategy = BoxedStrategy<Self>;

    fn arbitrary_with((): ()) -> Self::Strategy {
        let query = prop::collection::vec(prop_oneof![0..100_u32, 0..8_u32], 1..6);
        let query = query.prop_map(|mut ranks| {
            let all = ranks.clone();
            let mut seen = Vec::new();
            for (i, rank) in ranks.iter_mut().enumerate() {
                if all[..i].contains(rank) {
                    *rank = 0;
                }
                seen.push(*rank);
            }
            seen
        });
        prop::collection::vec(query, 1..30).prop_map(Run).boxed()
    }
}

/// The ranks that are not absent, best first.
pub(crate) fn found(ranks: &[u32]) -> Vec<u32> {
    let mut found: Vec<u32> = ranks.iter().copied().filter(|&rank| rank > 0).collect();
    found.sort_unstable();
    found
}

/// Fails where a value is another.
#[track_caller]
pub(crate) fn close(value: Option<f64>, expected: f64) {
    assert!((value.unwrap() - expected).abs() < 1e-9, "{value:?} is not {expected}");
}
