//! Finds what most of an upload's problems have in common, so that one sentence can say it.
//!
//! Counts and a few samples are taken while files are read, and looked up afterwards. Nothing here
//! depends on targets.

mod cause;
mod evidence;
mod spelling;

pub(crate) use evidence::Evidence;

use crate::problems::Cause;
use crate::{Benchmark, ProblemKind, Problems};

/// Puts the causes of most problems first, and decides whether the upload is not a run of this benchmark
/// at all. `holds_no_group` says that no file is named like a group's file.
pub(crate) fn led(
    problems: Problems,
    benchmark: &Benchmark,
    evidence: &[Evidence],
    holds_no_group: bool,
) -> Problems {
    let causes = cause::causes(benchmark, evidence);
    let is_elsewhere = |evidence: &Evidence| {
        let names = |cause: &Cause| {
            let kind = cause.problem.kind;
            matches!(kind, ProblemKind::WrongSplit | ProblemKind::OtherData)
                && cause.files.iter().any(|file| file == evidence.file.name())
        };
        causes.iter().any(names)
    };
    let mut answers = evidence.iter().filter(|evidence| evidence.objects > 0).peekable();
    let is_unrelated = match answers.peek() {
        Some(_) => answers.all(is_elsewhere),
        None => holds_no_group || is_something_else(&problems),
    };
    problems.led_by(causes).unrelated_if(is_unrelated)
}

/// Whether an upload without answers is not a run, rather than a run that is damaged or too large to be
/// read.
fn is_something_else(problems: &Problems) -> bool {
    let is = |kinds: &[ProblemKind]| problems.counts().keys().any(|kind| kinds.contains(kind));
    is(&[
        ProblemKind::NotARun,
        ProblemKind::UnknownFormat,
        ProblemKind::GitLfsPointer,
        ProblemKind::WrongSplit,
    ]) && !is(&[
        ProblemKind::Damaged,
        ProblemKind::TooLarge,
        ProblemKind::TooManyEntries,
        ProblemKind::Stopped,
    ])
}
