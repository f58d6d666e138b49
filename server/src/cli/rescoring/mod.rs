//! `fashion-iq rescoring …`

mod output;

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use domain::challenges;
use domain::entities::challenge;
use domain::entities::corrected_targets::SecretTargets;
use domain::error::{Error, Result};
use domain::moderation::{self, Correction, TARGETS_BYTES};
use domain::submissions::{self, Filling};

use self::output::PreviewOutput;
use super::challenge::named_or_only;
use super::{DataDir, Outcome, open, print, print_error, print_line, to_json};
use crate::App;

/// Score all submissions of a benchmark again, after its targets or the scorer were corrected.
///
/// A set of new scorecards is computed beside the present ones. Boards don't change until it is
/// applied. Applying is recorded in the log and can be undone there. Another gallery protocol, or
/// other queries, are a new benchmark.
#[derive(Subcommand)]
pub(crate) enum Rescoring {
    /// Create a set, compute it, and show what would move.
    ///
    /// With --targets, each stored upload is read again against the corrected targets of the same
    /// queries. Without, the scorecards are computed by the present scorer from the stored ranks.
    /// If this is stopped, a running server continues, or `rescoring apply` does.
    Create {
        /// The benchmark.
        #[arg(long)]
        benchmark: String,
        /// The corrected targets: a JSON object with an item or a list of items for each query.
        #[arg(long, value_name = "FILE")]
        targets: Option<PathBuf>,
        /// The reason, recorded in the log.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        of: Of,
    },
    /// List the sets of a challenge, or show what one would move.
    Show {
        /// The set [default: list all].
        id: Option<i32>,
        #[command(flatten)]
        of: Of,
    },
    /// Let the scores of a set count, and notify the teams. Asks first in a terminal.
    Apply {
        /// The set.
        id: i32,
        #[command(flatten)]
        decision: Decision,
        #[command(flatten)]
        of: Of,
    },
    /// Remove a set that is not applied. Asks first in a terminal, because it can't be undone.
    Cancel {
        /// The set.
        id: i32,
        #[command(flatten)]
        decision: Decision,
        #[command(flatten)]
        of: Of,
    },
}

/// A challenge in a data folder.
#[derive(Args)]
pub(crate) struct Of {
    /// The challenge; optional if there is only one.
    #[arg(long)]
    challenge: Option<String>,
    /// Print JSON; doesn't ask.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data_dir: DataDir,
}

/// A decision about a set.
#[derive(Args)]
pub(crate) struct Decision {
    /// The reason, recorded in the log and, when applying, sent to the teams.
    #[arg(long)]
    reason: String,
    /// Don't ask for confirmation.
    #[arg(long, short)]
    yes: bool,
}

impl Rescoring {
    pub(super) async fn run(self) -> Result<Outcome> {
        match self {
            Self::Create { benchmark, targets, reason, of } => {
                let correction = match &targets {
                    Some(file) => Correction::Targets(read_targets(file)?),
                    None => Correction::Scorer,
                };
                let (app, challenge) = of.open().await?;
                let what = (benchmark.as_str(), correction);
                let set = moderation::create_rescoring(&app, None, &challenge, what, &reason);
                let id = set.await?.id;
                let (set, benchmark) = challenges::rescoring_with(&app.db, &challenge, id).await?;
                if !submissions::compute_set(&app, &benchmark, &set, &print_progress).await? {
                    print_error("a running server computes this set; see `rescoring show`");
                }
                of.show(&app, &challenge, id).await
            }
            Self::Show { id: Some(id), of } => {
                let (app, challenge) = of.open().await?;
                of.show(&app, &challenge, id).await
            }
            Self::Show { id: None, of } => {
                let (app, challenge) = of.open().await?;
                let sets = challenges::rescorings_of(&app.db, &challenge).await?;
                of.print(&output::List::of(&sets))
            }
            Self::Apply { id, decision, of } => {
                let (app, challenge) = of.open().await?;
                if decision.must_ask(&of) {
                    of.show(&app, &challenge, id).await?;
                    agree("apply this and notify the teams? [y/N] ")?;
                }
                let reason = &decision.reason;
                moderation::apply_rescoring(&app, None, &challenge, id, reason).await?;
                of.say(&format!("applied rescoring {id}; undo it in the log"))
            }
            Self::Cancel { id, decision, of } => {
                let (app, challenge) = of.open().await?;
                if decision.must_ask(&of) {
                    agree("cancel this? it can't be undone [y/N] ")?;
                }
                let reason = &decision.reason;
                moderation::cancel_rescoring(&app, None, &challenge, id, reason).await?;
                of.say(&format!("cancelled rescoring {id}"))
            }
        }
    }
}

impl Of {
    async fn open(&self) -> Result<(std::sync::Arc<App>, challenge::Model)> {
        let app = open(&self.data_dir).await?;
        let challenge = named_or_only(&app.db, self.challenge.as_deref()).await?;
        Ok((app, challenge))
    }

    async fn show(&self, app: &App, challenge: &challenge::Model, id: i32) -> Result<Outcome> {
        self.print(&PreviewOutput::of(&moderation::preview_rescoring(app, challenge, id).await?))
    }

    fn print(&self, told: &(impl serde::Serialize + std::fmt::Display)) -> Result<Outcome> {
        if self.json {
            print_line(to_json(told)?);
        } else {
            print(told);
        }
        Ok(Outcome::Done)
    }

    fn say(&self, what: &str) -> Result<Outcome> {
        if self.json {
            print_line(to_json(&serde_json::json!({ "done": what }))?);
        } else {
            print_line(what);
        }
        Ok(Outcome::Done)
    }
}

impl Decision {
    fn must_ask(&self, of: &Of) -> bool {
        !self.yes && !of.json && io::stdin().is_terminal() && io::stderr().is_terminal()
    }
}

fn print_progress(Filling { done, total }: Filling) {
    print_error(format_args!("{done} of {total}"));
}

fn read_targets(file: &Path) -> Result<SecretTargets> {
    let failed = |e: io::Error| Error::unusable(format!("{}: {e}", file.display()));
    let size = std::fs::metadata(file).map_err(failed)?.len();
    if size > TARGETS_BYTES as u64 {
        let most = TARGETS_BYTES >> 20;
        return Err(Error::unusable(format!("{} is larger than {most} MiB", file.display())));
    }
    Ok(SecretTargets(std::fs::read(file).map_err(failed)?))
}

fn agree(question: &str) -> Result<()> {
    let failed = |e: io::Error| Error::internal("ask", e);
    let mut stderr = io::stderr();
    stderr.write_all(question.as_bytes()).and_then(|()| stderr.flush()).map_err(failed)?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).map_err(failed)?;
    if matches!(answer.trim(), "y" | "Y" | "yes") {
        Ok(())
    } else {
        Err(Error::unusable("nothing was changed"))
    }
}
