//! The rows of one page of a board, as they are rendered.

use std::collections::BTreeMap;

use super::interval::Whisker;
use super::row::Row;
use crate::numbers::{bar, format_count};

/// The number of rows on a page of the board.
pub(super) const ROWS: usize = 100;

/// The rows of one page.
pub(super) struct ShownRows<'a> {
    pub(super) rows: Vec<ShownRow<'a>>,
    /// The row of the visitor's team, if it is on another page.
    pub(super) own: Option<ShownRow<'a>>,
    /// The number of the first row here, from 1.
    pub(super) first: usize,
    pub(super) page: usize,
    pub(super) pages: usize,
    /// The number of rows on all pages.
    pub(super) total: usize,
    /// The end of the scale of the bars, in percent.
    pub(super) scale: String,
}

/// A row as it is rendered.
pub(super) struct ShownRow<'a> {
    pub(super) row: &'a Row,
    pub(super) rank: Option<String>,
    pub(super) bar: String,
    pub(super) whisker: Option<Whisker>,
}

impl<'a> ShownRow<'a> {
    /// A row, given how many teams have each rank: `3`, or `3=` if another team has the same rank.
    pub(super) fn of(row: &'a Row, teams: &BTreeMap<u64, usize>, scale: f64) -> Self {
        let rank = row.rank().map(|rank| {
            let is_shared = teams.get(&rank).is_some_and(|teams| *teams > 1);
            format!("{rank}{}", if is_shared { "=" } else { "" })
        });
        let whisker = row.interval.map(|interval| interval.whisker(scale));
        Self { row, rank, bar: bar(row.overall, scale), whisker }
    }
}

impl ShownRows<'_> {
    /// `Rows 101 to 200 of 2,000`, if there is more than one page.
    pub(super) fn range(&self) -> Option<String> {
        (self.pages > 1).then(|| {
            let last = self.first + self.rows.len() - 1;
            let [first, last, total] =
                [self.first, last, self.total].map(|number| format_count(number as u64));
            format!("Rows {first} to {last} of {total}")
        })
    }
}
