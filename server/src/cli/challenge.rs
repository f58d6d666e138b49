//! `fashion-iq challenge …`

use std::path::PathBuf;

use clap::Subcommand;

use super::{DataDir, Outcome, open, print_line};
use crate::challenges::{self, Definition};
use crate::error::Result;

/// Make the data folder say what a challenge.toml says.
#[derive(Subcommand)]
pub(crate) enum Challenge {
    /// Apply a challenge.toml: title, rules, benchmarks and phases. Twice changes nothing.
    Apply {
        /// The file.
        file: PathBuf,
        #[command(flatten)]
        data_dir: DataDir,
    },
}

impl Challenge {
    pub(super) async fn run(self) -> Result<Outcome> {
        let Self::Apply { file, data_dir } = self;
        let definition = Definition::read(&file)?;
        let app = open(&data_dir).await?;
        let applied = challenges::apply(&app.db, &app.ambient, &definition).await?;
        for created in &applied.created {
            print_line(format_args!("created {created}"));
        }
        for changed in &applied.changed {
            print_line(format_args!("changed {changed}"));
        }
        if applied == challenges::Applied::default() {
            print_line(format_args!("nothing to change"));
        }
        Ok(Outcome::Done)
    }
}
