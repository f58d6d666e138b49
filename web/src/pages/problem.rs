//! The problems of a file, by kind.

use crate::numbers::{counted, format_count};

/// One kind of problem or warning, and where it occurs.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The kind's code, as the API gives it, such as `item-outside-gallery`.
    pub code: String,
    /// What is wrong, in a sentence for people.
    pub sentence: String,
    /// Whether it causes the others, and so is the heading of the page.
    pub is_cause: bool,
    /// The exact number of occurrences.
    pub count: u64,
    /// The first places where it occurs; fewer than `count` if the list is cut.
    pub places: Vec<Place>,
}

/// Where a problem occurs.
#[derive(Debug, Clone)]
pub struct Place {
    /// File, row or query, such as `dress, query 17`.
    pub at: String,
    /// What was found there.
    pub what: String,
}

/// How many places are listed before the rest is collapsed.
const OPEN_PLACES: usize = 6;

impl Problem {
    /// The places that are listed, and those that are collapsed.
    ///
    /// One or two more are not worth collapsing.
    pub(super) fn places(&self) -> (&[Place], &[Place]) {
        let open =
            if self.places.len() <= OPEN_PLACES + 2 { self.places.len() } else { OPEN_PLACES };
        self.places.split_at(open)
    }

    /// How often it occurs.
    pub(super) fn times(&self) -> String {
        counted(self.count, "time", "times")
    }

    /// How many places are not listed; absent if all are.
    pub(super) fn more(&self) -> Option<String> {
        let more = self.count.saturating_sub(self.places.len() as u64);
        (more > 0).then(|| format!("and {} more", format_count(more)))
    }
}
