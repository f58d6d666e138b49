//! What a receipt states, in words.

use std::fmt;

use dataset::Protocol;
use domain::accounts::is_invisible;
use domain::receipts::{Audience, ResultsStatement, Stated, Statement};
use serde_json::Value;

/// A statement for people.
pub(super) struct Words<'a>(pub(super) &'a Stated);

/// A text of a file that anyone can have made: without what changes a terminal.
pub(super) fn plain(text: &str) -> String {
    let hides = |c: char| c.is_control() || is_invisible(c);
    text.chars().map(|c| if hides(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Stated::Submission(it) => of_submission(it, f),
            Stated::Results(it) => of_results(it, f),
        }
    }
}

fn of_results(it: &ResultsStatement, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut line = |name: &str, value: &str| writeln!(f, "{name:<11}{}", plain(value));
    line("results", &it.name)?;
    line("phase", &format!("{}/{}", it.challenge, it.phase))?;
    if let Some(server) = &it.server {
        line("server", server)?;
    }
    line("confirmed", &it.confirmed_at)?;
    line("signed", &it.signed_at)?;
    line("document", &format!("SHA-256 {}", it.sha256))
}

fn of_submission(it: &Statement, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut line = |name: &str, value: String| writeln!(f, "{name:<11}{}", plain(&value));
    line("submission", it.submission.clone())?;
    line("phase", format!("{}/{}", it.challenge, it.phase))?;
    if let Some(server) = &it.server {
        line("server", server.clone())?;
    }
    line("received", it.received_at.clone())?;
    if let Some(scored) = &it.scored_at {
        line("scored", scored.clone())?;
    }
    line("signed", it.signed_at.clone())?;
    line("upload", format!("SHA-256 {}, {} bytes", it.upload_sha256, it.upload_bytes))?;
    let benchmark = &it.benchmark;
    line(
        "benchmark",
        format!(
            "{}: {} {} of split {}, targets {}, protocol {}",
            benchmark.name,
            benchmark.queries,
            if benchmark.protocol == Protocol::MultiTurn.name() { "sessions" } else { "queries" },
            benchmark.split,
            benchmark.targets,
            benchmark.protocol
        ),
    )?;
    line("galleries", benchmark.gallery.clone())?;
    if let Some(commitment) = &benchmark.commitment {
        line("commitment", commitment.clone())?;
    }
    line("scorer", it.scorer.to_string())?;
    if let Some(overall) = it.scorecard.overall {
        line("overall", percent(overall))?;
    }
    for (group, values) in &it.scorecard.categories {
        let values: Vec<String> =
            values.iter().map(|(name, value)| format!("{name} {}", shown(name, value))).collect();
        line(group, values.join(", "))?;
    }
    let audience = match it.shown_to {
        Audience::Everyone => "everyone",
        Audience::Team => "its team; others may see less",
        Audience::Organisers => "the organisers; others may see less",
    };
    line("shown to", audience.to_owned())?;
    if !it.marks.is_empty() {
        line("does not count", it.marks.join(", "))?;
    }
    Ok(())
}

/// A value as people read it: a count or a rank as it is, a share in percent.
fn shown(name: &str, value: &Value) -> String {
    match value {
        Value::String(rank) => rank.clone(),
        _ if name == "queries" => value.to_string(),
        _ => value.as_f64().map_or_else(|| value.to_string(), percent),
    }
}

fn percent(share: f64) -> String {
    format!("{:.3} %", 100.0 * share)
}
