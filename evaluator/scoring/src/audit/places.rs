//! Are targets spread evenly over the gallery?

use std::collections::BTreeSet;

use dataset::Group;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{Audited, Check, Finding, PERMUTATIONS, whole_targets};

const CHECK: Check = Check {
    name: "places",
    title: "where in the gallery targets are",
    advice: "publish galleries in a secret random order (publish = \"keyed\"), so that fillers don't stand apart",
};

/// The most parts that a gallery is divided into.
const PARTS: usize = 20;

pub(super) fn check(audited: &Audited<'_>, group: &Group) -> Option<Finding> {
    let targets = whole_targets(group)?;
    let distinct: BTreeSet<u32> =
        (0..targets.queries()).flat_map(|q| targets.of(q)).copied().collect();
    let (count, items) = (distinct.len(), group.gallery.len());
    let parts = PARTS.min(count / 5);
    if parts < 2 || count >= items {
        return None;
    }
    let expected: Vec<f64> = (0..parts)
        .map(|part| {
            let size = (0..items).filter(|at| at * parts / items == part).count();
            count as f64 * size as f64 / items as f64
        })
        .collect();
    let unevenness = |places: &mut dyn Iterator<Item = u32>| {
        let mut found = vec![0.0; parts];
        places.for_each(|place| found[place as usize * parts / items] += 1.0);
        found.iter().zip(&expected).map(|(found, e)| (found - e) * (found - e) / e).sum::<f64>()
    };
    let observed = unevenness(&mut distinct.iter().copied());
    let mut random = ChaCha8Rng::seed_from_u64(audited.seed);
    let mut all: Vec<u32> = (0..items as u32).collect();
    let mut as_uneven = 0;
    for _ in 0..PERMUTATIONS {
        for at in 0..count {
            all.swap(at, random.random_range(at..items));
        }
        let drawn = unevenness(&mut all[..count].iter().copied());
        as_uneven += usize::from(drawn >= observed * (1.0 - 1e-12));
    }
    let p = (as_uneven + 1) as f64 / (PERMUTATIONS + 1) as f64;
    let what = format!(
        "{count} of {items} items are targets; over {parts} equal parts of the gallery they vary with chi-squared \
         {observed:.1}, and {} is expected",
        parts - 1
    );
    Some(Finding::tested(CHECK, &group.name, p, what))
}
