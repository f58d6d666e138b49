//! Is a target near its reference in the gallery?

use dataset::Group;

use super::line::Line;
use super::{Audited, Check, Finding, PERMUTATIONS, Permuted, references, whole_targets};

const CHECK: Check = Check {
    name: "reference_position",
    title: "the position of the target next to the reference's",
    advice: "publish galleries in a secret random order (publish = \"keyed\")",
};

pub(super) fn check(audited: &Audited<'_>, group: &Group) -> Option<Finding> {
    let line = Line::new((0..group.gallery.len() as u128).collect());
    let references = references(group);
    let point = |query: usize| references[query].map(|index| line.number(index));
    let (tested, recall) = near_reference(audited, group, &line, point)?;
    let what = format!(
        "ranked by distance to the reference in the gallery, targets are at rank {:.0} (geometric mean), \
         and at {:.0} if queries are permuted (z {:.1})",
        tested.observed.exp(),
        tested.mean.exp(),
        tested.z()
    );
    Some(Finding::tested(CHECK, &group.name, tested.p_low, what).worth(recall))
}

/// Whether targets are nearer to their reference on a line than other targets are: by the mean logarithm of
/// ranks, which is low if a few are very near.
pub(super) fn near_reference(
    audited: &Audited<'_>,
    group: &Group,
    line: &Line,
    point: impl Fn(usize) -> Option<u128>,
) -> Option<(Permuted, super::RecallAlone)> {
    let targets = whole_targets(group)?;
    let known: Vec<(usize, u128)> =
        (0..targets.queries()).filter_map(|query| Some((query, point(query)?))).collect();
    let cost = |i: usize, j: usize| {
        let ranks = targets.of(known[j].0).iter().map(|&t| line.near(known[i].1, t).rank());
        ranks.fold(f64::INFINITY, f64::min).ln()
    };
    let tested = Permuted::of(known.len(), PERMUTATIONS, audited.seed, cost)?;
    Some((tested, line.recall(group, targets, point)))
}
