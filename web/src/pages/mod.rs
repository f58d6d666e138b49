//! One struct a page. A page is filled by the server, and renders itself.

mod answer;
mod board;
mod challenges;
mod desk;
mod error;
mod filter;
mod form;
mod layout;
mod limits;
mod phase;
mod problem;
mod row;
mod scorecard;
mod scores;
mod sort;
mod submission;
mod submissions;
mod submit;
mod take_part;
mod text;

pub use answer::Answer;
pub use board::{BoardPage, Counters, Facts, Targets};
pub use challenges::{ChallengesPage, Entry};
pub use desk::{Cell, DeskPage, Section};
pub use error::ErrorPage;
pub use filter::Filter;
pub use form::{Field, FieldKind, Form, Weight};
pub use layout::{Layout, Link};
pub use limits::{Allowed, Day, LimitsPage, PhaseLimits};
pub use phase::Phase;
pub use problem::{Place, Problem};
pub use row::{Entrant, Recall, Row};
pub use scorecard::{Further, GroupScore, Scorecard, Standing};
pub use scores::Scores;
pub use sort::{Column, Sort, encoded};
pub use submission::{Outcome, Question, SubmissionPage};
pub use submissions::{OwnPhase, OwnState, OwnSubmission, SubmissionsPage};
pub use submit::{Limit, SubmitPage};
pub use take_part::{Download, TakePartPage, WRITE_RUN};
pub use text::{Sanitised, TextPage};

use crate::Result;

/// A whole page, ready to be sent as `text/html; charset=utf-8`.
pub trait Page {
    /// The page as HTML.
    fn render(&self) -> Result<String>;
}

impl<T: askama::Template> Page for T {
    fn render(&self) -> Result<String> {
        Ok(askama::Template::render(self)?)
    }
}
