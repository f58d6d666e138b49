//! `fashion-iq challenge …`

mod apply;
mod lint;
mod publish;
mod show;

use clap::Subcommand;
use domain::challenges;
use domain::entities::challenge;
use domain::error::{Error, Result};
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
