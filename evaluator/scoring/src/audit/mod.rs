//! What a benchmark gives away to someone who answers its queries without looking at query or picture.
//!
//! [`audit`] runs the checks that need the data set alone; with targets it finds more. [`order_by_scores`]
//! needs a model's scores and no targets. [`sides`] says what one half of a query finds alone, and
//! [`misses`] whether a run has used the order of the files.
//!
//! A finding can depend on targets, so those of a hidden benchmark are for its organisers.

mod finding;
mod ids;
mod line;
mod misses;
mod order;
mod outside;
mod own_targets;
mod permuted;
mod places;
mod reference_position;
mod references;
mod repeated_rows;
mod repeated_targets;
mod scores;
mod shared_items;
mod shared_photos;
mod sides;
mod student;

use std::collections::BTreeMap;

use dataset::{Group, Split, Targets};

pub use finding::{Check, Finding, RecallAlone, Verdict};
pub use misses::{CONSPICUOUS, FirstItems, Misses, MissesOfGroup, misses, misses_by_order};
pub use permuted::Permuted;
pub use scores::{Scores, order_by_scores};
pub use sides::{Cutoff, OneSide, SideRuns, Subsets, sides};

/// A check calls what it found by chance in at most this share of benchmarks.
pub const FALSE_ALARM: f64 = 0.001;

/// How many permutations a p-value is made of: enough to reach [`FALSE_ALARM`] in a test of two sides.
pub const PERMUTATIONS: usize = 2_000;

/// What is audited.
#[derive(Debug, Clone, Copy)]
pub struct Audited<'a> {
    /// The split, with or without targets.
    pub split: &'a Split,
    /// The data set's other splits.
    pub others: &'a [Split],
    /// The addresses of photos by group and item; empty if unknown.
    pub photos: &'a BTreeMap<String, BTreeMap<String, String>>,
    /// The seed of the permutations: the same one gives the same digits.
    pub seed: u64,
}

/// A check of one group; none if it doesn't apply.
type Run = fn(&Audited<'_>, &Group) -> Option<Finding>;

/// The checks that need the data set alone, in the order in which they are reported.
const RUNS: [Run; 11] = [
    order::check,
    reference_position::check,
    places::check,
    ids::check,
    references::check,
    shared_items::check,
    shared_photos::check,
    repeated_rows::check,
    repeated_targets::check,
    outside::check,
    own_targets::check,
];

/// All findings about a split, check by check and group by group. Checks that need targets are left out
/// where a group has none. Of sessions the first turns are checked: the others ask for the same targets, so
/// a test that takes queries as independent would find something by construction.
pub fn audit(audited: &Audited<'_>) -> Vec<Finding> {
    let groups: Vec<Group> = audited.split.groups.iter().map(Group::first_turns).collect();
    RUNS.iter().flat_map(|run| groups.iter().filter_map(|group| run(audited, group))).collect()
}

/// The targets of a group if each query has one and all are in the gallery.
fn whole_targets(group: &Group) -> Option<&Targets> {
    let targets = group.targets.as_ref()?;
    let is_inside = |index: &u32| (*index as usize) < group.gallery.len();
    let is_whole = |query| {
        let own = targets.of(query);
        !own.is_empty() && own.iter().all(is_inside)
    };
    let queries = targets.queries();
    (queries == group.queries.len() && queries > 1 && (0..queries).all(is_whole)).then_some(targets)
}

/// The gallery index of each query's reference, if it is in the gallery.
fn references(group: &Group) -> Vec<Option<u32>> {
    let index =
        |query: &dataset::Query| group.gallery.index_of(query.reference.as_str().as_bytes());
    group.queries.iter().map(index).collect()
}
