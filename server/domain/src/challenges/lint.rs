//! Warnings about a challenge that could be applied.

use std::path::Path;

use dataset::Group;
use serde::Serialize;

use super::definition::BenchmarkDefinition;
use super::{Definition, PhaseDefinition, Source, feedback};
use crate::ambient::Instant;
use crate::entities::benchmark::{Publication, TargetsAre};
use crate::error::{Result, rfc3339};

/// The share of upward steps from which an order is more than chance, and the number of queries
/// needed to tell: of 100 coins more than 70 show heads once in 60,000 times.
const RISING: f64 = 0.7;
const ENOUGH: usize = 100;

/// The findings about a challenge that can be applied, in sentences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// What the organisers should change.
    pub warnings: Vec<String>,
    /// What the organisers should know: what a team can learn about hidden targets from scores.
    pub notes: Vec<String>,
}

/// Checks a challenge. Reads the data of each benchmark; a challenge that can't be applied is an
/// error.
pub fn lint(definition: &Definition, now: Instant) -> Result<Findings> {
    let mut warnings = Vec::new();
    let mut notes = Vec::new();
    if definition.rules.trim().is_empty() {
        warnings.push("the challenge has no rules; teams want to know what is allowed".to_owned());
    }
    for benchmark in &definition.benchmarks {
        let used = definition.phases.iter().any(|phase| phase.benchmark == benchmark.name);
        if !used {
            warnings.push(format!("benchmark `{}`: no phase uses it", benchmark.name));
        }
        warnings.extend(of_benchmark(benchmark)?);
    }
    for phase in &definition.phases {
        let benchmark = definition.benchmarks.iter().find(|b| b.name == phase.benchmark);
        let hidden = benchmark.is_some_and(|benchmark| benchmark.targets == TargetsAre::Hidden);
        warnings.extend(of_phase(phase, hidden, now));
        let learned = if hidden { feedback::learned(phase, definition.task)? } else { None };
        notes.extend(learned.map(|learned| format!("phase `{}`: {learned}", phase.name)));
    }
    if !notes.is_empty() {
        notes.push(feedback::MEANING.to_owned());
    }
    warnings.extend(separate_limits(definition));
    warnings.extend(same_targets(definition));
    warnings.extend(other_shares(definition));
    Ok(Findings { warnings, notes })
}

/// Phases of one hidden benchmark with separate limits: each is another quota on the same targets.
fn separate_limits(definition: &Definition) -> Vec<String> {
    let apart = definition
        .benchmarks
        .iter()
        .filter(|it| it.targets == TargetsAre::Hidden && !it.shared_limits());
    let several = apart.filter_map(|benchmark| {
        let of = definition.phases.iter().filter(|phase| phase.benchmark == benchmark.name);
        let names: Vec<String> = of.map(|phase| format!("`{}`", phase.name)).collect();
        (names.len() > 1).then(|| {
            format!(
                "benchmark `{}`: its phases {} have separate limits, so a team gets their sum on \
                 the same hidden targets; remove shared_limits = false",
                benchmark.name,
                names.join(", ")
            )
        })
    });
    several.collect()
}

/// Phases of one hidden benchmark of which one shows scores on queries that another keeps for its final
/// standings.
fn other_shares(definition: &Definition) -> Vec<String> {
    let mut warnings = Vec::new();
    let share = |phase: &PhaseDefinition| phase.settings.feedback(TargetsAre::Hidden, None).0;
    let hidden = definition.benchmarks.iter().filter(|it| it.targets == TargetsAre::Hidden);
    for benchmark in hidden {
        let on: Vec<&PhaseDefinition> =
            definition.phases.iter().filter(|phase| phase.benchmark == benchmark.name).collect();
        for (one, other) in on.iter().flat_map(|one| on.iter().map(move |other| (one, other))) {
            let wider = share(other) == 0 || share(other) > share(one);
            let before = one.settings.reveal_at.is_some_and(|at| at > other.settings.opens_at);
            if share(one) > 0 && wider && before {
                warnings.push(format!(
                    "phase `{}` shows scores on queries that phase `{}` keeps for its final standings; \
                     give both the same feedback_share, or let it open after the other’s reveal",
                    other.name, one.name
                ));
            }
        }
    }
    warnings
}

