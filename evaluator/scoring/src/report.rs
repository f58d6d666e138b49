//! What is wrong and what is odd, as it is found.

use crate::problems::Collector;
use crate::{Limits, Problem, ProblemKind};

/// What is wrong and what is odd, as it is found.
pub(crate) struct Report {
    pub(crate) problems: Collector,
    pub(crate) warnings: Collector,
}

impl Report {
    pub(crate) fn new(limits: &Limits) -> Self {
        let cap = limits.problems_shown;
        Self { problems: Collector::new(cap), warnings: Collector::new(cap) }
    }

    /// Counts a problem of a file, and has its sentence made if there is a place for it.
    pub(crate) fn problem(
        &mut self,
        file: usize,
        kind: ProblemKind,
        make: impl FnOnce() -> Problem,
    ) {
        self.problems.add(file, kind, make);
    }

    /// Takes a problem that is already a sentence: one of the few that are met once a file.
    pub(crate) fn tell(&mut self, file: usize, problem: Problem) {
        self.problems.add(file, problem.kind, || problem);
    }

    /// Counts a warning, as [`problem`](Self::problem).
    pub(crate) fn warning(
        &mut self,
        file: usize,
        kind: ProblemKind,
        make: impl FnOnce() -> Problem,
    ) {
        self.warnings.add(file, kind, make);
    }
}
