//! Queries that are asked twice.

use std::collections::HashSet;

use dataset::Group;

use super::{Audited, Check, Finding, Verdict};

const CHECK: Check = Check {
    name: "repeated_rows",
    title: "rows with the same reference and captions",
    advice: "keep one row of each: if they have different targets, no ranking can answer both first",
};

#[expect(clippy::unnecessary_wraps, reason = "all checks have one signature")]
pub(super) fn check(_: &Audited<'_>, group: &Group) -> Option<Finding> {
    let mut seen = HashSet::new();
    let rows = group.queries.iter().map(|query| (&query.reference, &query.captions));
    let repeated = rows.filter(|row| !seen.insert(*row)).count();
    let what = format!(
        "{repeated} of {} rows have the reference and captions of an earlier one",
        group.queries.len()
    );
    Some(Finding::new(CHECK, &group.name, Verdict::of_count(repeated), what))
}
