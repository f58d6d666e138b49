//! Organisers' decisions about submissions.

use uuid::Uuid;

use super::audit::{self, Action};
use super::change::{Change, Ruling};
use crate::database::UnitOfWork;
use crate::entities::{challenge, submission, user};
use crate::error::{Error, Result};
use crate::submissions;
use crate::submissions::SubmissionsSite;

/// A decision about a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It no longer counts, and its team sees why.
    Disqualify,
    /// It counts again.
    Reinstate,
    /// It is on no public page.
    Hide,
    /// It is public again.
    Show,
}

impl Decision {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Disqualify, Self::Reinstate, Self::Hide, Self::Show];

    /// Its action in the log.
    pub const fn action(self) -> Action {
        match self {
            Self::Disqualify => Action::Disqualify,
            Self::Reinstate => Action::Reinstate,
            Self::Hide => Action::Hide,
            Self::Show => Action::Show,
        }
    }

    /// The name in forms and URLs.
    pub const fn name(self) -> &'static str {
        self.action().name()
    }

    /// The decision with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|decision| decision.action().name() == name)
    }

    /// The present state, if it would change nothing.
    const fn present_state(self) -> &'static str {
        match self {
            Self::Disqualify => "already disqualified",
            Self::Reinstate => "not disqualified",
            Self::Hide => "already hidden",
            Self::Show => "not hidden",
        }
    }

    /// Whether it would change a submission.
    pub const fn changes(self, run: &submission::Model) -> bool {
        match self {
            Self::Disqualify => run.disqualified_at.is_none(),
            Self::Reinstate => run.disqualified_at.is_some(),
            Self::Hide => run.hidden_at.is_none(),
            Self::Show => run.hidden_at.is_some(),
        }
    }

    /// The change that it makes to a submission.
    fn change(self, row: &submission::Model, ruling: Ruling) -> Change {
        let (submission, ruling) = (row.id, Some(ruling));
        let disqualified = Ruling::of(row.disqualified_at, row.disqualified_why.as_deref());
        let hidden = Ruling::of(row.hidden_at, row.hidden_why.as_deref());
        match self {
            Self::Disqualify => {
                Change::Disqualification { submission, before: disqualified, after: ruling }
            }
            Self::Reinstate => {
                Change::Disqualification { submission, before: disqualified, after: None }
            }
            Self::Hide => Change::Hiding { submission, before: hidden, after: ruling },
            Self::Show => Change::Hiding { submission, before: hidden, after: None },
        }
    }
}

/// Decides about a submission of a challenge, with a reason.
pub async fn decide(
    site: &SubmissionsSite,
    by: &user::Model,
    challenge: &challenge::Model,
    id: Uuid,
    decision: Decision,
    reason: &str,
) -> Result<()> {
    let reason = audit::reason(reason)?;
    let mut unit = UnitOfWork::begin(site).await?;
    let row = submissions::of_challenge(unit.db(), challenge, id).await?;
    if !decision.changes(&row) {
        return Err(Error::conflict(format!("no change: {}", decision.present_state())));
    }
    let ruling = Ruling { at: unit.now(), reason: reason.to_owned() };
    let change = decision.change(&row, ruling);
    audit::perform(&mut unit, challenge, by, &change, reason).await?;
    super::notices::decided(&mut unit, &row, decision, reason);
    unit.commit().await
}
