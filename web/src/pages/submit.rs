//! The form for a submission.

use askama::Template;
use time::OffsetDateTime;

use super::{Form, Layout, Link, Phase};
use crate::numbers::format_count;

/// The form of one phase, `/c/{challenge}/{phase}/submit`.
#[derive(Clone, Template)]
#[template(path = "submit.html")]
pub struct SubmitPage {
    /// Navigation and footer.
    pub layout: Layout,
    /// The challenge's title.
    pub challenge: String,
    /// The phase; the form is shown while it is open.
    pub phase: Phase,
    /// The team that submits, with a link to its page.
    pub team: Link,
    /// Why no submission would be accepted now, and from when on one is.
    pub blocked: Option<Blocked>,
    /// Set if the same file was uploaded before: what that means, and the earlier submission.
    pub repeated: Option<Repeated>,
    /// The form: its fields are `method`, what the phase asks for, and `file`, last.
    pub form: Form,
    /// The limits of the phase, and what is left of them if the team is known.
    pub limits: Vec<Limit>,
    /// A shell command that does the same as the form.
    pub curl: String,
    /// The instant the page is rendered.
    pub now: OffsetDateTime,
}

/// A limit that is used up.
#[derive(Debug, Clone)]
pub struct Blocked {
    /// Which limit, in a sentence.
    pub why: String,
    /// When the next submission is accepted, if that is known; given in the phase's own zone, it is
    /// shown in that zone too.
    pub next: Option<OffsetDateTime>,
}

/// A file that was uploaded before.
#[derive(Debug, Clone)]
pub struct Repeated {
    /// What happened and what differs, in sentences.
    pub what: String,
    /// The page of the earlier submission.
    pub href: String,
}

/// How many submissions a team can make.
#[derive(Debug, Clone)]
pub struct Limit {
    /// What is counted over which time, such as `submissions a day`.
    pub what: String,
    /// How many are allowed.
    pub allowed: u64,
    /// How many are left; absent while the team is not known.
    pub left: Option<u64>,
    /// When the count resets; absent if it never does. Given in the phase's own zone, it is shown in
    /// that zone too.
    pub resets: Option<OffsetDateTime>,
}

/// The largest limit that is drawn as one dot per submission.
const MOST_PIPS: u64 = 10;

impl Limit {
    /// What is left in words: `3 of 5 left`, or `5` while the team is not known.
    pub(super) fn sentence(&self) -> String {
        let allowed = format_count(self.allowed);
        match self.left {
            Some(left) => format!("{} of {allowed} left", format_count(left)),
            None => allowed,
        }
    }

    /// What is used, next to what is left: `2 used`.
    pub(super) fn used(&self) -> Option<String> {
        let used = self.allowed.saturating_sub(self.left?);
        Some(format!("{} used", format_count(used)))
    }

    /// One per submission: whether it is left. Absent if nothing is known, or if there are too many to
    /// draw.
    pub(super) fn pips(&self) -> Option<Vec<bool>> {
        let left = self.left.filter(|_| self.allowed <= MOST_PIPS)?;
        Some((0..self.allowed).map(|i| i < left).collect())
    }
}
