//! `fashion-iq receipt rotate`

use clap::Args;
use domain::error::{Error, Result};
use domain::receipts;

use crate::cli::{DataDir, Outcome, agreed, in_terminal, open, print_line};

/// Make a new key for the receipts of a server, and retire the old one.
///
/// Receipts that the old key has signed stay valid, and the old public key stays listed. Do this if
/// others may have had access to the database. A server can run at the same time.
#[derive(Args)]
pub(crate) struct Rotate {
    /// Don't ask for confirmation.
    #[arg(long, short)]
    yes: bool,
    #[command(flatten)]
    data_dir: DataDir,
}

impl Rotate {
    pub(super) async fn run(self) -> Result<Outcome> {
        let app = open(&self.data_dir).await?;
        if !self.yes {
            if !in_terminal() {
                let how = "confirm with --yes";
                return Err(Error::unusable(format!("nothing was changed; {how}")));
            }
            if !agreed("retire the key of this server's receipts and make a new one?")? {
                return Err(Error::unusable("nothing was changed"));
            }
        }
        let key = receipts::rotate_key(&app).await?;
        print_line(format_args!("receipts are now signed with key {}", key.id));
        print_line(format_args!("public key {}", key.public_key));
        Ok(Outcome::Done)
    }
}
