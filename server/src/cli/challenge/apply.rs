//! `fashion-iq challenge apply`

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;

use clap::Args;
use domain::challenges::Definition;
use domain::error::{Error, Result};
use domain::moderation;
use domain::plans::{Application, Plan};

use crate::cli::{DataDir, Outcome, open, print, print_line, to_json};

/// Make the data folder say what a challenge.toml says.
///
/// First it shows what will change, and what that does to teams and the board. Where that changes
/// something that is there already it asks, if somebody is there to answer. Applying the same file
/// twice changes nothing; what would alter scores that were given is refused.
#[derive(Args)]
pub(crate) struct Apply {
    /// The file; see `fashion-iq challenge example`.
    file: PathBuf,
    /// Show what would change, and change nothing.
    #[arg(long)]
    dry_run: bool,
    /// Don't ask.
    #[arg(long, short)]
    yes: bool,
    /// Print what changes as JSON; doesn't ask.
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
        if self.must_ask(&plan) && !agreed()? {
            return Err(Error::unusable("nothing was changed"));
        }
        moderation::apply_definition(&app, &application, Some(&plan)).await?;
        Ok(self.say("applied"))
    }

    fn must_ask(&self, plan: &Plan) -> bool {
        let somebody = io::stdin().is_terminal() && io::stderr().is_terminal();
        plan.touches_what_is_there() && !self.yes && !self.json && somebody
    }

    fn say(&self, what: &str) -> Outcome {
        if !self.json {
            print_line(what);
        }
        Outcome::Done
    }
}

fn agreed() -> Result<bool> {
    let failed = |e: io::Error| Error::internal("ask", e);
    let mut stderr = io::stderr();
    stderr.write_all(b"apply this? [y/N] ").and_then(|()| stderr.flush()).map_err(failed)?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).map_err(failed)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
