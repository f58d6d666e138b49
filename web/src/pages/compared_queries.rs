//! Single queries of two submissions, where the targets are public.

use super::{Link, Value};
use crate::numbers::{bar, counted, format_count};

/// The queries whose target two submissions rank differently.
#[derive(Debug, Clone)]
pub struct QueriesApart {
    /// Queries whose target `A` ranks higher.
    pub won: QueryPage,
    /// Queries whose target `B` ranks higher.
    pub lost: QueryPage,
    /// Queries whose target both rank the same, or neither has.
    pub equal: u64,
}

/// One page of a list of queries.
#[derive(Debug, Clone)]
pub struct QueryPage {
    /// All queries of the list.
    pub total: u64,
    /// The number of the first one here, from 1.
    pub first: u64,
    /// Those here, the largest difference first.
    pub queries: Vec<QueryApart>,
    /// The page before this one.
    pub previous: Option<Link>,
    /// The page after this one.
    pub next: Option<Link>,
}

/// A query whose target two submissions rank differently.
#[derive(Debug, Clone)]
pub struct QueryApart {
    /// The page with what both answer.
    pub href: String,
    /// Its group.
    pub group: String,
    /// The reference.
    pub reference: QueryItem,
    /// The captions.
    pub captions: Vec<String>,
    /// The target.
    pub target: QueryItem,
    /// The target's rank in `A`: [`Value::Rank`] or [`Value::Beyond`].
    pub a: Value,
    /// The target's rank in `B`.
    pub b: Value,
}

/// An item of a query.
#[derive(Debug, Clone)]
pub struct QueryItem {
    /// Its id.
    pub id: String,
    /// The address of its picture, on this host.
    pub picture: Option<String>,
}

impl QueriesApart {
    /// The lengths of a bar of a hundred units: won, won and equal.
    pub(super) fn shares(&self) -> (String, String) {
        let [won, equal, lost] =
            [self.won.total, self.equal, self.lost.total].map(|count| count as f64);
        let all = (won + equal + lost).max(1.0);
        (bar(won, all), bar(won + equal, all))
    }

    pub(super) fn equal_text(&self) -> String {
        format_count(self.equal)
    }
}

impl QueryPage {
    pub(super) fn total_text(&self) -> String {
        format_count(self.total)
    }

    pub(super) fn counted(&self) -> String {
        counted(self.total, "query", "queries")
    }

    /// `1 to 10 of 412`, if not all are here.
    pub(super) fn range(&self) -> Option<String> {
        let here = self.queries.len() as u64;
        (here < self.total && here > 0).then(|| {
            let [first, last] = [self.first, self.first + here - 1].map(format_count);
            format!("{first} to {last} of {}", format_count(self.total))
        })
    }
}
