//! Collects problems and warnings while an upload is read.

use crate::diagnosis::Evidence;
use crate::problems::Collector;
use crate::sentences::EchoedCaptions;
use crate::{Limits, Problem, ProblemKind};

/// The problems and warnings found so far.
pub(crate) struct Report {
    pub(crate) problems: Collector,
    pub(crate) warnings: Collector,
    /// What was counted in each group's file.
    pub(crate) evidence: Vec<Evidence>,
    /// The files whose captions differ from the list's, though the candidates are in its order.
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

    /// Adds everything that another report has.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.problems.absorb(other.problems);
        self.warnings.absorb(other.warnings);
    }

    /// Counts a problem of a file, and makes its sentence if there is room for it.
    pub(crate) fn problem(
        &mut self,
        file: usize,
        kind: ProblemKind,
        make: impl FnOnce() -> Problem,
    ) {
        self.problems.add(file, kind, make);
    }

    /// Adds a problem that is already a sentence, one of the few that occur once per file.
    pub(crate) fn tell(&mut self, file: usize, problem: Problem) {
        self.problems.add(file, problem.kind, || problem);
    }

    /// Counts a warning, like [`problem`](Self::problem).
    pub(crate) fn warning(
        &mut self,
        file: usize,
        kind: ProblemKind,
        make: impl FnOnce() -> Problem,
    ) {
        self.warnings.add(file, kind, make);
    }
}
