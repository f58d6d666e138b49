//! `fashion-iq doctor`

use clap::Args;
use domain::ambient::Ambient;
use domain::database;
use domain::error::Result;
use domain::storage::examination::{Finding, examine};
use serde_json::json;

use super::{DataDir, Outcome, open, print_line, to_json};
use crate::config::holds_secrets;

/// Check a data folder: database, uploads, disk space and permissions. A server can run at the same
/// time.
///
/// Exit code 1 means that something needs to be fixed.
#[derive(Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    data_dir: DataDir,
    /// First fix what can be fixed: move uploads of submissions back, remove permissions of other
    /// users, and overwrite deleted data in the database
    #[arg(long)]
    repair: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Doctor {
    pub(super) async fn run(self) -> Result<Outcome> {
        if self.repair {
            let app = open(&self.data_dir).await?;
            app.prepare().await?;
            database::overwrite_free_pages(&app.db).await?;
            database::scrub(&app.db).await?;
        }
        let settings = self.data_dir.settings()?;
        let file = self.data_dir.config.config.as_deref();
        let secrets = file.map(holds_secrets).transpose()?.unwrap_or_default();
        let now = Ambient::system().now();
        let findings = examine(&settings.data_folder(now), file.filter(|_| secrets)).await?;
        let good = findings.iter().all(|finding| finding.good);
        if self.json {
            print_line(to_json(&json!({ "good": good, "findings": findings }))?);
        } else {
            findings.iter().for_each(print_finding);
        }
        Ok(if good { Outcome::Done } else { Outcome::Problems })
    }
}

fn print_finding(finding: &Finding) {
    let state = if finding.good { "ok" } else { "problem" };
    print_line(format_args!("{state:<8} {}: {}", finding.check, finding.found));
    for detail in &finding.details {
        print_line(format_args!("           {detail}"));
    }
}
