//! `fashion-iq benchmark …`: what a benchmark can tell, offline.

mod attack;
mod compare;
mod resolution;

use clap::Subcommand;
use domain::error::Result;

use super::Outcome;

/// What a benchmark can tell: the smallest difference it can show, how two runs differ, and what its scores
/// give away.
#[derive(Subcommand)]
pub(crate) enum Benchmark {
    /// Print the smallest difference of two scores that a benchmark can show.
    Resolution(resolution::Resolution),
    /// Compare two runs query by query: differences, intervals and p-values.
    Compare(compare::Compare),
    // Without a comment of its own: that would replace the longer one that `--help` shows.
    Attack(attack::Attack),
}

impl Benchmark {
    pub(super) fn run(self) -> Result<Outcome> {
        match self {
            Self::Resolution(command) => command.run(),
            Self::Compare(command) => command.run(),
            Self::Attack(command) => command.run(),
        }
    }
}
