//! The statistics of a phase's data.

use askama::Template;

use super::{DataTable, Figure, Layout, Link, Sanitised};

/// The statistics of the public data of a phase, `/c/{challenge}/{phase}/statistics`.
#[derive(Debug, Clone, Template)]
#[template(path = "statistics.html")]
pub struct StatisticsPage {
    /// Navigation and footer.
    pub layout: Layout,
    /// The challenge's title.
    pub challenge: String,
    /// The page of the data set.
    pub data: String,
    /// The statistics of each phase, with the current one marked.
    pub phases: Vec<Link>,
    /// The title of the phase.
    pub phase: String,
    /// Which data it is, in a sentence.
    pub lede: String,
    /// Where the same data can be browsed.
    pub explore: String,
    /// The statistics; none while they are computed.
    pub sections: Option<Vec<StatisticsSection>>,
}

/// Some statistics that belong together.
#[derive(Debug, Clone)]
pub struct StatisticsSection {
    /// The id of its heading.
    pub id: &'static str,
    /// Its heading.
    pub title: String,
    /// What the numbers say, and how they are counted.
    pub text: Sanitised,
    /// Its tables.
    pub tables: Vec<DataTable>,
    /// Its charts.
    pub figures: Vec<Figure>,
}

impl StatisticsPage {
    /// The sections, each with the number of its first chart on the page.
    fn numbered(&self) -> Vec<(usize, &StatisticsSection)> {
        let mut first = 1;
        let sections = self.sections.iter().flatten();
        let numbered = sections.map(|section| {
            let own = first;
            first += section.figures.len();
            (own, section)
        });
        numbered.collect()
    }
}

impl StatisticsSection {
    /// The charts, with their numbers.
    fn figures(&self, first: usize) -> Vec<(usize, &Figure)> {
        (first..).zip(&self.figures).collect()
    }
}
