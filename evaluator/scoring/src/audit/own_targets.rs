//! Queries that ask for their own reference.

use dataset::Group;

use super::{Audited, Check, Finding, Verdict, references, whole_targets};

const CHECK: Check = Check {
    name: "own_targets",
    title: "queries whose target is their reference",
    advice: "drop these queries: models leave the reference out of their rankings",
};

pub(super) fn check(_: &Audited<'_>, group: &Group) -> Option<Finding> {
    let targets = whole_targets(group)?;
    let references = references(group);
    let is_own = |query: &usize| {
        references[*query].is_some_and(|reference| targets.of(*query).contains(&reference))
    };
    let own = (0..targets.queries()).filter(is_own).count();
    let what = format!("{own} of {} queries ask for their own reference", targets.queries());
    Some(Finding::new(CHECK, &group.name, Verdict::of_count(own), what))
}
