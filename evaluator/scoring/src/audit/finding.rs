//! What a check found.

use serde::Serialize;

/// A check: what it is called, and what to do about what it finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Its name for programs.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What to do if it found something.
    pub advice: &'static str,
}

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Targets can be guessed better than by chance without looking at the query.
    Leak,
    /// No leak, but it makes scores harder to interpret.
    WorthKnowing,
    /// As in a benchmark that gives nothing away.
    NothingFound,
}

/// The recall of someone who looks at nothing but what a check looks at, as fractions. Equally good items
/// are in random order.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RecallAlone {
    /// Among the first 10 items.
    #[serde(rename = "recall@10")]
    pub at_10: f64,
    /// Among the first 50 items.
    #[serde(rename = "recall@50")]
    pub at_50: f64,
}

/// What one check found in one group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// By which check.
    #[serde(serialize_with = "name_alone")]
    pub check: Check,
    /// In which group.
    pub group: String,
    /// What was found, in a sentence.
    pub what: String,
    /// What it is worth alone, if it can be used to rank.
    pub recall_alone: Option<RecallAlone>,
    /// How likely something as strong is by chance, if that was tested.
    pub p_value: Option<f64>,
    /// How serious it is.
    pub verdict: Verdict,
    /// What to do, if something was found.
    pub what_to_do: Option<&'static str>,
}

fn name_alone<S: serde::Serializer>(check: &Check, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(check.name)
}

impl Verdict {
    /// A leak if something as strong is rarer than [`FALSE_ALARM`](super::FALSE_ALARM).
    pub(super) fn of_p(p: f64) -> Self {
        if p <= super::FALSE_ALARM { Self::Leak } else { Self::NothingFound }
    }

    /// Worth knowing if there are any.
    pub(super) fn of_count(count: usize) -> Self {
        if count > 0 { Self::WorthKnowing } else { Self::NothingFound }
    }
}

impl Finding {
    pub(super) fn new(check: Check, group: &str, verdict: Verdict, what: String) -> Self {
        let what_to_do = (verdict != Verdict::NothingFound).then_some(check.advice);
        let group = group.to_owned();
        Self { check, group, what, recall_alone: None, p_value: None, verdict, what_to_do }
    }

    /// A finding that is a leak if its p-value is small.
    pub(super) fn tested(check: Check, group: &str, p: f64, what: String) -> Self {
        Self { p_value: Some(p), ..Self::new(check, group, Verdict::of_p(p), what) }
    }

    pub(super) fn worth(self, recall: RecallAlone) -> Self {
        Self { recall_alone: Some(recall), ..self }
    }

    /// Whether something was found.
    pub fn is_something(&self) -> bool {
        self.verdict != Verdict::NothingFound
    }
}
