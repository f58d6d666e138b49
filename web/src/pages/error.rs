//! The page for what could not be done.

use askama::Template;
use time::OffsetDateTime;

use super::{Layout, Link};
use crate::words::sentence;

/// The page for what could not be done: what happened, and a way onward. Nothing of the server's
/// inside is shown.
#[derive(Debug, Clone, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// What stands around it.
    pub layout: Layout,
    /// The HTTP status.
    pub status: u16,
    /// What happened; a capital and a full stop are added where they are missing.
    pub sentence: String,
    /// When it may be tried again: the instant of `Retry-After`.
    pub retry: Option<OffsetDateTime>,
    /// Where to go from here, best first; the start page where nothing is given.
    pub onward: Vec<Link>,
    /// What to quote when asking for help.
    pub request_id: Option<String>,
    /// The instant the page is written.
    pub now: OffsetDateTime,
}

impl ErrorPage {
    fn sentence(&self) -> String {
        sentence(&self.sentence)
    }

    /// When it may be tried again, while that lies ahead.
    fn wait(&self) -> Option<&OffsetDateTime> {
        self.retry.as_ref().filter(|retry| **retry > self.now)
    }

    /// The links onward; there is always one.
    fn ways(&self) -> Vec<Link> {
        if self.onward.is_empty() {
            return vec![Link::new("Go to the start page", "/")];
        }
        self.onward.clone()
    }

    /// The status in words that do not need a manual.
    fn headline(&self) -> &'static str {
        match self.status {
            400 | 415 | 422 => "We couldn’t process that request",
            401 => "Sign in first",
            403 => "You don’t have access",
            404 | 410 => "Not found",
            405 => "Method not allowed",
            408 => "The request took too long",
            409 => "Conflict",
            413 => "Too large",
            429 => "Too many requests",
            503 => "The server is busy",
            500..600 => "Something went wrong on our side",
            _ => "That didn’t work",
        }
    }
}
