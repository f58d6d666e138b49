//! `fashion-iq benchmark …`: what a benchmark can tell, offline.

mod commitment;
mod compare;
mod resolution;

use clap::Subcommand;
use domain::error::Result;

use super::Outcome;

/// What a benchmark can tell: the smallest difference it can show, how two runs differ, and whether
/// its targets are those that were committed to.
#[derive(Subcommand)]
pub(crate) enum Benchmark {
    /// Print the smallest difference of two scores that a benchmark can show.
    Resolution(resolution::Resolution),
    /// Compare two runs query by query: differences, intervals and p-values.
    Compare(compare::Compare),
    /// Print the commitment to a benchmark's targets, to compare it with the published one.
    Commitment(commitment::Commitment),
}

impl Benchmark {
    pub(super) fn run(self) -> Result<Outcome> {
        match self {
            Self::Resolution(command) => command.run(),
            Self::Compare(command) => command.run(),
            Self::Commitment(command) => command.run(),
        }
    }
}
