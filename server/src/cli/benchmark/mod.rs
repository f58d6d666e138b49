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
    /// Print the smallest difference of two scores that a benchmark can show.
    Resolution(resolution::Resolution),
    /// Compare two runs query by query: differences, intervals and p-values.
    Compare(compare::Compare),
    /// Print the commitment to a benchmark's targets, to compare it with the published one.
    Commitment(commitment::Commitment),
    /// Find out what a benchmark gives away to someone who looks at neither query nor picture.
    Audit(audit::Audit),
    /// Simulate teams that submit to learn the targets, and print what each kind of feedback gives away.
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
