//! Targets and references that are not in the gallery.

use dataset::Group;

use super::{Audited, Check, Finding, Verdict, references};

const CHECK: Check = Check {
    name: "outside",
    title: "targets and references outside the gallery",
    advice: "add missing targets to the gallery: nobody can find them; a gallery without the references \
             excludes them for everyone, which the rules should say",
};

#[expect(clippy::unnecessary_wraps, reason = "all checks have one signature")]
pub(super) fn check(_: &Audited<'_>, group: &Group) -> Option<Finding> {
    let outside = references(group).iter().filter(|index| index.is_none()).count();
    let mut what =
        format!("{outside} of {} references are not in the gallery", group.queries.len());
    let mut problems = outside;
    if let Some(targets) = &group.targets {
        let queries = group.queries.len();
        let is_lost = |query: &usize| {
            let own = if *query < targets.queries() { targets.of(*query) } else { &[] };
            own.is_empty() || own.iter().any(|&target| target as usize >= group.gallery.len())
        };
        let lost = (0..queries).filter(is_lost).count();
        problems += lost;
        what = format!("{what}; {lost} queries have no target there");
    }
    Some(Finding::new(CHECK, &group.name, Verdict::of_count(problems), what))
}
