//! `fashion-iq archive`

use std::path::PathBuf;

use clap::Args;
use domain::error::Result;

use super::challenge::named_or_only;
use super::{DataDir, Outcome, open, print_error, print_line};
use crate::archive::archive;

/// How often progress is printed.
const EVERY: usize = 100;

/// Write the public part of a challenge as static files: boards, rules, scoring, the data set's pages, public
/// submissions with receipts, and final results, as HTML, CSV and JSON.
///
/// Any web server can serve the folder, and its links work. It holds what an anonymous visitor sees now,
/// and nothing else. Set `public_url` first: pages name it in their examples.
#[derive(Args)]
pub(crate) struct Archive {
    /// The folder to write; it must not exist, or be empty
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The challenge; optional if there is only one
    #[arg(long, value_name = "NAME")]
    challenge: Option<String>,
    #[command(flatten)]
    data_dir: DataDir,
}

impl Archive {
    pub(super) async fn run(self) -> Result<Outcome> {
        let app = open(&self.data_dir).await?;
        let challenge = named_or_only(&app.db, self.challenge.as_deref()).await?;
        let report = |done: usize| {
            if done.is_multiple_of(EVERY) {
                print_error(format_args!("{done} addresses"));
            }
        };
        let done = Box::pin(archive(&app, &challenge, &self.folder, &report)).await?;
        print_line(format_args!(
            "{}: {} pages and {} files, {:.1} MB; open index.html, or serve the folder",
            self.folder.display(),
            done.pages,
            done.files,
            done.bytes as f64 / 1e6
        ));
        Ok(Outcome::Done)
    }
}
