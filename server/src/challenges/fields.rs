//! What differs between a row as it is and as a definition wants it, in the words of
//! `challenge.toml`.

use super::AskedField;
use super::plan::{FieldChange, differing, told};
use crate::ambient::Instant;
use crate::entities::{benchmark, challenge, phase};
use crate::error::{Error, Result, rfc3339};

pub(super) fn of_challenge(old: &challenge::Model, new: &challenge::Model) -> Vec<FieldChange> {
    let domains = |row: &challenge::Model| match row.email_domains.as_str() {
        "" => "all".to_owned(),
        domains => domains.to_owned(),
    };
    let size = |row: &challenge::Model| row.team_size.map_or_else(none, |n| n.to_string());
    differing([
        ("title", told(&old.title), told(&new.title)),
        ("summary", told(&old.summary), told(&new.summary)),
        ("text", told(&old.text), told(&new.text)),
        ("rules", told(&old.rules), told(&new.rules)),
        ("rules_version", old.rules_version.to_string(), new.rules_version.to_string()),
        ("joining.approval", old.approval.to_string(), new.approval.to_string()),
        ("joining.email_domains", domains(old), domains(new)),
        ("joining.team_size", size(old), size(new)),
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
        ("shared_limits", old.shared_limits.to_string(), new.shared_limits.to_string()),
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
    let asked = |row: &phase::Model| {
        let fields: Vec<String> = row.asked()?.iter().map(asked).collect();
        Ok::<_, Error>(if fields.is_empty() { none() } else { fields.join("; ") })
    };
    Ok(differing([
        ("title", told(&old.title), told(&new.title)),
        ("benchmark", told(&on_old.name), told(&on_new.name)),
        ("position", (old.position + 1).to_string(), (new.position + 1).to_string()),
        ("opens", rfc3339(old.opens_at), rfc3339(new.opens_at)),
        ("closes", closes(old.closes_at), closes(new.closes_at)),
        ("freezes", closes(old.freeze_at), closes(new.freeze_at)),
        ("reveals", closes(old.reveal_at), closes(new.reveal_at)),
        ("finals", old.finals.to_string(), new.finals.to_string()),
        ("probes", old.probes.to_string(), new.probes.to_string()),
        ("field", asked(old)?, asked(new)?),
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

/// A field in a few words: `paper (link, required)`.
fn asked(field: &AskedField) -> String {
    let mut about = vec![format!("\"{}\"", field.label), field.kind.name().to_owned()];
    about.extend((!field.options.is_empty()).then(|| field.options.join("|")));
    about.extend(field.required.then(|| "required".to_owned()));
    about.extend((!field.public).then(|| "not public".to_owned()));
    format!("{} ({})", field.name, about.join(", "))
}

fn none() -> String {
    "none".to_owned()
}
