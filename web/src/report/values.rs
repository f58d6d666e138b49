//! Values by group and named subset.

use super::{MOST_TEAMS, left_out};
use crate::numbers::counted;
use crate::pages::{MeasureName, Value};

/// The values of one measure, by team and by group or subset.
#[derive(Debug, Clone)]
pub struct ValueTable {
    /// The measure.
    pub measure: MeasureName,
    /// The groups and subsets.
    pub subsets: Vec<Subset>,
    /// The teams, in the order of the standings.
    pub rows: Vec<ValueRow>,
}

/// A part of the queries.
#[derive(Debug, Clone)]
pub struct Subset {
    /// Its name, such as `dress` or `long captions`.
    pub name: String,
    /// Its queries.
    pub queries: u64,
}

/// The values of one team.
#[derive(Debug, Clone)]
pub struct ValueRow {
    /// The name shown.
    pub team: String,
    /// One for each of [`ValueTable::subsets`].
    pub values: Vec<Value>,
}

impl ValueTable {
    pub(super) fn shown(&self) -> &[ValueRow] {
        &self.rows[..self.rows.len().min(MOST_TEAMS)]
    }

    pub(super) fn left_out(&self) -> Option<String> {
        left_out(self.rows.len(), "teams")
    }
}

impl Subset {
    pub(super) fn queries_text(&self) -> String {
        counted(self.queries, "query", "queries")
    }
}

impl ValueRow {
    /// The text for each subset.
    pub(super) fn cells<'a>(&self, subsets: &'a [Subset]) -> Vec<(&'a Subset, String)> {
        let value = |i: usize| self.values.get(i).copied().unwrap_or(Value::Missing).text();
        subsets.iter().enumerate().map(|(i, subset)| (subset, value(i))).collect()
    }
}
