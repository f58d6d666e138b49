//! Charts of the pages of a data set, each with the table of its numbers.

use crate::charts::{Bars, Chart, Histogram, Scatter, bars, histogram, scatter};
use crate::charts::{Svg, histogram_columns};
use crate::numbers::{format_count, format_percent};

/// A chart, with what it shows in words and its numbers as a table.
#[derive(Debug, Clone)]
pub struct Figure {
    /// Its title.
    pub title: String,
    /// What it shows, in a sentence.
    pub shows: String,
    /// The chart.
    pub plot: Plot,
}

/// The kind of a chart, with its numbers.
#[derive(Debug, Clone)]
pub enum Plot {
    /// Counts as bars, by name.
    Counts(Vec<(String, u64)>),
    /// Shares as bars, by name; as fractions.
    Shares(Vec<(String, f64)>),
    /// How often each of the numbers 0, 1, 2, … occurs.
    Histogram {
        /// What the numbers are: `words`.
        of: String,
        /// What is counted: `captions`.
        counted: String,
        /// How often each occurs.
        counts: Vec<u64>,
    },
    /// Two shares of each of some things.
    Scatter {
        /// What the things are: `word`.
        of: String,
        /// What the axes are.
        axes: [String; 2],
        /// Each with its name and its two shares, as fractions.
        dots: Vec<(String, [f64; 2])>,
    },
}

/// A table of numbers: the first column names its row.
#[derive(Debug, Clone)]
pub struct DataTable {
    /// What it is, for screen readers.
    pub caption: String,
    /// The heads of its columns.
    pub heads: Vec<String>,
    /// Its rows; each as long as the heads.
    pub rows: Vec<Vec<String>>,
}

impl Figure {
    /// The chart as part of a page; the number distinguishes it from others on it.
    pub(super) fn svg(&self, number: usize) -> String {
        let id = format!("figure-{number}");
        let chart = Chart { id: &id, title: &self.title, description: &self.shows };
        self.drawn(chart).inline()
    }

    fn drawn(&self, chart: Chart<'_>) -> Svg {
        match &self.plot {
            Plot::Counts(rows) => {
                let row = |(name, n): &(String, u64)| (name.clone(), *n as f64, format_count(*n));
                let rows: Vec<_> = rows.iter().map(row).collect();
                bars(&Bars { chart, rows: &rows })
            }
            Plot::Shares(rows) => {
                let row = |(name, share): &(String, f64)| (name.clone(), *share, percent(*share));
                let rows: Vec<_> = rows.iter().map(row).collect();
                bars(&Bars { chart, rows: &rows })
            }
            Plot::Histogram { of, counts, .. } => histogram(&Histogram { chart, of, counts }),
            Plot::Scatter { axes: [across, up], dots, .. } => {
                scatter(&Scatter { chart, axes: [across, up], dots })
            }
        }
    }

    /// Its numbers.
    pub(super) fn table(&self) -> DataTable {
        let (heads, rows): (Vec<String>, Vec<Vec<String>>) = match &self.plot {
            Plot::Counts(rows) => (
                vec![String::new(), "Count".to_owned()],
                rows.iter().map(|(name, n)| vec![name.clone(), format_count(*n)]).collect(),
            ),
            Plot::Shares(rows) => (
                vec![String::new(), "Share".to_owned()],
                rows.iter().map(|(name, share)| vec![name.clone(), percent(*share)]).collect(),
            ),
            Plot::Histogram { of, counted, counts } => (
                vec![of.clone(), counted.clone()],
                histogram_columns(counts)
                    .into_iter()
                    .map(|(name, n)| vec![name, format_count(n)])
                    .collect(),
            ),
            Plot::Scatter { of, axes: [across, up], dots } => (
                vec![of.clone(), across.clone(), up.clone()],
                dots.iter()
                    .map(|(name, [x, y])| vec![name.clone(), percent(*x), percent(*y)])
                    .collect(),
            ),
        };
        DataTable { caption: self.title.clone(), heads, rows }
    }
}

fn percent(share: f64) -> String {
    format!("{}\u{a0}%", format_percent(share, 1))
}
