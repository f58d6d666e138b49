//! What is wrong and what is odd, as it is found.

use crate::diagnosis::Evidence;
use crate::problems::Collector;
use crate::sentences::EchoedCaptions;
use crate::{Limits, Problem, ProblemKind};

/// What is wrong and what is odd, as it is found.
pub(crate) struct Report {
    pub(crate) problems: Collector,
    pub(crate) warnings: Collector,
    /// What was counted of each group's file.
    pub(crate) evidence: Vec<Evidence>,
    /// The files whose captions are not the list's, though the candidates are in its order.
    pub(crate) other_captions: Vec<EchoedCaptions>,
}

impl Report {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self::of_size(limits.problems_shown)
    }

    /// An empty report of the same size.
    pub(crate) fn another(&self) -> Self {
        Self::of_size(self.problems.cap())
    }

    fn of_size(cap: usize) -> Self {
        Self {
            problems: Collector::new(cap),
            warnings: Collector::new(cap),
            evidence: Vec::new(),
            other_captions: Vec::new(),
        }
    }

    /// Takes over all that another has collected.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.problems.absorb(other.problems);
        self.warnings.absorb(other.warnings);
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
