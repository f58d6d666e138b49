//! One submission: its scorecard, or everything that is wrong with it.

use std::time::Duration;

use askama::Template;
use time::OffsetDateTime;

use super::{Layout, Link};

/// The page of one submission, `/c/{challenge}/submissions/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "submission.html")]
pub struct SubmissionPage {
    /// What stands around it.
    pub layout: Layout,
    /// The challenge's title.
    pub challenge: String,
    /// The phase's name and board.
    pub phase: Link,
    /// The submission's id.
    pub id: String,
    /// The team's name.
    pub team: String,
    /// What the team calls its method.
    pub method: Option<String>,
    /// The file's name, as it was sent.
    pub file: Option<String>,
    /// The upload's size in bytes.
    pub bytes: u64,
    /// The upload's SHA-256, in hex.
    pub sha256: String,
    /// When the upload's head was accepted.
    pub received: OffsetDateTime,
    /// When it was finished; absent while it is not.
    pub finished: Option<OffsetDateTime>,
    /// How long reading and scoring took, from receipt to result.
    pub took: Option<Duration>,
    /// What came of it.
    pub outcome: Outcome,
    /// What is odd without being wrong.
    pub warnings: Vec<Problem>,
    /// Where the next run is handed in; absent where the phase takes none.
    pub submit: Option<String>,
    /// The same facts in other shapes: JSON.
    pub exports: Vec<Link>,
    /// The instant the page is written.
    pub now: OffsetDateTime,
}

/// What came of a submission.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It is kept and waits for its score.
    Received,
    /// It has a score.
    Scored(Scorecard),
    /// It is sound; the benchmark has no targets, or its scores are not out yet.
    Validated,
    /// The file is wrong: every problem, grouped by kind.
    Invalid(Vec<Problem>),
    /// We could not score it; it uses no attempt.
    Failed,
}

/// The metrics of one submission, as fractions.
#[derive(Debug, Clone)]
pub struct Scorecard {
    /// The primary metric.
    pub overall: f64,
    /// Its place among the teams; absent where it is not the team's best run, or is not ranked.
    pub rank: Option<u64>,
    /// One a group, in the benchmark's order.
    pub groups: Vec<GroupScore>,
    /// The benchmark and scorer it was computed under, such as `fashion-iq-val 1, scorer 1`.
    pub under: String,
}

/// The recalls of one group.
#[derive(Debug, Clone)]
pub struct GroupScore {
    /// `dress`, `shirt`, `toptee`.
    pub name: String,
    /// Queries of the group.
    pub queries: u64,
    /// Recall@10, as a fraction.
    pub at_10: f64,
    /// Recall@50, as a fraction.
    pub at_50: f64,
}

/// One kind of problem or warning, and where it occurs.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The kind's code, as the API gives it, such as `item-outside-gallery`.
    pub code: String,
    /// What is wrong, in a sentence for people.
    pub sentence: String,
    /// How often it occurs, exactly.
    pub count: u64,
    /// The first places where it occurs; fewer than `count` where the list is cut.
    pub places: Vec<Place>,
}

/// Where a problem occurs.
#[derive(Debug, Clone)]
pub struct Place {
    /// File, row or query, such as `dress, query 17`.
    pub at: String,
    /// What was found there.
    pub what: String,
}
