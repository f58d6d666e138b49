//! `fashion-iq challenge …`

mod apply;
mod keep;
mod lint;
mod publish;
mod show;

use clap::Subcommand;
use domain::challenges;
use domain::entities::challenge;
use domain::error::{Error, Result};
use domain::moderation::Keeping;
use sea_orm::DatabaseConnection;

use super::{Outcome, print};

/// A `challenge.toml` with every setting explained.
const EXAMPLE: &str = include_str!("../../../../docs/challenge.toml");

/// Manage challenges as code: write, check and apply a challenge.toml.
#[derive(Subcommand)]
pub(crate) enum Challenge {
    /// Print an annotated challenge.toml to start from.
    Example,
    Lint(lint::Lint),
    Apply(apply::Apply),
    Show(show::Show),
    Publish(publish::Publish),
    /// Make a challenge read-only: every page stays, and nothing can be submitted or changed.
    Archive(keep::Keep),
    /// Hide a challenge from everybody but its organisers; it can be restored for 30 days.
    Delete(keep::Keep),
    /// Bring a deleted or archived challenge back.
    Restore(keep::Keep),
}

impl Challenge {
    pub(super) async fn run(self) -> Result<Outcome> {
        match self {
            Self::Example => {
                print(EXAMPLE);
                Ok(Outcome::Done)
            }
            Self::Lint(lint) => lint.run(),
            Self::Apply(apply) => apply.run().await,
            Self::Show(show) => show.run().await,
            Self::Publish(publish) => publish.run().await,
            Self::Archive(keep) => keep.run(Keeping::Archive).await,
            Self::Delete(keep) => keep.run(Keeping::Delete).await,
            Self::Restore(keep) => keep.run(Keeping::Restore).await,
        }
    }
}

/// The challenge with this name, or the only challenge.
pub(super) async fn named_or_only(
    db: &DatabaseConnection,
    name: Option<&str>,
) -> Result<challenge::Model> {
    if let Some(name) = name {
        return challenges::find(db, name).await;
    }
    let mut all = challenges::all(db).await?;
    match (all.pop(), all.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(_), false) => Err(Error::unusable("there are several challenges; name one of them")),
        (None, _) => Err(Error::unusable(
            "there is no challenge yet; create one with `fashion-iq challenge apply`",
        )),
    }
}
