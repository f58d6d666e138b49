//! A team's own submissions, and what is left of its limits.

use askama::Template;
use time::OffsetDateTime;

use super::{Form, Layout, Limit, Phase};
use crate::numbers::{counted, format_percent};
use crate::times;

/// The signed-in team's submissions, `/c/{challenge}/submissions`.
#[derive(Clone, Template)]
#[template(path = "submissions.html")]
pub struct SubmissionsPage {
    /// What stands around it.
    pub layout: Layout,
    /// The challenge's title.
    pub challenge: String,
    /// The team's name.
    pub team: String,
    /// The page on which the team is kept in order.
    pub team_href: String,
    /// The phases of the challenge, in order.
    pub phases: Vec<OwnPhase>,
    /// The instant the page is written.
    pub now: OffsetDateTime,
}

/// What the team has handed in to one phase.
#[derive(Debug, Clone)]
pub struct OwnPhase {
    /// The phase.
    pub phase: Phase,
    /// What the phase allows, and what is left of it; shown while it is open.
    pub limits: Vec<Limit>,
    /// Of up to how many runs that the team chooses the best counts; 0: the best of all.
    pub finals: u64,
    /// Whether the board is that of an earlier instant.
    pub frozen: bool,
    /// The team's submissions, newest first.
    pub submissions: Vec<OwnSubmission>,
    /// The form that takes the next one; absent where the phase takes none from people.
    pub submit: Option<String>,
    /// Where it is shown how to take part.
    pub take_part: String,
}

/// One submission of the team.
#[derive(Debug, Clone)]
pub struct OwnSubmission {
    /// Its page.
    pub href: String,
    /// What became of it.
    pub state: OwnState,
    /// Whether it is the one that stands on the board.
    pub best: bool,
    /// What it is besides: `final`, `withdrawn`, `disqualified`, `hidden`, `trial`.
    pub marks: Vec<&'static str>,
    /// What the team can do with it.
    pub actions: Vec<Form>,
    /// The file as it was sent.
    pub upload: String,
    /// What the team calls its method.
    pub method: Option<String>,
    /// When the upload's head was accepted.
    pub received: OffsetDateTime,
}

/// What became of a submission, in one word or number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OwnState {
    /// It waits for its score.
    Received,
    /// It has an overall score, a fraction; absent where the team is not shown it yet.
    Scored(Option<f64>),
    /// It is sound, in a phase without targets.
    Validated,
    /// The file is wrong in so many places.
    Invalid(u64),
    /// We could not score it.
    Failed,
}

impl SubmissionsPage {
    fn has_any(&self) -> bool {
        self.phases.iter().any(|own| !own.submissions.is_empty())
    }

    /// The phase a team that begins is led to: the first that is open and takes runs.
    fn first_open(&self) -> Option<&OwnPhase> {
        self.phases.iter().find(|own| own.open_form(&self.now).is_some())
    }
}

impl OwnPhase {
    /// Which runs count, where the team has a say in it.
    fn rule(&self) -> Option<String> {
        match self.finals {
            0 => None,
            1 => Some(
                "Choose the submission that counts; if you choose none, your best counts."
                    .to_owned(),
            ),
            most => Some(format!(
                "Choose up to {most} final submissions: the best of them counts. If you choose \
                 none, your best counts."
            )),
        }
    }

    /// The form, while the phase is open.
    fn open_form(&self, now: &OffsetDateTime) -> Option<&str> {
        self.submit.as_deref().filter(|_| self.phase.is_open(now))
    }
}

impl OwnSubmission {
    /// How long ago it was received, for a week; then its date says it.
    fn since(&self, now: &OffsetDateTime) -> Option<String> {
        (*now - self.received < time::Duration::WEEK).then(|| times::ago(&self.received, now))
    }
}

impl OwnState {
    /// The score, where there is one to show.
    fn percent(self) -> Option<String> {
        match self {
            Self::Scored(score) => score.map(|score| format_percent(score, 2)),
            _ => None,
        }
    }

    /// What became of it, where no score says so.
    fn label(self) -> String {
        match self {
            Self::Received => "waiting for its score".to_owned(),
            Self::Scored(_) => "scored, not shown yet".to_owned(),
            Self::Validated => "valid".to_owned(),
            Self::Invalid(problems) => counted(problems, "problem", "problems"),
            Self::Failed => "failed, our fault".to_owned(),
        }
    }
}
