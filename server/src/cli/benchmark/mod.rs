//! `fashion-iq benchmark …`: what a benchmark can tell and what it gives away, offline.

mod attack;
mod audit;
mod audit_report;
mod commitment;
mod compare;
mod npy;
mod resolution;

use clap::Subcommand;
use domain::error::Result;

use super::Outcome;

/// What a benchmark can tell, and what it gives away.
#[derive(Subcommand)]
pub(crate) enum Benchmark {
    // Without comments of their own: these would replace the longer ones that `--help` shows.
    Resolution(resolution::Resolution),
    Compare(compare::Compare),
    Commitment(commitment::Commitment),
    Audit(audit::Audit),
    Attack(attack::Attack),
}

impl Benchmark {
    pub(super) fn run(self) -> Result<Outcome> {
        match self {
            Self::Resolution(command) => command.run(),
            Self::Compare(command) => command.run(),
            Self::Commitment(command) => command.run(),
            Self::Audit(command) => command.run(),
            Self::Attack(command) => command.run(),
        }
    }
}
