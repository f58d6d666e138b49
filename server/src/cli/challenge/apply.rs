//! `fashion-iq challenge apply`

use std::path::PathBuf;

use clap::Args;
use domain::challenges::Definition;
use domain::error::{Error, Result};
use domain::moderation;
use domain::plans::{Application, Plan};

use crate::cli::{DataDir, Outcome, agreed, in_terminal, open, print, print_line, to_json};

/// Apply a challenge.toml to the data folder.
///
/// First shows what will change, and how that affects teams and the board. If it changes something
/// that exists, it asks for confirmation when run in a terminal. Applying the same file twice
/// changes nothing; changes that would alter existing scores are refused.
#[derive(Args)]
pub(crate) struct Apply {
    /// The file; see `fashion-iq challenge example`.
    file: PathBuf,
    /// Show what would change, without changing anything.
    #[arg(long)]
    dry_run: bool,
    /// Don't ask for confirmation.
    #[arg(long, short)]
    yes: bool,
    /// Why, for the log; if the hidden targets change, it is published with the new commitment.
    #[arg(long, value_name = "TEXT", default_value = "applied on the server")]
    reason: String,
    /// Print the changes as JSON; doesn't ask.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data_dir: DataDir,
}

impl Apply {
    pub(super) async fn run(self) -> Result<Outcome> {
        let definition = Definition::read(&self.file)?;
        let app = open(&self.data_dir).await?;
        let application = Application::prepare(&app.db, &app.ambient, definition).await?;
        let plan = application.preview(&app).await?;
        if self.json {
            print_line(to_json(&plan)?);
        } else {
            print(&plan);
        }
        if plan.is_empty() {
            return Ok(self.say("nothing to change"));
        }
        if self.dry_run {
            return Ok(self.say("nothing was changed: this was a dry run"));
        }
        if self.must_ask(&plan) && !agreed("apply this?")? {
            return Err(Error::unusable("nothing was changed"));
        }
        moderation::apply_definition(&app, &application, Some(&plan), &self.reason).await?;
        Ok(self.say("applied"))
    }

    fn must_ask(&self, plan: &Plan) -> bool {
        plan.touches_what_is_there() && !self.yes && !self.json && in_terminal()
    }

    fn say(&self, what: &str) -> Outcome {
        if !self.json {
            print_line(what);
        }
        Outcome::Done
    }
}
