//! One submission: its scorecard, or all of its problems.

use std::time::Duration;

use askama::Template;
use time::OffsetDateTime;

use super::{Answer, Form, Layout, Link, Problem, Scorecard, Standing};
use crate::charts::{Along, Curve, curves};
use crate::numbers::{NBSP, counted, format_bytes, format_count, format_percent, format_span};

/// The page of one submission, `/c/{challenge}/submissions/{id}`.
#[derive(Debug, Clone, Template)]
#[template(path = "submission.html")]
pub struct SubmissionPage {
    /// Navigation and footer.
    pub layout: Layout,
    /// The challenge's title.
    pub challenge: String,
    /// The phase's name and board.
    pub phase: Link,
    /// The submission's id.
    pub id: String,
    /// The team's name.
    pub team: String,
    /// The name of the team's method.
    pub method: Option<String>,
    /// The team's answers to the phase's questions.
    pub details: Vec<Answer>,
    /// What its team should know in addition to the outcome.
    pub notices: Vec<String>,
    /// What its team can do with it.
    pub actions: Vec<Form>,
    /// The file's name, as it was sent.
    pub file: Option<String>,
    /// The upload's size in bytes.
    pub bytes: u64,
    /// Until when the upload is kept, or when it was deleted; none if it is kept for ever.
    pub file_note: Option<String>,
    /// The upload's SHA-256, in hex.
    pub sha256: String,
    /// When the upload's head was accepted.
    pub received: OffsetDateTime,
    /// When it was finished; absent until then.
    pub finished: Option<OffsetDateTime>,
    /// How long reading and scoring took, from receipt to result.
    pub took: Option<Duration>,
    /// The outcome.
    pub outcome: Outcome,
    /// How its dialogs went turn by turn, if it was played as dialogs and its scores are shown.
    pub turns: Option<TurnCurves>,
    /// Warnings: unusual but not wrong.
    pub warnings: Vec<Problem>,
    /// The form that edits its method and details; only for the team, while editing is possible.
    pub edit: Option<Form>,
    /// The edits so far; only for the team.
    pub edits: Vec<Edited>,
    /// The team's questions about it; only for the team.
    pub questions: Vec<Question>,
    /// The form for a question; only for the team.
    pub ask: Option<Form>,
    /// The form for the next submission; absent if the phase accepts none.
    pub submit: Option<String>,
    /// The same facts in other formats: JSON, the upload, a signed receipt.
    pub exports: Vec<Link>,
    /// The instant the page is rendered.
    pub now: OffsetDateTime,
}

/// How dialogs went, by turn from 1; shares.
#[derive(Debug, Clone, PartialEq)]
pub struct TurnCurves {
    /// The rank percentile of the target.
    pub percentile: Vec<(u32, f64)>,
    /// The share of dialogs whose target was among the first ten at any turn so far.
    pub hits: Vec<(u32, f64)>,
}

impl TurnCurves {
    /// The lines, as SVG.
    fn chart(&self) -> String {
        let at_end = |points: &[(u32, f64)]| {
            points.last().map_or(String::new(), |(_, share)| format_percent(*share, 1))
        };
        let description = format!(
            "Two lines over the turns. The percentile ends at {} %, Hits@10 at {} %. The table has the numbers.",
            at_end(&self.percentile),
            at_end(&self.hits),
        );
        let lines = [
            Curve { name: "percentile", points: &self.percentile },
            Curve { name: "Hits@10", points: &self.hits },
        ];
        let title = "Percentile and Hits@10 by turn, in percent";
        curves("turns", title, &description, Along::Turns, &lines).inline()
    }

    /// Turn, percentile and hits in percent.
    fn rows(&self) -> impl Iterator<Item = (u32, String, String)> + '_ {
        let both = self.percentile.iter().zip(&self.hits);
        both.map(|((turn, one), (_, other))| {
            (*turn, format_percent(*one, 2), format_percent(*other, 2))
        })
    }
}

/// An edit of a submission's method or details.
#[derive(Debug, Clone)]
pub struct Edited {
    /// When.
    pub at: OffsetDateTime,
    /// Who changed it; absent if it was the team's token.
    pub by: Option<String>,
    /// The label of the field.
    pub field: String,
    /// The value before.
    pub before: String,
    /// The value after.
    pub after: String,
}

/// A team's question about its submission.
#[derive(Debug, Clone)]
pub struct Question {
    /// The question.
    pub text: String,
    /// When it was asked.
    pub asked: OffsetDateTime,
    /// The organisers' answer, if they have answered.
    pub answer: Option<String>,
}

/// The outcome of a submission.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Its dialogs are being played.
    Playing,
    /// It is saved and waits for its score.
    Received,
    /// It has a score.
    Scored(Scorecard),
    /// It has a score that its team does not see yet.
    Withheld,
    /// It is valid; the benchmark has no targets to score it with.
    Validated,
    /// The file is invalid: every problem, grouped by kind.
    Invalid(Vec<Problem>),
    /// We could not score it; it uses no limit.
    Failed,
}

impl SubmissionPage {
    /// The state in the words of the API.
    fn state(&self) -> &'static str {
        match self.outcome {
            Outcome::Playing => "playing",
            Outcome::Received => "received",
            Outcome::Scored(_) | Outcome::Withheld | Outcome::Validated => "scored",
            Outcome::Invalid(_) => "invalid",
            Outcome::Failed => "failed",
        }
    }

    /// The outcome in a few words.
    fn headline(&self) -> String {
        match &self.outcome {
            Outcome::Playing => "Being played".to_owned(),
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
            Outcome::Playing => {
                "Its dialogs are not finished. It is scored after the last answer, or once its time is over; \
                 turns that were not played count as not found."
            }
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
