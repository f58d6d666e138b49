//! `fashion-iq team …`

use clap::{Subcommand, ValueEnum};

use super::challenge::named_or_only;
use super::{DataDir, Outcome, open, print_line};
use crate::accounts;
use crate::entities::team::TeamKind;
use crate::error::Result;

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
        let Self::Create { name, challenge, kind, data_dir } = self;
        let app = open(&data_dir).await?;
        let challenge = named_or_only(&app.db, challenge.as_deref()).await?;
        let kind = match kind {
            Kind::Team => TeamKind::Team,
            Kind::Baseline => TeamKind::Baseline,
            Kind::Probe => TeamKind::Probe,
        };
        let (_, token) = accounts::create(&app.db, &app.ambient, &challenge, &name, kind).await?;
        print_line(token.reveal());
        Ok(Outcome::Done)
    }
}
