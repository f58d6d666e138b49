//! An upload whose bytes its team has sent before: what differs from the submission that there is.

use std::fmt::Write;

use super::edit::{METHOD, differing};
use crate::challenges::Details;
use crate::entities::submission::{self, State};
use crate::error::{Result, rfc3339};

/// What was said with bytes that were sent before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Repeat {
    /// Each field that was given otherwise.
    pub differs: Vec<Difference>,
}

/// A field that was given otherwise with the same bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// `method`, or what the phase asks for.
    pub field: String,
    /// What was given now, and was not kept.
    pub given: String,
    /// What the submission says.
    pub kept: String,
}

impl Repeat {
    /// Compares what was said now with what a submission says. What was left empty now says nothing.
    pub(super) fn of(row: &submission::Model, method: &str, details: &Details) -> Result<Self> {
        let kept = Details::of_column(&row.details)?;
        let mut differs = Vec::new();
        if !method.is_empty() && method != row.method {
            let (given, kept) = (method.to_owned(), row.method.clone());
            differs.push(Difference { field: METHOD.to_owned(), given, kept });
        }
        let others =
            differing(&kept, details).into_iter().filter(|(_, _, given)| !given.is_empty());
        differs.extend(others.map(|(field, kept, given)| Difference { field, given, kept }));
        Ok(Self { differs })
    }

    /// What happened, in sentences for people.
    pub fn sentence(&self, row: &submission::Model) -> String {
        let at = rfc3339(row.received_at);
        let mut said =
            format!("This file was already uploaded at {at}; no new submission was made.");
        if row.withdrawn_at.is_some() {
            said.push_str(" That submission is withdrawn; put it back on the board to use it.");
        }
        if row.state == State::Invalid {
            said.push_str(" That submission is invalid, for the same reasons.");
        }
        for Difference { field, given, kept } in &self.differs {
            let kept = if kept.is_empty() { "nothing".to_owned() } else { format!("“{kept}”") };
            let _ = write!(said, " Its {field} says {kept}, and you gave “{given}”.");
        }
        if !self.differs.is_empty() {
            said.push_str(" To change that, edit the submission.");
        }
        said
    }
}
