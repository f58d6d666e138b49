//! `fashion-iq challenge archive`, `delete` and `restore`

use clap::Args;
use domain::challenges;
use domain::error::{Error, Result};
use domain::moderation::{self, KEPT_DAYS, Keeping};

use crate::cli::{DataDir, Outcome, agreed, in_terminal, open, print_line};

#[derive(Args)]
pub(crate) struct Keep {
    /// The name of the challenge, as in its address
    name: String,
    /// Why; recorded in the log
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Don't ask
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    data_dir: DataDir,
}

impl Keep {
    pub(super) async fn run(self, keeping: Keeping) -> Result<Outcome> {
        let app = open(&self.data_dir).await?;
        let challenge = challenges::find_or_deleted(&app.db, &self.name).await?;
        let question =
            format!("{} challenge `{}` ({})?", keeping.name(), self.name, challenge.title);
        if !self.yes && in_terminal() && !agreed(&question)? {
            return Err(Error::unusable("nothing was changed"));
        }
        moderation::set_availability(&app, None, &challenge, keeping, &self.reason).await?;
        let name = &self.name;
        print_line(match keeping {
            Keeping::Archive => format!("`{name}` is archived: read-only, and every page stays"),
            Keeping::Delete => format!(
                "`{name}` is deleted: only its organisers see it; `fashion-iq challenge restore {name}` \
                 brings it back within {KEPT_DAYS} days"
            ),
            Keeping::Restore => format!("`{name}` is restored"),
        });
        Ok(Outcome::Done)
    }
}
