//! One submission: its scorecard, or everything that is wrong with it.

use std::time::Duration;

use askama::Template;
use time::OffsetDateTime;

use super::{Layout, Link};
use crate::numbers::{
    NBSP, bar, counted, format_bytes, format_count, format_percent, format_span, scale,
};

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

impl SubmissionPage {
    /// The state in the words of the API.
    fn state(&self) -> &'static str {
        match self.outcome {
            Outcome::Received => "received",
            Outcome::Scored(_) | Outcome::Validated => "scored",
            Outcome::Invalid(_) => "invalid",
            Outcome::Failed => "failed",
        }
    }

    /// What came of it, in a few words.
    fn headline(&self) -> String {
        match &self.outcome {
            Outcome::Received => "Received, and waiting for its score".to_owned(),
            Outcome::Scored(card) => format!("{} % overall recall", card.percent()),
            Outcome::Validated => "The file is sound".to_owned(),
            Outcome::Invalid(problems) => {
                let count = problems.iter().map(|p| p.count).sum();
                format!("{} in this file", counted(count, "problem", "problems"))
            }
            Outcome::Failed => "We could not score this run".to_owned(),
        }
    }

    /// What that means for the team.
    fn explanation(&self) -> &'static str {
        match &self.outcome {
            Outcome::Received => {
                "The file is safe with us; closing this page loses nothing. Scores usually take \
                 less than a second."
            }
            Outcome::Scored(_) => "",
            Outcome::Validated => "It would be scored, but this phase shows no scores.",
            Outcome::Invalid(_) => {
                "It has no score. Here is everything we found, so that one new file can mend it all."
            }
            Outcome::Failed => {
                "That is our fault, and uses none of your attempts. The file is kept; we score it \
                 again when what broke is mended."
            }
        }
    }

    fn size(&self) -> String {
        match self.bytes {
            small @ 0..1_000 => format_bytes(small),
            large => format!("{} ({}{NBSP}B)", format_bytes(large), format_count(large)),
        }
    }

    fn took_told(&self) -> Option<String> {
        self.took.map(format_span)
    }
}

impl Scorecard {
    fn percent(&self) -> String {
        format_percent(self.overall, 2)
    }

    /// The end of the scale of the bars, as a fraction.
    fn scale(&self) -> f64 {
        scale(self.groups.iter().flat_map(|g| [g.at_10, g.at_50]))
    }

    fn scale_percent(&self) -> String {
        format_percent(self.scale(), 0)
    }

    fn bar(&self, value: f64) -> String {
        bar(value, self.scale())
    }
}

impl GroupScore {
    fn queries_told(&self) -> String {
        format_count(self.queries)
    }

    fn percent_at_10(&self) -> String {
        format_percent(self.at_10, 1)
    }

    fn percent_at_50(&self) -> String {
        format_percent(self.at_50, 1)
    }
}

impl Problem {
    /// How often it occurs.
    fn times(&self) -> String {
        counted(self.count, "time", "times")
    }

    /// How many places are not listed; absent where all are.
    fn more(&self) -> Option<String> {
        let more = self.count.saturating_sub(self.places.len() as u64);
        (more > 0).then(|| format!("and {} more", format_count(more)))
    }
}
