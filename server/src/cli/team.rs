//! `fashion-iq team …`

use clap::{Subcommand, ValueEnum};

use super::challenge::named_or_only;
use super::{DataDir, Outcome, open, print_line};
use crate::accounts;
use crate::entities::team::TeamKind;
use crate::error::{Error, Result};

/// Make teams and their tokens.
#[derive(Subcommand)]
pub(crate) enum Team {
    /// Make a team and print its token, which is shown this once.
    Create {
        /// The name people will read on the board.
        name: String,
        /// The challenge; may be left out where there is only one.
        #[arg(long)]
        challenge: Option<String>,
        /// What its submissions are on the board.
        #[arg(long, value_enum, default_value_t = Kind::Team)]
        kind: Kind,
        #[command(flatten)]
        data_dir: DataDir,
    },
    /// Give a team another token, which is shown this once; for one that was lost or has leaked.
    Token {
        /// The team's name.
        name: String,
        /// End the team's other tokens, and sign it out everywhere.
        #[arg(long)]
        revoke: bool,
        /// The challenge; may be left out where there is only one.
        #[arg(long)]
        challenge: Option<String>,
        #[command(flatten)]
        data_dir: DataDir,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Kind {
    /// Ranked.
    Team,
    /// A reference of the organisers': shown, marked, never ranked.
    Baseline,
    /// Looks at neither query nor picture: shown, marked, never ranked.
    Probe,
}

impl Team {
    pub(super) async fn run(self) -> Result<Outcome> {
        let token = match self {
            Self::Create { name, challenge, kind, data_dir } => {
                let app = open(&data_dir).await?;
                let challenge = named_or_only(&app.db, challenge.as_deref()).await?;
                let made = accounts::create(&app.db, &app.ambient, &challenge, &name, kind.into());
                made.await?.1
            }
            Self::Token { name, revoke, challenge, data_dir } => {
                let app = open(&data_dir).await?;
                let challenge = named_or_only(&app.db, challenge.as_deref()).await?;
                let team = accounts::find(&app.db, challenge.id, &name).await?;
                let team = team.ok_or_else(|| Error::not_found("team", &name))?;
                accounts::another_token(&app.db, &app.ambient, &team, revoke).await?
            }
        };
        print_line(token.reveal());
        Ok(Outcome::Done)
    }
}

impl From<Kind> for TeamKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Team => Self::Team,
            Kind::Baseline => Self::Baseline,
            Kind::Probe => Self::Probe,
        }
    }
}
