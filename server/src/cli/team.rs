//! `fashion-iq team …`

use clap::{Subcommand, ValueEnum};
use domain::accounts;
use domain::entities::team::{self, TeamKind};
use domain::error::{Error, Result};

use super::challenge::named_or_only;
use super::{DataDir, Outcome, open, print_line};
use crate::App;

/// Create teams, their tokens and invitation links.
#[derive(Subcommand)]
pub(crate) enum Team {
    /// Create a team and print its token, which is shown only once.
    Create {
        /// The name shown on the board.
        name: String,
        /// The challenge; optional if there is only one.
        #[arg(long)]
        challenge: Option<String>,
        /// The kind of its submissions on the board.
        #[arg(long, value_enum, default_value_t = Kind::Team)]
        kind: Kind,
        #[command(flatten)]
        data_dir: DataDir,
    },
    /// Create another token for a team, to replace a lost or leaked one. It is shown only once.
    Token {
        /// The team's name.
        name: String,
        /// Revoke the team's other tokens.
        #[arg(long)]
        revoke: bool,
        /// The challenge; optional if there is only one.
        #[arg(long)]
        challenge: Option<String>,
        #[command(flatten)]
        data_dir: DataDir,
    },
    /// Print a link with which one person with an account can join a team, once, within a week.
    Invite {
        /// The team's name.
        name: String,
        /// The address people use for the server.
        #[arg(
            long,
            value_name = "URL",
            env = "FASHION_IQ_PUBLIC_URL",
            default_value = "http://127.0.0.1:8080"
        )]
        public_url: String,
        /// The challenge; optional if there is only one.
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
    /// The organisers' reference: shown and marked, never ranked.
    Baseline,
    /// Uses neither queries nor pictures: shown and marked, never ranked.
    Probe,
}

impl Team {
    pub(super) async fn run(self) -> Result<Outcome> {
        let printed = match self {
            Self::Create { name, challenge, kind, data_dir } => {
                let app = open(&data_dir).await?;
                let challenge = named_or_only(&app.db, challenge.as_deref()).await?;
                let made = accounts::create(&app, &challenge, &name, kind.into());
                made.await?.1.reveal().to_owned()
            }
            Self::Token { name, revoke, challenge, data_dir } => {
                let app = open(&data_dir).await?;
                let challenge = named_or_only(&app.db, challenge.as_deref()).await?;
                let team = named(&app, challenge.id, &name).await?;
                let token = accounts::another_token(&app, &team, revoke);
                token.await?.reveal().to_owned()
            }
            Self::Invite { name, public_url, challenge, data_dir } => {
                let app = open(&data_dir).await?;
                let challenge = named_or_only(&app.db, challenge.as_deref()).await?;
                let team = named(&app, challenge.id, &name).await?;
                let secret = accounts::invite_into(&app, &team).await?;
                format!("{}/invites/{}", public_url.trim_end_matches('/'), secret.reveal())
            }
        };
        print_line(printed);
        Ok(Outcome::Done)
    }
}

async fn named(app: &App, challenge_id: i32, name: &str) -> Result<team::Model> {
    let team = accounts::find(&app.db, challenge_id, name).await?;
    team.ok_or_else(|| Error::not_found("team", name))
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
