//! Does the order of the queries and the gallery tell the targets?

use dataset::Group;

use super::line::Line;
use super::{Audited, Check, Finding, PERMUTATIONS, Permuted, whole_targets};

const CHECK: Check = Check {
    name: "order",
    title: "the order of queries and gallery",
    advice: "publish galleries and lists of queries in a secret random order (publish = \"keyed\"); if these \
             files are public already, treat their scores as those of public targets",
};

/// Where a query's target is expected if targets were spread evenly over the gallery in the order of the
/// queries: query i of n at (i + 1)(N + 1) / (n + 1), from 1. In units of 1 / (n + 1), so that it is whole.
pub(super) fn expected(query: usize, items: usize) -> u128 {
    (query as u128 + 1) * (items as u128 + 1)
}

/// A position in the gallery in the units of [`expected`].
pub(super) fn position(index: usize, queries: usize) -> u128 {
    (index as u128 + 1) * (queries as u128 + 1)
}

pub(super) fn check(audited: &Audited<'_>, group: &Group) -> Option<Finding> {
    let targets = whole_targets(group)?;
    let (queries, items) = (targets.queries(), group.gallery.len());
    let line = Line::new((0..items).map(|index| position(index, queries)).collect());
    let scale = (items * (queries + 1)) as f64;
    let test = |point: &dyn Fn(usize) -> u128| {
        let distance = |query: usize, of: usize| {
            let near = targets.of(of).iter().map(|&t| point(query).abs_diff(line.number(t)));
            near.min().unwrap_or(0) as f64 / scale
        };
        let tested = Permuted::of(queries, PERMUTATIONS, audited.seed, distance);
        tested.map(|tested| (tested, line.recall(group, targets, |query| Some(point(query)))))
    };
    let forward = test(&|query| expected(query, items))?;
    let backward = test(&|query| expected(queries - 1 - query, items))?;
    let is_forward = forward.0.z() <= backward.0.z();
    let (tested, recall) = if is_forward { forward } else { backward };
    // the stronger of two tests
    let p = (2.0 * tested.p_low).min(1.0);
    let direction = if is_forward { "rise" } else { "fall" };
    let what = format!(
        "if positions {direction} with the queries, targets are {:.1} % of the gallery away from where they \
         are expected, and {:.1} % if queries are permuted (z {:.1})",
        100.0 * tested.observed,
        100.0 * tested.mean,
        tested.z()
    );
    Some(Finding::tested(CHECK, &group.name, p, what).worth(recall))
}
