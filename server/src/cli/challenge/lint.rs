//! `fashion-iq challenge lint`

use std::path::PathBuf;

use clap::Args;

use crate::ambient::Ambient;
use crate::challenges::{Definition, lint};
use crate::cli::{Outcome, print_line, to_json};
use crate::error::Result;

/// Check a challenge.toml and its data without a server: what is wrong, and what is unwise.
///
/// Exit code 0 if there is nothing to say, 1 if there are warnings, 2 if it can't be applied.
#[derive(Args)]
pub(crate) struct Lint {
    /// The file.
    file: PathBuf,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Lint {
    pub(super) fn run(self) -> Result<Outcome> {
        let definition = Definition::read(&self.file)?;
        let warnings = lint(&definition, Ambient::system().now())?;
        if self.json {
            print_line(to_json(&warnings)?);
        } else if warnings.is_empty() {
            let (phases, benchmarks) = (definition.phases.len(), definition.benchmarks.len());
            print_line(format_args!("good: {benchmarks} benchmarks and {phases} phases"));
        } else {
            for warning in &warnings {
                print_line(warning);
            }
        }
        Ok(if warnings.is_empty() { Outcome::Done } else { Outcome::Problems })
    }
}
