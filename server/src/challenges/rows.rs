//! The rows that a definition asks for.

use super::definition::{BenchmarkDefinition, Definition, PhaseDefinition};
use super::{Shown, Source};
use crate::ambient::{Ambient, Instant};
use crate::entities::benchmark::{Publication, SecretKey};
use crate::entities::{benchmark, challenge, phase};
use crate::error::{Error, Result};

/// The row of a challenge, without its id.
pub(super) fn of_challenge(definition: &Definition, created_at: Instant) -> challenge::Model {
    challenge::Model {
        id: 0,
        name: definition.name.clone(),
        title: definition.title.clone(),
        summary: definition.summary.clone(),
        text: definition.text.clone(),
        rules: definition.rules.clone(),
        rules_version: 1,
        approval: definition.joining.approval,
        email_domains: definition.joining.email_domains.join(" "),
        team_size: definition.joining.team_size.map(i32::from),
        revision: 0,
        created_at,
    }
}

/// The row of a benchmark as its files are now, without its id and challenge. A keyed one keeps its
/// key, or gets one. Reads files: not for an async thread.
pub(super) fn of_benchmark(
    definition: &BenchmarkDefinition,
    key: Option<SecretKey>,
    ambient: &Ambient,
) -> Result<benchmark::Model> {
    let publication = definition.publication();
    let new_key = || SecretKey(hex::encode(ambient.bytes::<32>()));
    let secret_key = (publication == Publication::Keyed).then(|| key.unwrap_or_else(new_key));
    let source = Source {
        folder: definition.folder.clone(),
        split: definition.split.clone(),
        protocol: definition.protocol,
        targets: definition.targets,
        targets_file: definition.targets_file.clone(),
        key: secret_key.clone(),
    };
    let ready = source.read()?;
    let benchmark = &ready.benchmark;
    Ok(benchmark::Model {
        id: 0,
        challenge_id: 0,
        name: definition.name.clone(),
        folder: definition.folder.display().to_string(),
        split: definition.split.clone(),
        protocol: definition.protocol.name().to_owned(),
        targets: definition.targets,
        targets_file: definition.targets_file.as_ref().map(|file| file.display().to_string()),
        version: benchmark.version(),
        gallery_digest: benchmark.gallery_digest(),
        queries: benchmark.groups().iter().map(|g| g.queries.len()).sum::<usize>() as i32,
        publication,
        secret_key,
        shared_limits: definition.shared_limits(),
    })
}

/// The row of a phase, without its id.
pub(super) fn of_phase(
    benchmark: &benchmark::Model,
    position: usize,
    definition: &PhaseDefinition,
) -> Result<phase::Model> {
    let limits = &definition.limits;
    let names = |shown: Option<Shown>| shown.map(|shown| shown.to_string());
    Ok(phase::Model {
        id: 0,
        challenge_id: benchmark.challenge_id,
        benchmark_id: benchmark.id,
        name: definition.name.clone(),
        title: definition.title.clone(),
        kind: "ranking".to_owned(),
        position: position as i32,
        opens_at: definition.opens,
        closes_at: definition.closes,
        limit_per_day: limits.per_day.map(i32::from),
        limit_total: limits.total.map(i32::from),
        limit_at_once: limits.at_once.map(i32::from),
        limit_invalid_per_day: limits.invalid_per_day.map(i32::from),
        reset_hour: definition.reset.hour,
        reset_zone: definition.reset.zone.clone(),
        shown_public: names(definition.shown.public()?),
        shown_team: names(definition.shown.team()?),
        freeze_at: definition.freezes,
        reveal_at: definition.reveals,
        finals: definition.finals.into(),
        fields: serde_json::to_string(&definition.fields)
            .map_err(|e| Error::internal("keep what a phase asks for", e))?,
        probes: definition.probes,
    })
}
