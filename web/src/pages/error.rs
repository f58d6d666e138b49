//! The page for what could not be done.

use askama::Template;

use super::{Layout, Link};

/// The page for what could not be done: what happened, and a way onward. Nothing of the server's
/// inside is told.
#[derive(Debug, Clone, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// What stands around it.
    pub layout: Layout,
    /// The HTTP status.
    pub status: u16,
    /// What happened, in a sentence for people.
    pub sentence: String,
    /// Where to go from here, best first.
    pub onward: Vec<Link>,
    /// What to quote when asking for help.
    pub request_id: Option<String>,
}

impl ErrorPage {
    /// The status in words that do not need a manual.
    fn headline(&self) -> &'static str {
        match self.status {
            400 | 415 | 422 => "That request makes no sense to us",
            401 => "We don’t know who you are",
            403 => "That is not yours to do",
            404 | 410 => "There is nothing here",
            405 => "That can’t be done here",
            408 => "That took too long to arrive",
            409 => "That collides with something",
            413 => "That is too large",
            429 => "That is too often",
            503 => "We are busy",
            500..600 => "We made a mistake",
            _ => "That did not work",
        }
    }
}
