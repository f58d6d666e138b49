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
