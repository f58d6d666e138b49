//! One struct a page. A page is filled by the server, and renders itself.

mod board;
mod challenges;
mod error;
mod layout;
mod phase;
mod sort;
mod submission;
mod submit;
mod text;

pub use board::{BoardPage, Counters, Entrant, Facts, Recall, Row, Targets};
pub use challenges::{ChallengesPage, Entry};
pub use error::ErrorPage;
pub use layout::{Layout, Link};
pub use phase::Phase;
pub use sort::{Column, Sort};
pub use submission::{GroupScore, Outcome, Place, Problem, Scorecard, SubmissionPage};
pub use submit::{Complaints, Limit, METHOD_CHARS, SubmitPage, Typed};
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
