//! Are references more often, or less often, targets of other queries than other items?

use std::collections::BTreeSet;

use dataset::Group;

use super::{Audited, Check, Finding, references, student::two_sided_normal, whole_targets};

const CHECK: Check = Check {
    name: "references_as_targets",
    title: "references that are targets of other queries",
    advice: "draw references and targets independently, or tell teams that references are more likely or less \
             likely to be targets",
};

pub(super) fn check(_: &Audited<'_>, group: &Group) -> Option<Finding> {
    let targets = whole_targets(group)?;
    let asked: BTreeSet<u32> =
        (0..targets.queries()).flat_map(|q| targets.of(q)).copied().collect();
    let shown: BTreeSet<u32> = references(group).into_iter().flatten().collect();
    let (items, asked_n, shown_n) =
        (group.gallery.len() as f64, asked.len() as f64, shown.len() as f64);
    if items < 2.0 || shown.is_empty() {
        return None;
    }
    let both = shown.intersection(&asked).count();
    // the hypergeometric distribution
    let share = asked_n / items;
    let mean = shown_n * share;
    let variance = mean * (1.0 - share) * (items - shown_n) / (items - 1.0);
    let away = (both as f64 - mean).abs() - 0.5;
    let z = if variance > 0.0 { away.max(0.0) / variance.sqrt() } else { 0.0 };
    let what = format!(
        "{both} of {} distinct references are targets of other queries, and {mean:.0} are expected by chance",
        shown.len()
    );
    Some(Finding::tested(CHECK, &group.name, two_sided_normal(z), what))
}
