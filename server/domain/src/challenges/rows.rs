//! The rows for a definition.

use super::Source;
use super::commitment::NewCommitment;
use super::definition::{BenchmarkDefinition, Definition};
use super::must_divide;
use crate::ambient::{Ambient, Instant};
use crate::entities::benchmark::{Publication, SecretKey, TargetsAre};
use crate::entities::{benchmark, challenge, commitment};
use crate::error::Result;

/// The row of a challenge, without its id.
pub(crate) fn of_challenge(definition: &Definition, created_at: Instant) -> challenge::Model {
    challenge::Model {
        id: 0,
        name: definition.name.clone(),
        task: definition.task.name.to_owned(),
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
        archived_at: None,
        deleted_at: None,
    }
}

/// The keys of a benchmark, which it keeps once it has them.
#[derive(Default)]
pub(crate) struct Keys {
    secret: Option<SecretKey>,
    share: Option<SecretKey>,
    draw: Option<SecretKey>,
}

impl Keys {
    /// Those of a row.
    pub(crate) fn of(row: benchmark::Model) -> Self {
        Self { secret: row.secret_key, share: row.share_key, draw: row.draw_key }
    }
}

/// The row of a benchmark as its files are now, without its id and challenge, and the commitment to
/// its targets that it lacks. A keyed one and one with hidden targets keep their keys, or get them. It reads
/// files, so don't call it on an async thread.
///
/// # Errors
/// The files can't be read, or a phase divides its queries and a group has too few.
pub(crate) fn of_benchmark(
    definition: &BenchmarkDefinition,
    is_divided: bool,
    keys: Keys,
    last: Option<&commitment::Model>,
    ambient: &Ambient,
) -> Result<(benchmark::Model, Option<NewCommitment>)> {
    let publication = definition.publication();
    let new_key = || SecretKey(hex::encode(ambient.bytes::<32>()));
    let secret_key =
        (publication == Publication::Keyed).then(|| keys.secret.unwrap_or_else(new_key));
    let source = Source {
        task: definition.task,
        folder: definition.folder.clone(),
        split: definition.split.clone(),
        protocol: definition.protocol,
        targets: definition.targets,
        targets_file: definition.targets_file.clone(),
        corrected: None,
        key: secret_key.clone(),
        simulator: definition.simulator.clone(),
    };
    let ready = source.read()?;
    let benchmark = &ready.benchmark;
    if is_divided {
        must_divide(benchmark)?;
    }
    let commitment = NewCommitment::needed(benchmark, definition.targets, last, ambient)?;
    let row = benchmark::Model {
        id: 0,
        challenge_id: 0,
        name: definition.name.clone(),
        task: definition.task.name.to_owned(),
        folder: definition.folder.display().to_string(),
        split: definition.split.clone(),
        protocol: definition.protocol.name().to_owned(),
        targets: definition.targets,
        targets_file: definition.targets_file.as_ref().map(|file| file.display().to_string()),
        version: benchmark.version(),
        gallery_digest: benchmark.gallery_digest(),
        queries: benchmark.groups().iter().map(|g| benchmark.scored_in(g)).sum::<usize>() as i32,
        publication,
        secret_key,
        shared_limits: definition.shared_limits(),
        licence: definition.licence.clone(),
        rescoring_id: None,
        targets_id: None,
        share_key: (definition.targets == TargetsAre::Hidden)
            .then(|| keys.share.unwrap_or_else(new_key)),
        draw_key: (definition.targets == TargetsAre::Drawn)
            .then(|| keys.draw.unwrap_or_else(new_key)),
        pictures: definition.pictures,
        simulator: definition.simulator.clone(),
    };
    Ok((row, commitment))
}
