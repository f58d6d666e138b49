//! Errors that are not a team's fault.

use crate::measures::FAMILIES;

/// The result of handling what the evaluator itself has stored.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error that is not a team's fault; errors in an upload are [`Problems`](crate::Problems).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Stored ranks cannot be read back.
    #[error("stored ranks cannot be read: {0}")]
    Ranks(String),
    /// No task has that name.
    #[error("{0}")]
    Task(String),
    /// No measure has that name.
    #[error("{0}")]
    Measure(String),
    /// A file for an audit does not fit the benchmark.
    #[error("{0}")]
    Audit(String),
    /// Queries cannot be divided into a feedback share and the rest.
    #[error("{0}")]
    Share(String),
    /// The transcript of dialogs cannot be read or does not fit.
    #[error("{0}")]
    Transcript(String),
    /// An attack cannot be simulated.
    #[error("{0}")]
    Attack(String),
}

impl Error {
    pub(crate) fn unknown_task(name: &str, known: &[&str]) -> Self {
        let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
        Self::Task(format!("unknown task `{name}`: must be one of {}", known.join(", ")))
    }

    pub(crate) fn not_ranks() -> Self {
        Self::Ranks("the bytes do not begin like ranks".to_owned())
    }

    pub(crate) fn layout(version: u8, known: u8) -> Self {
        Self::Ranks(format!(
            "they have layout {version}, but this program only reads layout {known}"
        ))
    }

    pub(crate) fn truncated() -> Self {
        Self::Ranks("the bytes end too early".to_owned())
    }

    pub(crate) fn impossible(what: &str) -> Self {
        Self::Ranks(what.to_owned())
    }

    pub(crate) fn transcript(why: impl std::fmt::Display) -> Self {
        Self::Transcript(format!("a transcript of dialogs cannot be read or written: {why}"))
    }

    pub(crate) fn other_dialogs(group: &str) -> Self {
        let what = "the dialogs of the transcript are not those that were drawn";
        Self::Transcript(format!("{group}: {what}"))
    }

    pub(crate) fn number_of_scores(
        group: &str,
        found: usize,
        queries: usize,
        items: usize,
    ) -> Self {
        Self::Audit(format!(
            "{group}: expected {queries} x {items} scores, one for each query and item of the gallery, but \
             there are {found} scores"
        ))
    }

    pub(crate) fn score_not_finite(group: &str, query: usize, item: usize) -> Self {
        Self::Audit(format!(
            "{group}: the score of query {query} and item {item} (both from 0) is not a finite number"
        ))
    }

    pub(crate) fn unknown_query(subset: &str, id: &str) -> Self {
        let (subset, id) = (short(subset), short(id));
        Self::Audit(format!("subset `{subset}`: `{id}` is not a query of this split"))
    }

    pub(crate) fn empty_subset(subset: &str) -> Self {
        Self::Audit(format!("subset `{}`: it has no queries", short(subset)))
    }

    pub(crate) fn ranks_of_another_benchmark(which: &str) -> Self {
        Self::Audit(format!("the {which} run has ranks of another benchmark"))
    }

    pub(crate) fn share_percent(percent: u8) -> Self {
        Self::Share(format!(
            "a feedback share of {percent} % is not possible: enter a whole number from 1 to 99"
        ))
    }

    pub(crate) fn share_of_others(group: &str, queries: usize, expected: usize) -> Self {
        Self::Share(format!(
            "the feedback share is of another benchmark: group `{group}` has {queries} queries, the \
             share expects {expected}"
        ))
    }

    pub(crate) fn small_for_attack(queries: usize, items: usize) -> Self {
        Self::Attack(format!(
            "an attack can't be simulated on groups of fewer than {queries} queries or galleries of fewer \
             than {items} items"
        ))
    }

    pub(crate) fn large_for_attack(what: &str, number: usize, most: usize) -> Self {
        Self::Attack(format!(
            "an attack can't be simulated with {number} {what}: enter a number from 1 to {most}"
        ))
    }

    pub(crate) fn no_model_recalls() -> Self {
        Self::Attack(
            "the recalls of the attacker's model must be above 0 and below 100 %, Recall@50 the higher"
                .to_owned(),
        )
    }

    pub(crate) fn unknown_measure(name: &str) -> Self {
        let families: Vec<String> = FAMILIES.iter().map(|family| family.pattern()).collect();
        let families = families.join(", ");
        Self::Measure(format!("unknown measure `{}`: must be one of {families}", short(name)))
    }

    pub(crate) fn needs_cut_off(name: &str) -> Self {
        Self::Measure(format!("measure `{name}` needs a cut-off, such as `{name}@10`"))
    }

    pub(crate) fn takes_no_cut_off(written: &str, name: &str) -> Self {
        let written = short(written);
        Self::Measure(format!("measure `{written}` takes no cut-off; write `{name}`"))
    }

    pub(crate) fn takes_no_turn(text: &str, measure: &str) -> Self {
        Self::Measure(format!("measure `{text}` takes no turn; write `{measure}`"))
    }

    pub(crate) fn no_turn(text: &str, turn: &str) -> Self {
        Self::Measure(format!(
            "measure `{text}`: `{turn}` is no turn; a turn is a whole number from 1"
        ))
    }

    pub(crate) fn no_cut_off(written: &str, k: &str) -> Self {
        let (written, k) = (short(written), short(k));
        Self::Measure(format!(
            "measure `{written}` has the cut-off `{k}`, which must be a whole number from 1"
        ))
    }
}

/// A name as a sentence quotes it; a long one is cut.
fn short(name: &str) -> String {
    name.chars().take(40).collect()
}
