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
    /// Navigation and footer.
    pub layout: Layout,
    /// The challenge's title.
    pub challenge: String,
    /// The team's name.
    pub team: String,
    /// The page of the team.
    pub team_href: String,
    /// The phases of the challenge, in order.
    pub phases: Vec<OwnPhase>,
    /// The instant the page is rendered.
    pub now: OffsetDateTime,
}

/// The team's submissions to one phase.
#[derive(Debug, Clone)]
pub struct OwnPhase {
    /// The phase.
    pub phase: Phase,
    /// The limits of the phase, and what is left of them; shown while it is open.
    pub limits: Vec<Limit>,
    /// How many final submissions the team can choose, of which the best counts; 0: the best of all
    /// submissions counts.
    pub finals: u64,
    /// Whether the board is frozen.
    pub frozen: bool,
    /// The team's submissions, newest first.
    pub submissions: Vec<OwnSubmission>,
    /// The form for the next submission; absent if people can't submit to the phase.
    pub submit: Option<String>,
    /// The page that shows how to take part.
    pub take_part: String,
}

/// One submission of the team.
#[derive(Debug, Clone)]
pub struct OwnSubmission {
    /// Its page.
    pub href: String,
    /// Its state.
    pub state: OwnState,
    /// Whether it is the submission on the board.
    pub best: bool,
    /// Its marks: `final`, `withdrawn`, `disqualified`, `hidden`, `trial`.
    pub marks: Vec<&'static str>,
    /// What the team can do with it.
    pub actions: Vec<Form>,
    /// The address of the file as it was sent.
    pub upload: String,
    /// The name of the team's method.
    pub method: Option<String>,
    /// When the upload's head was accepted.
    pub received: OffsetDateTime,
}

/// The state of a submission, in one word or number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OwnState {
    /// Its dialogs are being played.
    Playing,
    /// It waits for its score.
    Received,
    /// It has an overall score, a fraction; absent if the team does not see it yet.
    Scored(Option<f64>),
    /// It is valid, in a phase without targets.
    Validated,
    /// The file is invalid, with this number of problems.
    Invalid(u64),
    /// We could not score it.
    Failed,
}

impl SubmissionsPage {
    fn has_any(&self) -> bool {
        self.phases.iter().any(|own| !own.submissions.is_empty())
    }

    /// The phase for a team's first submission: the first phase that is open to people.
    fn first_open(&self) -> Option<&OwnPhase> {
        self.phases.iter().find(|own| own.open_form(&self.now).is_some())
    }
}

impl OwnPhase {
    /// Which submissions count, if the team can choose.
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
    /// How long ago it was received, for a week; after that its date is enough.
    fn since(&self, now: &OffsetDateTime) -> Option<String> {
        (*now - self.received < time::Duration::WEEK).then(|| times::ago(&self.received, now))
    }
}

impl OwnState {
    /// The score, if there is one to show.
    fn percent(self) -> Option<String> {
        match self {
            Self::Scored(score) => score.map(|score| format_percent(score, 2)),
            _ => None,
        }
    }

    /// Its state in words, if there is no score to show.
    fn label(self) -> String {
        match self {
            Self::Playing => "being played".to_owned(),
            Self::Received => "waiting for its score".to_owned(),
            Self::Scored(_) => "scored, not shown yet".to_owned(),
            Self::Validated => "valid".to_owned(),
            Self::Invalid(problems) => counted(problems, "problem", "problems"),
            Self::Failed => "failed, our fault".to_owned(),
        }
    }
}
