//! Organisers archive, delete and restore their challenge.

use super::audit;
use super::change::{Availability, Change};
use crate::accounts;
use crate::database::UnitOfWork;
use crate::entities::role::Role;
use crate::entities::{challenge, user};
use crate::error::{Error, Result};
use crate::submissions::SubmissionsSite;

pub use super::removal::{KEPT_DAYS, remove_deleted};

/// What becomes of a challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// It is read-only, and listed apart from the others.
    Archive,
    /// Only its organisers see it, and it is removed after [`KEPT_DAYS`].
    Delete,
    /// It is as it was before it was deleted or, if it isn't deleted, archived.
    Restore,
}

impl Keeping {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Archive, Self::Delete, Self::Restore];

    /// The name in forms, URLs and commands.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Archive => "archive",
            Self::Delete => "delete",
            Self::Restore => "restore",
        }
    }

    /// The one with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|keeping| keeping.name() == name)
    }

    /// Whether it would change a challenge.
    pub const fn changes(self, challenge: &challenge::Model) -> bool {
        match self {
            Self::Archive => challenge.archived_at.is_none() && challenge.deleted_at.is_none(),
            Self::Delete => challenge.deleted_at.is_none(),
            Self::Restore => challenge.archived_at.is_some() || challenge.deleted_at.is_some(),
        }
    }
}

/// Archives, deletes or restores a challenge, with a reason. `by` is none for the operator of the
/// server; deleting and restoring what was deleted needs an owner.
pub async fn set_availability(
    site: &SubmissionsSite,
    by: Option<&user::Model>,
    challenge: &challenge::Model,
    keeping: Keeping,
    reason: &str,
) -> Result<()> {
    let reason = audit::reason(reason)?;
    let mut unit = UnitOfWork::begin(site).await?;
    let row = crate::challenges::by_id(unit.db(), challenge.id).await?;
    if let Some(by) = by {
        let is_deletion = keeping == Keeping::Delete || row.deleted_at.is_some();
        let least = if is_deletion { Role::Owner } else { Role::Organiser };
        accounts::must_have_role(unit.db(), by, &row, least).await?;
    }
    if !keeping.changes(&row) {
        let sentence = format!("no change: the challenge `{}` is already so", row.name);
        return Err(Error::conflict(sentence));
    }
    let (before, now) = (Availability::of(&row), Some(unit.now()));
    let after = match keeping {
        Keeping::Archive => Availability { archived_at: now, ..before },
        Keeping::Delete => Availability { deleted_at: now, ..before },
        Keeping::Restore if before.deleted_at.is_some() => {
            Availability { deleted_at: None, ..before }
        }
        Keeping::Restore => Availability::default(),
    };
    let change = Change::Availability { before, after };
    change.apply(&mut unit, &row, reason).await?;
    audit::record(&unit, row.id, by, &change, reason).await?;
    unit.commit().await
}

/// Checks the typed name of a challenge, by which a person says that they mean this one.
pub fn must_be_named(challenge: &challenge::Model, typed: &str) -> Result<()> {
    if typed.trim() == challenge.name {
        return Ok(());
    }
    let rule = format!("must be `{}`, the name of the challenge", challenge.name);
    Err(Error::field("name", rule))
}
