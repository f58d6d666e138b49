//! `fashion-iq user …`

use clap::{Subcommand, ValueEnum};
use domain::accounts::{self, Email};
use domain::entities::role::Role;
use domain::error::Result;
use domain::moderation;

use super::challenge::named_or_only;
use super::{DataDir, Outcome, open, print_line};

/// Manage organisers, and change addresses of accounts.
#[derive(Subcommand)]
pub(crate) enum User {
    /// Give a person who has signed up a role as organiser.
    Promote {
        /// The address of their account.
        email: String,
        /// The challenge [default: all challenges]
        #[arg(long)]
        challenge: Option<String>,
        /// Their role.
        #[arg(long, value_enum, default_value_t = As::Owner)]
        role: As,
        #[command(flatten)]
        data_dir: DataDir,
    },
    /// Change the address of a person's account; the old address is notified by mail.
    SetEmail {
        /// The current address of the account.
        old: String,
        /// The new address.
        new: String,
        #[command(flatten)]
        data_dir: DataDir,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum As {
    /// Can see everything that organisers see, but change nothing.
    Auditor,
    /// Can run the challenge.
    Organiser,
    /// Can also manage the other organisers.
    Owner,
}

impl User {
    pub(super) async fn run(self) -> Result<Outcome> {
        match self {
            Self::Promote { email, challenge, role, data_dir } => {
                promote(email, challenge, role, data_dir).await
            }
            Self::SetEmail { old, new, data_dir } => {
                let app = open(&data_dir).await?;
                let (old, new) = (Email::read(&old)?, Email::read(&new)?);
                accounts::set_address(&app, &old, &new).await?;
                print_line(format_args!("changed {old} to {new}"));
                Ok(Outcome::Done)
            }
        }
    }
}

async fn promote(
    email: String,
    challenge: Option<String>,
    role: As,
    data_dir: DataDir,
) -> Result<Outcome> {
    let app = open(&data_dir).await?;
    let email = Email::read(&email)?;
    let challenge = match challenge {
        Some(name) => Some(named_or_only(&app.db, Some(&name)).await?),
        None => None,
    };
    let role = Role::from(role);
    moderation::promote(&app, &email, challenge.as_ref(), role).await?;
    let of = challenge.map_or("all challenges".to_owned(), |challenge| challenge.name);
    print_line(format_args!("{email} is {} of {of}", role.name()));
    Ok(Outcome::Done)
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
