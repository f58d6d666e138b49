//! Targets that several queries ask for.

use std::collections::HashSet;

use dataset::Group;

use super::{Audited, Check, Finding, Verdict, whole_targets};

const CHECK: Check = Check {
    name: "repeated_targets",
    title: "targets that several queries ask for",
    advice: "ask for each item once, so that no item counts more than others",
};

pub(super) fn check(_: &Audited<'_>, group: &Group) -> Option<Finding> {
    let targets = whole_targets(group)?;
    let mut seen = HashSet::new();
    let is_repeated = |query: &usize| {
        let new = targets.of(*query).iter().filter(|&&target| seen.insert(target)).count();
        new < targets.of(*query).len()
    };
    let repeated = (0..targets.queries()).filter(is_repeated).count();
    let what = match repeated {
        0 => {
            "each item is asked for at most once, so normalising scores over queries helps a little"
                .to_owned()
        }
        _ => format!(
            "{repeated} of {} queries have a target that an earlier query has",
            targets.queries()
        ),
    };
    Some(Finding::new(CHECK, &group.name, Verdict::of_count(repeated), what))
}
