//! The form that takes a run.

use askama::Template;
use time::OffsetDateTime;

use super::{Layout, Phase};
use crate::numbers::{format_bytes, format_count};

/// The form of one phase, `/c/{challenge}/{phase}/submit`.
///
/// It is sent as `multipart/form-data` with the fields `csrf_token`, `token`, `method` and `file`.
#[derive(Clone, Template)]
#[template(path = "submit.html")]
pub struct SubmitPage {
    /// What stands around it.
    pub layout: Layout,
    /// The challenge's title.
    pub challenge: String,
    /// The phase; the form is shown while it is open.
    pub phase: Phase,
    /// Where the form is sent.
    pub action: String,
    /// The value of the hidden field `csrf_token`.
    pub csrf_token: String,
    /// The team that is signed in, which then needs no token.
    pub signed_in: Option<String>,
    /// What was typed before, kept.
    pub typed: Typed,
    /// What is wrong with what was typed.
    pub complaints: Complaints,
    /// What the phase allows; what is left of it once the team is known.
    pub limits: Vec<Limit>,
    /// The largest upload taken, in bytes.
    pub max_bytes: u64,
    /// A line for the shell that does the same as the form.
    pub curl: String,
    /// Where the file's format is explained.
    pub format: String,
    /// The instant the page is written.
    pub now: OffsetDateTime,
}

/// What was typed into the form. It holds a secret, so it cannot be printed.
#[derive(Clone, Default)]
pub struct Typed {
    /// The team's token; leave it empty to have it typed again.
    pub token: String,
    /// The method's name.
    pub method: String,
}

/// What is wrong, beside the field it concerns; sentences for people.
#[derive(Debug, Clone, Default)]
pub struct Complaints {
    /// With the whole, such as a limit that is reached.
    pub form: Option<String>,
    /// With the token.
    pub token: Option<String>,
    /// With the file.
    pub file: Option<String>,
    /// With the method's name.
    pub method: Option<String>,
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

/// The longest method name the form takes, in characters.
pub const METHOD_CHARS: usize = 80;

/// Up to how many runs are drawn one by one.
const MOST_PIPS: u64 = 10;

impl SubmitPage {
    fn complained(&self) -> bool {
        let Complaints { form, token, file, method } = &self.complaints;
        [form, token, file, method].into_iter().any(Option::is_some)
    }

    fn largest(&self) -> String {
        format_bytes(self.max_bytes)
    }
}

impl Limit {
    /// What is left in words: `3 of 5`, or `5` while the team is not known.
    pub(super) fn told(&self) -> String {
        let allowed = format_count(self.allowed);
        match self.left {
            Some(left) => format!("{} of {allowed}", format_count(left)),
            None => allowed,
        }
    }

    /// One a run: whether it is left. Absent where nothing is known, or they are too many to draw.
    pub(super) fn pips(&self) -> Option<Vec<bool>> {
        let left = self.left.filter(|_| self.allowed <= MOST_PIPS)?;
        Some((0..self.allowed).map(|i| i < left).collect())
    }
}
