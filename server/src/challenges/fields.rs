//! What differs between a row as it is and as a definition wants it, in the words of
//! `challenge.toml`.

use super::plan::{FieldChange, differing, told};
use crate::ambient::Instant;
use crate::entities::{benchmark, challenge, phase};
use crate::error::{Result, rfc3339};

pub(super) fn of_challenge(old: &challenge::Model, new: &challenge::Model) -> Vec<FieldChange> {
    differing([
        ("title", told(&old.title), told(&new.title)),
        ("summary", told(&old.summary), told(&new.summary)),
        ("text", told(&old.text), told(&new.text)),
        ("rules", told(&old.rules), told(&new.rules)),
    ])
}

pub(super) fn of_benchmark(old: &benchmark::Model, new: &benchmark::Model) -> Vec<FieldChange> {
    let file = |row: &benchmark::Model| row.targets_file.as_deref().map_or_else(none, told);
    // Whoever holds a guess of all targets could prove it by the whole version.
    let digest = |hex: &str| format!("{hex:.8}…");
    let word = |word: &str| word.to_owned();
    differing([
        ("folder", told(&old.folder), told(&new.folder)),
        ("split", told(&old.split), told(&new.split)),
        ("protocol", told(&old.protocol), told(&new.protocol)),
        ("targets", word(old.targets.name()), word(new.targets.name())),
        ("targets_file", file(old), file(new)),
        ("publish", word(old.publication.name()), word(new.publication.name())),
        ("queries", old.queries.to_string(), new.queries.to_string()),
        ("galleries", digest(&old.gallery_digest), digest(&new.gallery_digest)),
        ("version", digest(&old.version), digest(&new.version)),
    ])
}

pub(super) fn of_phase(
    (old, on_old): (&phase::Model, &benchmark::Model),
    (new, on_new): (&phase::Model, &benchmark::Model),
) -> Result<Vec<FieldChange>> {
    let number = |n: Option<i32>| n.map_or_else(none, |n| n.to_string());
    let shown = |names: &Option<String>| match names.as_deref() {
        None => "all that the targets allow".to_owned(),
        Some("") => "nothing".to_owned(),
        Some(names) => names.to_owned(),
    };
    let closes = |at: Option<Instant>| at.map_or_else(|| "never".to_owned(), rfc3339);
    Ok(differing([
        ("title", told(&old.title), told(&new.title)),
        ("benchmark", told(&on_old.name), told(&on_new.name)),
        ("position", (old.position + 1).to_string(), (new.position + 1).to_string()),
        ("opens", rfc3339(old.opens_at), rfc3339(new.opens_at)),
        ("closes", closes(old.closes_at), closes(new.closes_at)),
        ("limits.per_day", number(old.limit_per_day), number(new.limit_per_day)),
        ("limits.total", number(old.limit_total), number(new.limit_total)),
        ("limits.at_once", number(old.limit_at_once), number(new.limit_at_once)),
        (
            "limits.invalid_per_day",
            number(old.limit_invalid_per_day),
            number(new.limit_invalid_per_day),
        ),
        ("reset", old.reset()?.to_string(), new.reset()?.to_string()),
        ("shown.public", shown(&old.shown_public), shown(&new.shown_public)),
        ("shown.team", shown(&old.shown_team), shown(&new.shown_team)),
    ]))
}

fn none() -> String {
    "none".to_owned()
}
