//! `fashion-iq challenge lint`

use std::path::PathBuf;

use clap::Args;
use domain::ambient::Ambient;
use domain::challenges::{Definition, lint};
use domain::error::Result;

use crate::cli::{Outcome, print_line, to_json};

/// Check a challenge.toml and its data for errors and bad choices, without a server.
///
/// Notes say what a team can learn about hidden targets from a phase's scores.
///
/// Exit code 0 if there are no warnings, 1 if there are warnings, 2 if the file can't be applied.
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
        let findings = lint(&definition, Ambient::system().now())?;
        let outcome = if findings.warnings.is_empty() { Outcome::Done } else { Outcome::Problems };
        if self.json {
            print_line(to_json(&findings)?);
            return Ok(outcome);
        }
        if findings.warnings.is_empty() {
            let (phases, benchmarks) = (definition.phases.len(), definition.benchmarks.len());
            print_line(format_args!("good: {benchmarks} benchmarks and {phases} phases"));
        }
        for warning in &findings.warnings {
            print_line(warning);
        }
        for note in &findings.notes {
            print_line(format_args!("note: {note}"));
        }
        Ok(outcome)
    }
}
