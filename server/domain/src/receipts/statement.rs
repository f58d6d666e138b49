//! What a receipt states.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::challenges::{Located, Part, Viewer};
use crate::entities::{benchmark, submission};
use crate::error::rfc3339;
use crate::submissions::{Published, Scored};

/// The version of the format that this program writes and reads.
pub(super) const VERSION: u32 = 1;

/// What a receipt states about a submission.
///
/// The fields are in the order of their names, here and below: the payload's keys are sorted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// What it was scored against.
    pub benchmark: StatedBenchmark,
    /// The challenge.
    pub challenge: String,
    /// Why it doesn't count, for the team only: `disqualified`, `hidden`, `trial` or `withdrawn`.
    pub marks: Vec<String>,
    /// The phase.
    pub phase: String,
    /// When the server accepted the upload.
    pub received_at: String,
    /// The scores that its readers may see.
    pub scorecard: StatedScores,
    /// When it was scored first.
    pub scored_at: Option<String>,
    /// The version of the scorer that computed the scores.
    pub scorer: i32,
    /// The address of the server, if its operator has set one.
    pub server: Option<String>,
    /// Who may see these scores.
    pub shown_to: Audience,
    /// When it was signed.
    pub signed_at: String,
    /// The id of the submission.
    pub submission: String,
    /// The size of the upload.
    pub upload_bytes: i64,
    /// The SHA-256 of the upload as it was sent, in hex.
    pub upload_sha256: String,
    /// The version of this format.
    pub version: u32,
}

/// What a receipt states about the final results of a phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResultsStatement {
    /// The challenge.
    pub challenge: String,
    /// When the organisers confirmed them.
    pub confirmed_at: String,
    /// Their name, which is the date.
    pub name: String,
    /// The phase.
    pub phase: String,
    /// The address of the server, if its operator has set one.
    pub server: Option<String>,
    /// The SHA-256 of their document, in hex.
    pub sha256: String,
    /// When it was signed.
    pub signed_at: String,
    /// The version of this format.
    pub version: u32,
}

/// The benchmark, by what is public of it. Its version isn't: it would confirm a guess of all hidden
/// targets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedBenchmark {
    /// The last commitment to its targets, if they are hidden.
    pub commitment: Option<String>,
    /// The digest of the galleries.
    pub gallery: String,
    /// Its name in the challenge.
    pub name: String,
    /// The gallery protocol.
    pub protocol: String,
    /// The number of queries, or of sessions under `multi-turn`.
    pub queries: i32,
    /// The split.
    pub split: String,
    /// Who knows its targets: `hidden` or `public`.
    pub targets: String,
}

/// Scores in the form of a `scorecard` of the API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedScores {
    /// By group: `queries`, and each measure by its name.
    pub categories: BTreeMap<String, BTreeMap<String, Value>>,
    /// The primary measure over all groups.
    pub overall: Option<f64>,
    /// The part of the queries that the scores are on; left out if it is all of them.
    #[serde(default, skip_serializing_if = "Part::is_all")]
    pub part: Part,
}

/// Who may see the scores of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// Anyone.
    Everyone,
    /// The submission's team.
    Team,
    /// The organisers.
    Organisers,
}

impl Statement {
    /// What is stored about a submission, without who signs it and when.
    pub(super) fn of(
        (located, commitment): (&Located, Option<String>),
        row: &submission::Model,
        scored: &Scored,
        viewer: Viewer,
    ) -> Self {
        let Located { challenge, phase, benchmark } = located;
        Self {
            benchmark: StatedBenchmark::of(benchmark, commitment),
            challenge: challenge.name.clone(),
            marks: if viewer == Viewer::Public { vec![] } else { marks(row) },
            phase: phase.name.clone(),
            received_at: rfc3339(row.received_at),
            scorecard: StatedScores::of(&scored.published),
            scored_at: row.finished_at.map(rfc3339),
            scorer: scored.scorer,
            server: None,
            shown_to: Audience::of(viewer),
            signed_at: String::new(),
            submission: row.id.to_string(),
            upload_bytes: row.upload_bytes,
            upload_sha256: row.upload_digest.clone(),
            version: VERSION,
        }
    }
}

/// Why a submission doesn't count. A frozen board doesn't show to others what happened since, so
/// this is for its team.
fn marks(row: &submission::Model) -> Vec<String> {
    let marks = [
        ("disqualified", row.disqualified_at.is_some()),
        ("hidden", row.hidden_at.is_some()),
        ("trial", row.trial),
        ("withdrawn", row.withdrawn_at.is_some()),
    ];
    marks.into_iter().filter(|(_, is)| *is).map(|(mark, _)| mark.to_owned()).collect()
}

impl StatedBenchmark {
    fn of(row: &benchmark::Model, commitment: Option<String>) -> Self {
        Self {
            commitment,
            gallery: row.gallery_digest.clone(),
            name: row.name.clone(),
            protocol: row.protocol.clone(),
            queries: row.queries,
            split: row.split.clone(),
            targets: row.targets.name().to_owned(),
        }
    }
}

impl StatedScores {
    fn of(published: &Published) -> Self {
        let groups = published.groups();
        Self {
            categories: groups.map(|group| (group.name.to_owned(), group.to_json())).collect(),
            overall: published.overall(),
            part: published.part(),
        }
    }
}

impl Audience {
    const fn of(viewer: Viewer) -> Self {
        match viewer {
            Viewer::Public => Self::Everyone,
            Viewer::OwnTeam => Self::Team,
            Viewer::Organiser => Self::Organisers,
        }
    }
}
