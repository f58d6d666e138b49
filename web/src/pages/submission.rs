//! One submission: its scorecard, or everything that is wrong with it.

use std::time::Duration;

use askama::Template;
use time::OffsetDateTime;

use super::{Answer, Form, Layout, Link, Problem, Scorecard, Standing};
use crate::numbers::{NBSP, counted, format_bytes, format_count, format_span};

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
    /// What the team has answered to what the phase asks.
    pub details: Vec<Answer>,
    /// What its team should know beside the outcome.
    pub notices: Vec<String>,
    /// What its team can do with it.
    pub actions: Vec<Form>,
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
    /// The form that changes what its team says of it; for the team alone, while it can be changed.
    pub edit: Option<Form>,
    /// What was changed so far; for the team alone.
    pub edits: Vec<Edited>,
    /// What its team asked about it, for the team alone.
    pub questions: Vec<Question>,
    /// The form that asks; for the team alone.
    pub ask: Option<Form>,
    /// Where the next run is handed in; absent where the phase takes none.
    pub submit: Option<String>,
    /// The same facts in other shapes: JSON.
    pub exports: Vec<Link>,
    /// The instant the page is written.
    pub now: OffsetDateTime,
}

/// A change of what a team says of its submission.
#[derive(Debug, Clone)]
pub struct Edited {
    /// When.
    pub at: OffsetDateTime,
    /// Who changed it; absent where it was a token of the team's.
    pub by: Option<String>,
    /// Which field, as people read it.
    pub field: String,
    /// What it said.
    pub before: String,
    /// What it says since.
    pub after: String,
}

/// What a team asked about its submission.
#[derive(Debug, Clone)]
pub struct Question {
    /// The question.
    pub text: String,
    /// When it was asked.
    pub asked: OffsetDateTime,
    /// What the organisers answered, if they have.
    pub answer: Option<String>,
}

/// What came of a submission.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It is kept and waits for its score.
    Received,
    /// It has a score.
    Scored(Scorecard),
    /// It has a score that its team is not shown yet.
    Withheld,
    /// It is sound; the benchmark has no targets to score it by.
    Validated,
    /// The file is wrong: every problem, grouped by kind.
    Invalid(Vec<Problem>),
    /// We could not score it; it uses no attempt.
    Failed,
}

impl SubmissionPage {
    /// The state in the words of the API.
    fn state(&self) -> &'static str {
        match self.outcome {
            Outcome::Received => "received",
            Outcome::Scored(_) | Outcome::Withheld | Outcome::Validated => "scored",
            Outcome::Invalid(_) => "invalid",
            Outcome::Failed => "failed",
        }
    }

    /// What came of it, in a few words.
    fn headline(&self) -> String {
        match &self.outcome {
            Outcome::Received => "Received, and waiting for its score".to_owned(),
            Outcome::Scored(card) => format!("{} % overall", card.percent()),
            Outcome::Withheld => "Scored".to_owned(),
            Outcome::Validated => "The file is valid".to_owned(),
            Outcome::Invalid(problems) => {
                if let Some(cause) = problems.first().filter(|problem| problem.is_cause) {
                    return cause.sentence.clone();
                }
                let count = problems.iter().map(|p| p.count).sum();
                format!("{} in this file", counted(count, "problem", "problems"))
            }
            Outcome::Failed => "We couldn’t score this submission".to_owned(),
        }
    }

    /// What that means for the team.
    fn explanation(&self) -> &'static str {
        match &self.outcome {
            Outcome::Received => {
                "Your file is saved, so you can close this page. Scoring usually takes less than \
                 a second."
            }
            Outcome::Scored(_) => "",
            Outcome::Withheld => {
                "The file is valid, and its score is saved. The scores of this phase are not \
                 shown yet."
            }
            Outcome::Validated => {
                "Every query has a ranking. This phase has no targets, so there is no score."
            }
            Outcome::Invalid(_) => {
                "It has no score. All problems are listed here, so you can fix everything at once."
            }
            Outcome::Failed => {
                "That is our fault, and it uses no limit. Your file is saved; we will score it \
                 again once the problem is fixed."
            }
        }
    }

    fn size(&self) -> String {
        match self.bytes {
            small @ 0..1_000 => format_bytes(small),
            large => format!("{} ({}{NBSP}B)", format_bytes(large), format_count(large)),
        }
    }

    fn took_text(&self) -> Option<String> {
        self.took.map(format_span)
    }
}
