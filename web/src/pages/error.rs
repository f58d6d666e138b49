//! The error page.

use askama::Template;
use time::OffsetDateTime;

use super::{Layout, Link};
use crate::words::sentence;

/// The error page: what happened, and where to go next. It shows no internals of the server.
#[derive(Debug, Clone, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// Navigation and footer.
    pub layout: Layout,
    /// The HTTP status.
    pub status: u16,
    /// What happened; a capital and a full stop are added where they are missing.
    pub sentence: String,
    /// When to try again: the instant of `Retry-After`.
    pub retry: Option<OffsetDateTime>,
    /// Where to go from here, best first; the start page if empty.
    pub onward: Vec<Link>,
    /// What to quote when asking for help.
    pub request_id: Option<String>,
    /// The instant the page is rendered.
    pub now: OffsetDateTime,
}

impl ErrorPage {
    fn sentence(&self) -> String {
        sentence(&self.sentence)
    }

    /// When to try again, if that is in the future.
    fn wait(&self) -> Option<&OffsetDateTime> {
        self.retry.as_ref().filter(|retry| **retry > self.now)
    }

    /// The links to go on with; always at least one.
    fn ways(&self) -> Vec<Link> {
        if self.onward.is_empty() {
            return vec![Link::new("Go to the start page", "/")];
        }
        self.onward.clone()
    }

    /// The status in plain words.
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
