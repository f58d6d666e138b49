//! Repeated uploads: how the description of an upload differs from the existing submission with the
//! same bytes.

use std::fmt::Write;

use super::edit::{METHOD, differing};
use crate::challenges::Details;
use crate::entities::submission::{self, State};
use crate::error::{Result, rfc3339};

/// An upload with the same bytes as an existing submission.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Repeat {
    /// Each field that differs.
    pub differs: Vec<Difference>,
}

/// A field that differs in a repeated upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// `method`, or a field of the phase.
    pub field: String,
    /// The value in this upload, which was not saved.
    pub given: String,
    /// The value of the submission.
    pub kept: String,
}

impl Repeat {
    /// Compares the description of an upload with an existing submission. Empty values are ignored.
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

    /// What happened, for people.
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
