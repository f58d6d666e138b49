//! What an audit prints.

use std::fmt;

use dataset::Split;
use scoring::audit::{Check, Finding, Misses, OneSide, Permuted, Verdict};
use serde_json::{Value, json};

/// The findings of an audit.
pub(super) struct Report {
    split: String,
    groups: usize,
    queries: usize,
    items: usize,
    has_targets: bool,
    pub(super) findings: Vec<Finding>,
    pub(super) sides: Vec<OneSide>,
    pub(super) misses: Option<Misses>,
}

impl Report {
    pub(super) fn new(split: &Split, has_targets: bool) -> Self {
        Self {
            split: split.name.clone(),
            groups: split.groups.len(),
            queries: split.groups.iter().map(|group| group.queries.len()).sum(),
            items: split.groups.iter().map(|group| group.gallery.len()).sum(),
            has_targets,
            findings: Vec::new(),
            sides: Vec::new(),
            misses: None,
        }
    }

    /// Whether there is something to look at.
    pub(super) fn has_findings(&self) -> bool {
        self.findings.iter().any(Finding::is_something)
            || self.misses.as_ref().is_some_and(Misses::is_conspicuous)
    }

    /// The checks that were made, in their order.
    fn checks(&self) -> Vec<Check> {
        let mut checks: Vec<Check> = Vec::new();
        for finding in &self.findings {
            if !checks.contains(&finding.check) {
                checks.push(finding.check);
            }
        }
        checks
    }

    fn of(&self, check: Check) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.check == check)
    }

    /// The mean over groups of recall at 10 and at 50 of someone who looks at nothing but a check's subject.
    fn alone(&self, check: Check) -> Option<f64> {
        let values = self.of(check).filter_map(|finding| finding.recall_alone);
        let values: Vec<f64> = values.flat_map(|recall| [recall.at_10, recall.at_50]).collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    }

    pub(super) fn to_json(&self) -> Value {
        let alone = |check: Check| Some((check.name.to_owned(), self.alone(check)?.into()));
        let alone: serde_json::Map<String, Value> =
            self.checks().into_iter().filter_map(alone).collect();
        json!({
            "split": self.split,
            "has_targets": self.has_targets,
            "findings": self.findings,
            "overall_recall_alone": alone,
            "one_side": self.sides,
            "misses": self.misses,
            "misses_verdict": self.misses.as_ref().map(Misses::verdict),
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{}: {} groups, {} queries, {} items, {}",
            self.split,
            self.groups,
            self.queries,
            self.items,
            if self.has_targets { "with targets" } else { "without targets" }
        )?;
        for check in self.checks() {
            self.write_check(f, check)?;
        }
        self.write_sides(f)?;
        self.write_misses(f)?;
        let found =
            self.checks().into_iter().filter(|check| self.of(*check).any(Finding::is_something));
        match found.map(|check| check.name).collect::<Vec<_>>().join(", ") {
            names if names.is_empty() => writeln!(f, "\nnothing found in the benchmark"),
            names => writeln!(f, "\nsomething found by: {names}"),
        }
    }
}

impl Report {
    fn write_check(&self, f: &mut fmt::Formatter<'_>, check: Check) -> fmt::Result {
        writeln!(f, "\n{} ({})", check.title, check.name)?;
        for finding in self.of(check) {
            let verdict = match finding.verdict {
                Verdict::Leak => "LEAK",
                Verdict::WorthKnowing => "worth knowing",
                Verdict::NothingFound => "nothing found",
            };
            write!(f, "  {verdict:13}  {}: {}", finding.group, finding.what)?;
            if let Some(recall) = finding.recall_alone {
                let (at_10, at_50) = (100.0 * recall.at_10, 100.0 * recall.at_50);
                write!(f, "; alone it gives R@10 {at_10:.2} %, R@50 {at_50:.2} %")?;
            }
            if let Some(p) = finding.p_value {
                write!(f, "; p {}", p_value(p))?;
            }
            writeln!(f)?;
        }
        if let Some(alone) = self.alone(check) {
            writeln!(f, "  someone who looks at nothing else scores {:.2} %", 100.0 * alone)?;
        }
        match self.of(check).find_map(|finding| finding.what_to_do) {
            Some(advice) => writeln!(f, "  what to do: {advice}"),
            None => Ok(()),
        }
    }

    fn write_sides(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.sides.is_empty() {
            return Ok(());
        }
        writeln!(
            f,
            "\n{:20} {:10} {:>3} {:>8} {:>9} {:>10} {:>10} {:>7} {:>7} {:>10}",
            "subset",
            "group",
            "k",
            "queries",
            "captions",
            "reference",
            "need both",
            "run",
            "gap",
            "of both"
        )?;
        for one in &self.sides {
            let share = |n: usize| format!("{:.2}", 100.0 * n as f64 / one.queries as f64);
            let points = |value: Option<f64>| {
                value.map_or("-".to_owned(), |value| format!("{:+.2}", 100.0 * value))
            };
            writeln!(
                f,
                "{:20} {:10} {:>3} {:>8} {:>9} {:>10} {:>10} {:>7} {:>7} {:>10}",
                one.subset.as_deref().unwrap_or("all queries"),
                one.group.as_deref().unwrap_or("all"),
                one.k,
                one.queries,
                share(one.text),
                share(one.reference),
                share(one.need_both),
                one.run.map_or("-".to_owned(), share),
                points(one.gap()),
                points(one.gap_of_need_both())
            )?;
        }
        writeln!(
            f,
            "percent of queries; `gap`: the run less the better side; `of both`: the run on the queries that need \
             both"
        )
    }

    fn write_misses(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(misses) = &self.misses else { return Ok(()) };
        writeln!(f, "\nwrong first items of the run")?;
        let z = |tested: Option<Permuted>| {
            tested.map_or("-".to_owned(), |tested| format!("{:.1}", tested.z()))
        };
        for group in &misses.groups {
            writeln!(
                f,
                "  {}: {} misses, z by order {}, z by id {}",
                group.group,
                group.misses,
                z(group.by_order),
                z(group.by_id)
            )?;
        }
        writeln!(f, "  {}", misses.verdict())
    }
}

fn p_value(p: f64) -> String {
    if p < 0.0001 { "<0.0001".to_owned() } else { format!("{p:.4}") }
}
