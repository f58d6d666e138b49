//! Do the wrong answers of a run follow the order of the files?
//!
//! Right answers follow the order by construction where targets do. Wrong ones don't: the first item of an
//! honest run, where it is wrong, is anywhere in the gallery. So only misses are tested, and any run on any
//! benchmark can be.

use dataset::Group;
use serde::Serialize;

use super::ids::IdReading;
use super::line::Line;
use super::order::{expected, position};
use super::{PERMUTATIONS, Permuted, whole_targets};

/// The z-value from which a run's misses are conspicuous. If the permutations had exactly the law of honest
/// runs, chance would reach it once in 30,000 runs. z-values of honest runs vary a little more, since the items
/// of a run aren't independent, so it is rather once in some thousands.
pub const CONSPICUOUS: f64 = -4.0;

/// The fewest misses of a group that say something.
const ENOUGH: usize = 30;

/// The first items of a run in one group.
#[derive(Debug, Clone, Copy)]
pub struct FirstItems<'a> {
    /// The group, with its targets.
    pub group: &'a Group,
    /// The gallery index of the first item of each query's ranking, as a [reading](crate::Reading) has them;
    /// none for a query without a ranking, which is left out.
    pub items: &'a [Option<u32>],
}

/// What the misses of one group look like.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MissesOfGroup {
    /// The group.
    pub group: String,
    /// How many first items are wrong.
    pub misses: usize,
    /// How far wrong items are from where the order of the files has the target, as a share of the gallery.
    pub by_order: Option<Permuted>,
    /// The logarithm of a wrong item's rank by how near its id is to the reference's. It is low for honest
    /// runs too, since similar items have neighbouring ids.
    pub by_id: Option<Permuted>,
}

/// What the misses of a run look like.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Misses {
    /// The groups.
    pub groups: Vec<MissesOfGroup>,
    /// The z-value of all groups by order: the sum of theirs over the root of their number (Stouffer 1949).
    /// None if there are too few misses.
    pub z_by_order: Option<f64>,
    /// The same by id.
    pub z_by_id: Option<f64>,
}

/// Tests the misses of a run. Groups without targets, or with another number of queries, are left out.
///
/// It depends on targets, so it is for organisers.
pub fn misses(run: &[FirstItems<'_>], seed: u64) -> Misses {
    Misses::of(run, seed, true)
}

/// The same by order alone, which takes a fraction of the time and is what the verdict is about.
pub fn misses_by_order(run: &[FirstItems<'_>], seed: u64) -> Misses {
    Misses::of(run, seed, false)
}

impl MissesOfGroup {
    fn of(first: FirstItems<'_>, seed: u64, is_by_id: bool) -> Option<Self> {
        let FirstItems { group, items } = first;
        if !group.sessions.is_empty() && items.len() == group.queries.len() {
            // The turns of a session ask for the same target, so they say one thing together.
            let items: Vec<Option<u32>> = group.sessions().map(|(first, _)| items[first]).collect();
            let first = FirstItems { group: &group.first_turns(), items: &items };
            return Self::of(first, seed, is_by_id);
        }
        let targets = whole_targets(group)?;
        let (queries, gallery) = (targets.queries(), group.gallery.len());
        if items.len() != queries || items.iter().flatten().any(|&item| item as usize >= gallery) {
            return None;
        }
        let first = |query: usize| Some((query, items[query]?));
        let missed: Vec<(usize, u32)> = (0..queries)
            .filter_map(first)
            .filter(|(query, item)| !targets.of(*query).contains(item))
            .collect();
        let test = |cost: &dyn Fn(usize, u32) -> f64| {
            let cost = |i: usize, j: usize| cost(missed[i].0, missed[j].1);
            let tested = Permuted::of(missed.len(), PERMUTATIONS, seed, cost);
            tested.filter(|_| missed.len() >= ENOUGH)
        };
        let scale = (gallery * (queries + 1)) as f64;
        let by_order = test(&|query, item| {
            let item = position(item as usize, queries);
            expected(query, gallery).abs_diff(item) as f64 / scale
        });
        let by_id = || {
            let reading = IdReading::of(group);
            let line = Line::new(group.gallery.iter().map(|id| reading.number(id)).collect());
            let references: Vec<u128> = group
                .queries
                .iter()
                .map(|query| reading.number(query.reference.as_str()))
                .collect();
            test(&|query, item| line.near(references[query], item).rank().ln())
        };
        let by_id = is_by_id.then(by_id).flatten();
        Some(Self { group: group.name.clone(), misses: missed.len(), by_order, by_id })
    }
}

impl Misses {
    fn of(run: &[FirstItems<'_>], seed: u64, by_id: bool) -> Self {
        let of_group = |first: &FirstItems<'_>| MissesOfGroup::of(*first, seed, by_id);
        let groups: Vec<MissesOfGroup> = run.iter().filter_map(of_group).collect();
        let all = |of: fn(&MissesOfGroup) -> Option<Permuted>| {
            let z: Vec<f64> = groups.iter().filter_map(of).map(|tested| tested.z()).collect();
            (!z.is_empty()).then(|| z.iter().sum::<f64>() / (z.len() as f64).sqrt())
        };
        let (z_by_order, z_by_id) = (all(|group| group.by_order), all(|group| group.by_id));
        Misses { groups, z_by_order, z_by_id }
    }

    /// Whether wrong answers follow the order of the files more than chance explains.
    pub fn is_conspicuous(&self) -> bool {
        self.z_by_order.is_some_and(|z| z <= CONSPICUOUS)
    }

    /// What they say, in a sentence or two.
    pub fn verdict(&self) -> String {
        let Some(z) = self.z_by_order else {
            return "there are too few wrong answers to tell".to_owned();
        };
        if self.is_conspicuous() {
            format!(
                "where the first item is wrong, it is nearer to the position that the order of the files suggests \
                 than chance explains (z {z:.1}; an honest run has {CONSPICUOUS:.1} or less once in some \
                 thousands). The run may have used the order for some of its queries: ask its team how it was made"
            )
        } else {
            format!(
                "no sign that the run used the order of the files (z {z:.1}; {CONSPICUOUS:.1} or less would be \
                 conspicuous). A run that answers only 1 % of its queries by the order isn't noticed"
            )
        }
    }
}
