//! All problems of an upload: each is counted, and a fair share of them is shown.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Problem, ProblemKind};

/// All problems of an upload, or all its warnings: exact counts by kind, and the first few of each file
/// and kind in the order in which they were found.
///
/// Nothing in it depends on targets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problems {
    total: usize,
    counts: BTreeMap<ProblemKind, usize>,
    shown: Vec<Problem>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unrelated: bool,
}

/// What most problems of some files have in common.
pub(crate) struct Cause {
    /// The names of the files.
    pub(crate) files: Vec<String>,
    /// The sentence that comes first.
    pub(crate) problem: Problem,
    /// The kinds of problems it explains, of which only a few examples are shown.
    pub(crate) explains: &'static [ProblemKind],
}

/// How many examples are shown of the problems that a cause explains.
const EXAMPLES: usize = 3;

impl Problems {
    /// The number of problems.
    pub fn total(&self) -> usize {
        self.total
    }

    /// Whether there are no problems.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// The number of problems of each kind.
    pub fn counts(&self) -> &BTreeMap<ProblemKind, usize> {
        &self.counts
    }

    /// Whether the upload is not a run of this benchmark at all: a run for another split, or not a run.
    pub fn is_unrelated(&self) -> bool {
        self.unrelated
    }

    /// Puts sentences that say what most problems have in common before the others, and keeps only a few
    /// examples of those they explain.
    pub(crate) fn led_by(mut self, causes: Vec<Cause>) -> Self {
        let mut leading = Vec::new();
        for Cause { files, problem, explains } in causes {
            let mut left = EXAMPLES;
            self.shown.retain(|shown| {
                let of_file = shown.file.as_ref().is_some_and(|file| files.contains(file));
                let explained = of_file && explains.contains(&shown.kind);
                if explained && left > 0 {
                    left -= 1;
                    return true;
                }
                !explained
            });
            self.total += 1;
            *self.counts.entry(problem.kind).or_default() += 1;
            leading.push(problem);
        }
        self.shown.splice(0..0, leading);
        self
    }

    pub(crate) fn unrelated_if(mut self, unrelated: bool) -> Self {
        self.unrelated = unrelated;
        self
    }

    /// The problems that are shown.
    pub fn shown(&self) -> &[Problem] {
        &self.shown
    }
}

impl fmt::Display for Problems {
    /// A line a problem, then how many more there are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.shown.iter().enumerate() {
            let end = if i == 0 { "" } else { "\n" };
            write!(f, "{end}{}", problem.message)?;
        }
        let more = self.total - self.shown.len();
        if more > 0 {
            let end = if self.shown.is_empty() { "" } else { "\n" };
            write!(f, "{end}... and {more} more")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// Problems as they come in.
///
/// The list is shared fairly while it fills: once it is full, a problem of a file and kind that has
/// fewer places than another takes the last place of the one that has most. So a hundred thousand
/// duplicates do not hide the one missing file, and memory is bounded by the list.
#[derive(Debug)]
pub(crate) struct Collector {
    cap: usize,
    kept: usize,
    total: usize,
    counts: BTreeMap<ProblemKind, usize>,
    shares: Vec<Share>,
}

/// The problems of one file and kind, each with the number of problems found before it.
#[derive(Debug)]
struct Share {
    file: usize,
    kind: ProblemKind,
    problems: Vec<(usize, Problem)>,
}

impl Collector {
    pub(crate) fn new(cap: usize) -> Self {
        Self { cap, kept: 0, total: 0, counts: BTreeMap::new(), shares: Vec::new() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// The maximum number of sentences.
    pub(crate) fn cap(&self) -> usize {
        self.cap
    }

    /// Counts problems that are not shown one by one.
    pub(crate) fn count(&mut self, kind: ProblemKind, more: usize) {
        if more > 0 {
            self.total += more;
            *self.counts.entry(kind).or_default() += more;
        }
    }

    /// Counts a problem, and makes its sentence if there is room for it.
    pub(crate) fn add(&mut self, file: usize, kind: ProblemKind, make: impl FnOnce() -> Problem) {
        let met = self.total;
        self.count(kind, 1);
        self.keep(met, file, kind, make);
    }

    /// Adds everything that another collector has, after its own.
    pub(crate) fn absorb(&mut self, other: Self) {
        let met = self.total;
        for (kind, count) in other.counts {
            self.count(kind, count);
        }
        for Share { file, kind, problems } in other.shares {
            for (later, problem) in problems {
                self.keep(met + later, file, kind, || problem);
            }
        }
    }

    fn keep(&mut self, met: usize, file: usize, kind: ProblemKind, make: impl FnOnce() -> Problem) {
        let own = self.shares.iter().position(|s| s.file == file && s.kind == kind);
        let held = own.map_or(0, |i| self.shares[i].problems.len());
        if self.kept >= self.cap {
            let most = self.shares.iter_mut().max_by_key(|s| s.problems.len());
            match most {
                Some(most) if most.problems.len() > held + 1 => most.problems.pop(),
                _ => return,
            };
        } else {
            self.kept += 1;
        }
        let own = own.unwrap_or_else(|| {
            self.shares.push(Share { file, kind, problems: Vec::new() });
            self.shares.len() - 1
        });
        self.shares[own].problems.push((met, make()));
    }

    pub(crate) fn finish(self) -> Problems {
        let mut shown: Vec<_> = self.shares.into_iter().flat_map(|s| s.problems).collect();
        shown.sort_by_key(|(met, _)| *met);
        let shown = shown.into_iter().map(|(_, problem)| problem).collect();
        Problems { total: self.total, counts: self.counts, shown, unrelated: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(collector: &mut Collector, file: usize, kind: ProblemKind, n: usize) {
        for i in 0..n {
            collector.add(file, kind, || Problem::of_upload(kind, format!("{file} {kind:?} {i}")));
        }
    }

    #[test]
    fn a_flood_of_one_kind_leaves_room_for_the_others_and_every_count_is_exact() {
        let mut collector = Collector::new(6);
        add(&mut collector, 1, ProblemKind::DuplicateItem, 1000);
        add(&mut collector, 2, ProblemKind::DuplicateItem, 500);
        add(&mut collector, 2, ProblemKind::MissingQuery, 1);
        collector.count(ProblemKind::UnknownItem, 7);
        insta::assert_snapshot!(collector.finish(), @r"
        1 DuplicateItem 0
        1 DuplicateItem 1
        1 DuplicateItem 2
        2 DuplicateItem 0
        2 DuplicateItem 1
        2 MissingQuery 0
        ... and 1502 more
        ");
    }

    #[test]
    fn problems_come_back_from_json_as_they_went_in() {
        let mut collector = Collector::new(2);
        add(&mut collector, 0, ProblemKind::MissingGroup, 3);
        let problems = collector.finish();
        let json = serde_json::to_string(&problems).unwrap();
        assert_eq!(serde_json::from_str::<Problems>(&json).unwrap(), problems);
        insta::assert_snapshot!(json, @r#"{"total":3,"counts":{"missing_group":3},"shown":[{"kind":"missing_group","message":"0 MissingGroup 0"},{"kind":"missing_group","message":"0 MissingGroup 1"}]}"#);
    }

    #[test]
    fn a_list_of_no_places_still_counts() {
        let mut collector = Collector::new(0);
        add(&mut collector, 1, ProblemKind::UnknownItem, 3);
        assert_eq!(collector.finish().to_string(), "... and 3 more");
    }
}
