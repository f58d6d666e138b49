//! `fashion-iq user …`

use clap::{Subcommand, ValueEnum};

use super::challenge::named_or_only;
use super::{DataDir, Outcome, open, print_line};
use crate::accounts::{self, Email};
use crate::database;
use crate::entities::role::Role;
use crate::error::{Error, Result};

/// Say which persons organise challenges.
#[derive(Subcommand)]
pub(crate) enum User {
    /// Make a person who has signed up an organiser.
    Promote {
        /// The address with which they signed up.
        email: String,
        /// Of which challenge; of all where it is left out.
        #[arg(long)]
        challenge: Option<String>,
        /// What they may do.
        #[arg(long, value_enum, default_value_t = As::Owner)]
        role: As,
        #[command(flatten)]
        data_dir: DataDir,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum As {
    /// Sees what organisers see, and changes nothing.
    Auditor,
    /// Runs the challenge.
    Organiser,
    /// And says who else does.
    Owner,
}

impl User {
    pub(super) async fn run(self) -> Result<Outcome> {
        let Self::Promote { email, challenge, role, data_dir } = self;
        let app = open(&data_dir).await?;
        let email = Email::read(&email)?;
        let challenge = match challenge {
            Some(name) => Some(named_or_only(&app.db, Some(&name)).await?),
            None => None,
        };
        let role = Role::from(role);
        let transaction = database::begin(&app.db).await?;
        let user = accounts::user_with(&transaction, &email).await?;
        let user = user.ok_or_else(|| Error::not_found("person with the address", &email))?;
        let now = app.ambient.now();
        accounts::give_role(&transaction, &user, challenge.as_ref(), role, None, now).await?;
        transaction.commit().await?;
        let of = challenge.map_or("all challenges".to_owned(), |challenge| challenge.name);
        print_line(format_args!("{email} is {} of {of}", role.name()));
        Ok(Outcome::Done)
    }
}

impl From<As> for Role {
    fn from(role: As) -> Self {
        match role {
            As::Auditor => Self::Auditor,
            As::Organiser => Self::Organiser,
            As::Owner => Self::Owner,
        }
    }
}
