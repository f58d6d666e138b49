//! The queries of a data set, to browse and to search.

use askama::Template;

use super::{Layout, Link};
use crate::numbers::{counted, format_count};

/// The queries of a phase's public data, `/c/{challenge}/{phase}/explore`.
#[derive(Debug, Clone, Template)]
#[template(path = "explore.html")]
pub struct ExplorePage {
    /// Navigation and footer.
    pub layout: Layout,
    /// The challenge's title.
    pub challenge: String,
    /// The page of the data set.
    pub data: String,
    /// The title of the phase.
    pub phase: String,
    /// The queries of each phase, with the current one marked.
    pub phases: Vec<Link>,
    /// The address of this page without its query.
    pub href: String,
    /// What the task calls a group, as a label: `Category`.
    pub group_noun: String,
    /// The splits to choose from.
    pub splits: Vec<(String, bool)>,
    /// The groups to choose from.
    pub groups: Vec<(String, bool)>,
    /// The orders to choose from: name in the address, label, whether it is chosen.
    pub orders: Vec<(&'static str, &'static str, bool)>,
    /// The words that were searched for.
    pub words: String,
    /// Why nothing can be shown, if so.
    pub refused: Option<String>,
    /// How many queries were found.
    pub total: u64,
    /// The number of the first query here, from 1.
    pub first: u64,
    /// Those here.
    pub queries: Vec<ListedQuery>,
    /// Whether targets are shown.
    pub open: bool,
    /// What is said about pictures: their licence.
    pub pictures: Option<String>,
    /// The page before this one.
    pub previous: Option<Link>,
    /// The page after this one.
    pub next: Option<Link>,
}

/// A query in a list.
#[derive(Debug, Clone)]
pub struct ListedQuery {
    /// Its id.
    pub id: String,
    /// Its page.
    pub href: String,
    /// Its group.
    pub group: String,
    /// The reference.
    pub reference: ShownItem,
    /// The captions.
    pub captions: Vec<String>,
    /// The targets; empty unless they are public.
    pub targets: Vec<ShownItem>,
}

/// An item on a page.
#[derive(Debug, Clone)]
pub struct ShownItem {
    /// Its id.
    pub id: String,
    /// The address of its picture, on this host.
    pub picture: Option<String>,
    /// Some of its attributes.
    pub words: Vec<String>,
}

impl ShownItem {
    /// What is said of its picture to someone who doesn't see it.
    pub(super) fn alt(&self) -> String {
        if self.words.is_empty() { self.id.clone() } else { self.words.join(", ") }
    }
}

impl ExplorePage {
    fn found(&self) -> String {
        counted(self.total, "query", "queries")
    }

    /// `25 to 48 of 2,017`, if not all are here.
    fn range(&self) -> Option<String> {
        let here = self.queries.len() as u64;
        (here > 0 && here < self.total).then(|| {
            let [first, last, all] = [self.first, self.first + here - 1, self.total];
            format!("{} to {} of {}", format_count(first), format_count(last), format_count(all))
        })
    }
}