/// Hidden benchmarks on the same data: limits are shared within one benchmark, not between two.
fn same_targets(definition: &Definition) -> Vec<String> {
    let hidden: Vec<&BenchmarkDefinition> =
        definition.benchmarks.iter().filter(|it| it.targets == TargetsAre::Hidden).collect();
    let mut warnings = Vec::new();
    for (index, one) in hidden.iter().enumerate() {
        for other in &hidden[index + 1..] {
            let same_file = one.targets_file == other.targets_file;
            if same_file || (&one.folder, &one.split) == (&other.folder, &other.split) {
                warnings.push(format!(
                    "benchmarks `{}` and `{}` have the same hidden targets but don’t share limits; \
                     use one of them for all these phases",
                    one.name, other.name
                ));
            }
        }
    }
    warnings
}

fn of_benchmark(benchmark: &BenchmarkDefinition) -> Result<Vec<String>> {
    let source = Source {
        task: benchmark.task,
        folder: benchmark.folder.clone(),
        split: benchmark.split.clone(),
        protocol: benchmark.protocol,
        targets: benchmark.targets,
        targets_file: benchmark.targets_file.clone(),
        corrected: None,
        key: None,
        simulator: benchmark.simulator.clone(),
    };
    source.read()?;
    if benchmark.targets != TargetsAre::Hidden {
        return Ok(vec![]);
    }
    let mut warnings = Vec::new();
    if benchmark.publication() == Publication::Official {
        // The turns of a session ask for the same item, so only its first turn says something.
        let groups = source.official()?.groups;
        warnings.extend(groups.iter().map(Group::first_turns).filter_map(|it| order(&it)));
    }
    if let Some(file) = &benchmark.targets_file {
        if file.starts_with(&benchmark.folder) {
            warnings.push("targets_file is in the data set's folder, which is public".to_owned());
        }
        warnings.extend(others_may_read(file));
    }
    let named = |warning| format!("benchmark `{}`: {warning}", benchmark.name);
    Ok(warnings.into_iter().map(named).collect())
}

/// Warns if the order of the files reveals the targets.
fn order(group: &Group) -> Option<String> {
    let rising = group.rising_share().filter(|_| group.queries.len() >= ENOUGH)?;
    (rising.max(1.0 - rising) > RISING).then(|| {
        format!(
            "the targets of `{}` follow the order of its files ({:.0} % of them rise from query to \
             query, and 50 % is chance), so the order reveals them; set publish = \"keyed\"",
            group.name,
            100.0 * rising
        )
    })
}

#[cfg(unix)]
fn others_may_read(file: &Path) -> Option<String> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(file).ok()?.permissions().mode();
    (mode & 0o077 != 0)
        .then(|| format!("other users can read {}; run chmod 600 on it", file.display()))
}

#[cfg(not(unix))]
fn others_may_read(_: &Path) -> Option<String> {
    None
}

fn of_phase(phase: &PhaseDefinition, hidden: bool, now: Instant) -> Vec<String> {
    let mut warnings = Vec::new();
    let settings = &phase.settings;
    if let Some(closes) = settings.closes_at.filter(|closes| *closes <= now) {
        warnings.push(format!("it already closed at {}", rfc3339(closes)));
    }
    if settings.freeze_at.is_some() && settings.reveal_at.is_none() {
        warnings.push(
            "it freezes and has no reveal: everyone sees the frozen board forever".to_owned(),
        );
    }
    let takes_after = |reveals: &Instant| settings.closes_at.is_none_or(|at| at > *reveals);
    if let Some(reveals) = settings.reveal_at.filter(takes_after) {
        warnings
            .push(format!("it still takes submissions after its reveal at {}", rfc3339(reveals)));
    }
    let limits = settings.limits();
    if hidden && limits.per_day.is_none() && limits.total.is_none() {
        warnings.push(
            "its targets are hidden, but it has no limit per day or in total: each score reveals \
             something about the targets"
                .to_owned(),
        );
    }
    if limits.invalid_per_day.is_none() {
        warnings.push(
            "it has no limits.invalid_per_day: teams can send any number of broken uploads"
                .to_owned(),
        );
    }
    warnings.into_iter().map(|warning| format!("phase `{}`: {warning}", phase.name)).collect()
}
