//! The list of challenges.

use askama::Template;
use time::OffsetDateTime;

use super::{Layout, Phase};
use crate::numbers::counted;

/// The list of challenges, `/`.
#[derive(Debug, Clone, Template)]
#[template(path = "challenges.html")]
pub struct ChallengesPage {
    /// Navigation and footer.
    pub layout: Layout,
    /// The challenges that are not archived, in order.
    pub challenges: Vec<Entry>,
    /// The archived ones, in order.
    pub archived: Vec<Entry>,
    /// The instant the page is rendered.
    pub now: OffsetDateTime,
}

/// One challenge of the list.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its title.
    pub title: String,
    /// Its page.
    pub href: String,
    /// What the task is, in a sentence or two.
    pub summary: String,
    /// Its phases, in order.
    pub phases: Vec<Phase>,
    /// Teams with at least one scored submission, over all phases.
    pub teams: u64,
    /// Scored submissions, over all phases.
    pub scored: u64,
}

impl Entry {
    /// The counts in a sentence.
    fn tally(&self) -> String {
        let teams = counted(self.teams, "team", "teams");
        let runs = counted(self.scored, "submission", "submissions");
        format!("{teams}, {runs} scored.")
    }
}
