//! One query, and what submissions answered.

use askama::Template;

use super::{CompareChoice, Layout, Link, ListedQuery, ShownItem};

/// One query, `/c/{challenge}/{phase}/queries/{query}`.
#[derive(Debug, Clone, Template)]
#[template(path = "query.html")]
pub struct QueryViewPage {
    /// Navigation and footer.
    pub layout: Layout,
    /// The challenge's title.
    pub challenge: String,
    /// The title of the phase.
    pub phase: String,
    /// The list that it is part of.
    pub list: Link,
    /// The query.
    pub query: ListedQuery,
    /// What is said about pictures: their licence.
    pub pictures: Option<String>,
    /// The address of this page without its query.
    pub href: String,
    /// The order of the list, to keep it.
    pub order: &'static str,
    /// The submissions to choose from; empty if none can be viewed.
    pub choices: Vec<CompareChoice>,
    /// The chosen ones, by id; empty if none.
    pub a: String,
    /// The second one.
    pub b: String,
    /// Why they can't be shown, if so.
    pub refused: Option<String>,
    /// What they answered.
    pub strips: Vec<Strip>,
    /// The queries before and after this one in the list.
    pub previous: Option<Link>,
    /// The next one.
    pub next: Option<Link>,
    /// Where else to go: the hardest query, and the one on which submissions disagree most.
    pub jumps: Vec<Link>,
}

/// The first items of one submission's ranking.
#[derive(Debug, Clone)]
pub struct Strip {
    /// `A` or `B`.
    pub letter: &'static str,
    /// The team.
    pub team: String,
    /// The method, if it was named.
    pub method: Option<String>,
    /// The submission's page.
    pub href: String,
    /// The rank of the best target; none if no target is in the ranking.
    pub rank: Option<u32>,
    /// How long the ranking is at least.
    pub length: u64,
    /// The items, best first.
    pub items: Vec<RankedItem>,
}

/// An item of a ranking.
#[derive(Debug, Clone)]
pub struct RankedItem {
    /// The item.
    pub item: ShownItem,
    /// Whether it is a target.
    pub is_target: bool,
}

impl QueryViewPage {
    /// The two menus: name, letter, the chosen submission.
    fn selects(&self) -> [(&'static str, &'static str, &str); 2] {
        [("a", "A", self.a.as_str()), ("b", "B", self.b.as_str())]
    }

    /// The options of a menu: id, label, whether it is chosen.
    fn options(&self, chosen: &str) -> Vec<(&str, &str, bool)> {
        let is_chosen = |it: &CompareChoice| it.id == chosen;
        let all = self.choices.iter().map(|it| (it.id.as_str(), it.label.as_str(), is_chosen(it)));
        all.collect()
    }
}

impl Strip {
    /// Where the target is, in a sentence.
    fn found(&self) -> String {
        match self.rank {
            Some(rank) => format!("The target is at rank {rank}."),
            None => format!("The target is not among the first {}.", self.length),
        }
    }
}
