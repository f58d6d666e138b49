//! The differences between a row and its definition, with the names of `challenge.toml`.

use serde::Serialize;

use super::commitment::NewCommitment;
use crate::entities::{benchmark, challenge};

/// One field that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// Its name in `challenge.toml`.
    pub field: &'static str,
    /// The old value.
    pub old: String,
    /// The new value.
    pub new: String,
}

impl FieldChange {
    /// That a benchmark gets a commitment to its targets. Its digest is made anew for each preview,
    /// so it is not named.
    pub(crate) fn of_commitment(commitment: &NewCommitment) -> Self {
        let old = commitment.before.map_or_else(none, |_| "published".to_owned());
        Self { field: "commitment", old, new: "a new one".to_owned() }
    }
}

pub(crate) fn of_challenge(old: &challenge::Model, new: &challenge::Model) -> Vec<FieldChange> {
    let domains = |row: &challenge::Model| match row.email_domains.as_str() {
        "" => "all".to_owned(),
        domains => domains.to_owned(),
    };
    let size = |row: &challenge::Model| row.team_size.map_or_else(none, |n| n.to_string());
    differing([
        ("task", old.task.clone(), new.task.clone()),
        ("title", quoted(&old.title), quoted(&new.title)),
        ("summary", quoted(&old.summary), quoted(&new.summary)),
        ("text", quoted(&old.text), quoted(&new.text)),
        ("rules", quoted(&old.rules), quoted(&new.rules)),
        ("rules_version", old.rules_version.to_string(), new.rules_version.to_string()),
        ("joining.approval", old.approval.to_string(), new.approval.to_string()),
        ("joining.email_domains", domains(old), domains(new)),
        ("joining.team_size", size(old), size(new)),
    ])
}

pub(crate) fn of_benchmark(old: &benchmark::Model, new: &benchmark::Model) -> Vec<FieldChange> {
    let file = |row: &benchmark::Model| row.targets_file.as_deref().map_or_else(none, quoted);
    let licence = |row: &benchmark::Model| row.licence.as_deref().map_or_else(none, quoted);
    // The whole version would let someone verify a guess of all targets.
    let digest = |hex: &str| format!("{hex:.8}…");
    let word = |word: &str| word.to_owned();
    let key = |row: &benchmark::Model| row.share_key.as_ref().map_or_else(none, |_| word("made"));
    differing([
        ("folder", quoted(&old.folder), quoted(&new.folder)),
        ("split", quoted(&old.split), quoted(&new.split)),
        ("protocol", quoted(&old.protocol), quoted(&new.protocol)),
        ("targets", word(old.targets.name()), word(new.targets.name())),
        ("targets_file", file(old), file(new)),
        ("publish", word(old.publication.name()), word(new.publication.name())),
        ("shared_limits", old.shared_limits.to_string(), new.shared_limits.to_string()),
        ("licence", licence(old), licence(new)),
        ("pictures", word(old.pictures.name()), word(new.pictures.name())),
        ("queries", old.queries.to_string(), new.queries.to_string()),
        ("galleries", digest(&old.gallery_digest), digest(&new.gallery_digest)),
        ("version", digest(&old.version), digest(&new.version)),
        ("key of the feedback share", key(old), key(new)),
    ])
}

fn none() -> String {
    "none".to_owned()
}

/// The fields that differ; each is given with its old and new value.
pub(crate) fn differing<const N: usize>(
    fields: [(&'static str, String, String); N],
) -> Vec<FieldChange> {
    let differing = fields.into_iter().filter(|(_, old, new)| old != new);
    differing.map(|(field, old, new)| FieldChange { field, old, new }).collect()
}

/// Only the length of longer texts is shown.
const SHOWN_CHARS: usize = 60;

/// A text as shown in a plan.
pub(crate) fn quoted(text: &str) -> String {
    let length = text.chars().count();
    if length > SHOWN_CHARS || text.contains('\n') {
        return format!("a text of {length} characters");
    }
    format!("\"{text}\"")
}
