//! The data set of a challenge: what it is, where it comes from, and what is known against it.

use askama::Template;
use time::OffsetDateTime;

use super::{Layout, ListedQuery, Sanitised};
use crate::numbers::counted;

/// The data set of a challenge, `/c/{challenge}/data`.
#[derive(Debug, Clone, Template)]
#[template(path = "data_set.html")]
pub struct DataSetPage {
    /// Navigation and footer.
    pub layout: Layout,
    /// The challenge's title.
    pub challenge: String,
    /// What the task asks for.
    pub summary: String,
    /// What a query is.
    pub queries: Sanitised,
    /// A query of the challenge's own data; none before a phase has opened.
    pub example: Option<Example>,
    /// The data of each phase that has opened.
    pub phases: Vec<DataSetPhase>,
    /// What is known about the task's official data, with its sections; none if nothing is.
    pub about: Option<Sanitised>,
    /// The command that downloads the official data, if there is one.
    pub download_line: Option<&'static str>,
    /// Where the challenge is described: board, taking part, rules, scoring.
    pub links: Vec<super::Link>,
    /// The instant the page is rendered.
    pub now: OffsetDateTime,
}

/// A worked example.
#[derive(Debug, Clone)]
pub struct Example {
    /// The query.
    pub query: ListedQuery,
    /// The title of its phase.
    pub phase: String,
    /// What is said about pictures: their licence.
    pub pictures: Option<String>,
}

/// The data of a phase.
#[derive(Debug, Clone)]
pub struct DataSetPhase {
    /// The phase.
    pub phase: super::Phase,
    /// The split that is scored.
    pub split: String,
    /// How many queries it has.
    pub queries: u64,
    /// How many items its galleries have.
    pub items: u64,
    /// Whether its targets are public.
    pub open: bool,
    /// The licence, if the organisers have named one.
    pub licence: Option<String>,
    /// The pages of its data; none before it opens.
    pub pages: Option<[String; 3]>,
}

impl DataSetPhase {
    fn counted(&self) -> String {
        let queries = counted(self.queries, "query", "queries");
        format!("{queries}, {}", counted(self.items, "item", "items"))
    }
}
