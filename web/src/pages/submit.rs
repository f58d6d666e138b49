//! The form that takes a run.

use askama::Template;
use time::OffsetDateTime;

use super::{Form, Layout, Link, Phase};
use crate::numbers::format_count;

/// The form of one phase, `/c/{challenge}/{phase}/submit`.
#[derive(Clone, Template)]
#[template(path = "submit.html")]
pub struct SubmitPage {
    /// What stands around it.
    pub layout: Layout,
    /// The challenge's title.
    pub challenge: String,
    /// The phase; the form is shown while it is open.
    pub phase: Phase,
    /// The team for which is submitted, and the page on which it is kept in order.
    pub team: Link,
    /// Why no run would be taken now, and from when on one is.
    pub blocked: Option<Blocked>,
    /// What was sent was sent before: what that means, and the submission it is.
    pub repeated: Option<Repeated>,
    /// The form: its fields are `method`, what the phase asks for, and `file`, last.
    pub form: Form,
    /// What the phase allows; what is left of it once the team is known.
    pub limits: Vec<Limit>,
    /// A line for the shell that does the same as the form.
    pub curl: String,
    /// The instant the page is written.
    pub now: OffsetDateTime,
}

/// A limit that is used up.
#[derive(Debug, Clone)]
pub struct Blocked {
    /// Which, in a sentence.
    pub why: String,
    /// When the next run is taken, if that is known; given in the phase's own zone, it is shown in that
    /// zone too.
    pub next: Option<OffsetDateTime>,
}

/// A file that was uploaded before.
#[derive(Debug, Clone)]
pub struct Repeated {
    /// What happened and what differs, in sentences.
    pub what: String,
    /// The page of the submission that there is.
    pub href: String,
}

/// How many runs a team may hand in.
#[derive(Debug, Clone)]
pub struct Limit {
    /// What is counted over which time, such as `runs a day`.
    pub what: String,
    /// How many are allowed.
    pub allowed: u64,
    /// How many are left; absent while the team is not known.
    pub left: Option<u64>,
    /// When the count starts anew; absent where it never does. Given in the phase's own zone, it is
    /// told in that zone too.
    pub resets: Option<OffsetDateTime>,
}

/// Up to how many runs are drawn one by one.
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

    /// What is used, beside what is left: `2 used`.
    pub(super) fn used(&self) -> Option<String> {
        let used = self.allowed.saturating_sub(self.left?);
        Some(format!("{} used", format_count(used)))
    }

    /// One a run: whether it is left. Absent where nothing is known, or they are too many to draw.
    pub(super) fn pips(&self) -> Option<Vec<bool>> {
        let left = self.left.filter(|_| self.allowed <= MOST_PIPS)?;
        Some((0..self.allowed).map(|i| i < left).collect())
    }
}
