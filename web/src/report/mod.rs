//! The report of a challenge, for the paper of its workshop: one page, and the same as Markdown with
//! figures.

mod citation;
mod figures;
mod markdown;
mod stability;
mod standing;
mod values;

use askama::Template;
use time::OffsetDateTime;

pub use citation::Citation;
pub(crate) use markdown::MarkdownText;
pub use markdown::{MarkdownReport, ReportFigure};
pub use stability::{RankStability, SignificanceMap};
pub use standing::ReportRow;
pub use values::{Subset, ValueRow, ValueTable};

use crate::numbers::{format_count, format_percent};
use crate::pages::{Layout, Link, MeasureName};

/// The most teams in a table or figure.
pub(crate) const MOST_TEAMS: usize = 30;

/// The report of one phase of a challenge.
#[derive(Debug, Clone, Template)]
#[template(path = "report.html")]
pub struct ReportPage {
    /// Navigation and footer.
    pub layout: Layout,
    /// The challenge's title.
    pub challenge: String,
    /// The board of the phase.
    pub phase: Link,
    /// What the task is, in a sentence or two.
    pub summary: String,
    /// How the challenge was designed, by the checklist of BIAS (Maier-Hein et al. 2020).
    pub design: Vec<DesignItem>,
    /// The measure that ranks.
    pub primary: MeasureName,
    /// The queries of the phase.
    pub queries: u64,
    /// What scores are means over, one and several: `query`, `queries`.
    pub noun: [&'static str; 2],
    /// The final standings, in their order: ranked teams, and what is shown without a rank.
    pub standings: Vec<ReportRow>,
    /// How stable the ranks are; absent if it wasn't computed.
    pub stability: Option<RankStability>,
    /// Which teams can be told apart; absent if it wasn't computed.
    pub significance: Option<SignificanceMap>,
    /// Values by group and named subset, one table per measure.
    pub values: Vec<ValueTable>,
    /// Scored submissions so far at the end of each day that had one, in order.
    pub scored: Vec<(OffsetDateTime, u64)>,
    /// The best score so far, at each instant at which it rose, in order; as fractions.
    pub best: Vec<(OffsetDateTime, f64)>,
    /// The board that the report is about.
    pub record: BoardRecord,
    /// How to cite the challenge.
    pub citation: Citation,
    /// The same report in other formats.
    pub exports: Vec<Link>,
}

/// An item of the checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesignItem {
    /// What it is about, such as `Ranking`.
    pub heading: String,
    /// Its text; an empty line begins a paragraph.
    pub text: String,
}

/// What identifies a final board.
#[derive(Debug, Clone)]
pub struct BoardRecord {
    /// Its SHA-256, in hex.
    pub sha256: String,
    /// Its permanent address, in full.
    pub address: String,
    /// The instant of which it is.
    pub at: OffsetDateTime,
}

impl DesignItem {
    /// Its paragraphs.
    fn paragraphs(&self) -> Vec<String> {
        let text = self.text.replace("\r\n", "\n");
        let paragraphs = text.split("\n\n").map(str::trim);
        paragraphs.filter(|it| !it.is_empty()).map(str::to_owned).collect()
    }
}

impl ReportPage {
    /// The standings that are shown.
    fn shown(&self) -> &[ReportRow] {
        &self.standings[..self.standings.len().min(MOST_TEAMS)]
    }

    /// What is left out of the standings, as a sentence.
    fn left_out(&self) -> Option<String> {
        left_out(self.standings.len(), "rows of the standings")
    }

    /// How many teams are ranked.
    fn teams(&self) -> usize {
        self.standings.iter().filter(|row| row.rank().is_some()).count()
    }

    /// What the report is about, in a sentence.
    fn scope(&self) -> String {
        let teams = match self.teams() {
            0 => "No team was".to_owned(),
            1 => "One team was".to_owned(),
            teams => format!("{} teams were", format_count(teams as u64)),
        };
        let scored = self.scored.last().map_or(0, |(_, scored)| *scored);
        let submissions = if scored == 1 { "submission was" } else { "submissions were" };
        format!(
            "{teams} ranked by {} on {} {}; {} {submissions} scored.",
            self.primary.title,
            format_count(self.queries),
            self.noun[1],
            format_count(scored),
        )
    }

    fn has_rank_intervals(&self) -> bool {
        self.shown().iter().any(|row| row.rank_interval.is_some())
    }

    /// What the numbers of the standings are.
    fn standings_explained(&self) -> String {
        let mut text =
            format!("Score: {}, in percent, with its 95 % interval.", self.primary.title);
        if self.has_rank_intervals() {
            text.push_str(
                " Ranks: the ranks that the team could have, at 95 %, on other queries of the \
                 same kind.",
            );
        }
        text.push_str(" Equal scores share a rank. Baselines, probes and guests have none.");
        text
    }

    /// The best score, in percent.
    fn best_percent(&self) -> Option<String> {
        self.best.last().map(|(_, score)| format_percent(*score, 2))
    }
}

/// What of a list of teams is left out, as a sentence.
fn left_out(all: usize, what: &str) -> Option<String> {
    (all > MOST_TEAMS).then(|| {
        format!("The first {MOST_TEAMS} of {} {what} are shown.", format_count(all as u64))
    })
}
