//! A dialog with the agent, turn by turn.

use askama::Template;

use super::{Layout, Link, ShownItem};

/// A dialog of a visitor or of the simulated user with an agent, `/c/{challenge}/{phase}/talk`.
#[derive(Debug, Clone, Template)]
#[template(path = "talk.html")]
pub struct TalkPage {
    /// Navigation and footer.
    pub layout: Layout,
    /// The challenge's title.
    pub challenge: String,
    /// The phase.
    pub phase: Link,
    /// The address of this page without its query.
    pub href: String,
    /// The groups to choose from.
    pub groups: Vec<(String, bool)>,
    /// What the items are called, in the plural: `garments`.
    pub items: &'static str,
    /// Who shows the items.
    pub by: TalkShower,
    /// The turns so far.
    pub turns: Vec<TalkTurn>,
    /// What is shown now; none once the simulated user has played to the end.
    pub shown: Option<ShownItem>,
    /// The next candidates.
    pub others: Vec<ShownItem>,
    /// The parameters of the dialog so far, for the next caption.
    pub kept: Vec<(String, String)>,
    /// The parameter of the next caption; none once the dialog is as long as it can be.
    pub next: Option<String>,
    /// The dialog without its last caption.
    pub back: Option<String>,
    /// The dialog from its first item.
    pub over: Option<String>,
    /// A dialog with another first item.
    pub another: String,
    /// The simulated user plays, with another target.
    pub play: String,
    /// What the simulated user looked for.
    pub target: Option<ShownItem>,
    /// Why nothing can be shown, if so.
    pub refused: Option<String>,
    /// What is said about pictures: their licence.
    pub pictures: Option<String>,
}

/// Who shows the items of a dialog.
#[derive(Debug, Clone)]
pub enum TalkShower {
    /// The agent that knows the words of items.
    Words,
    /// The same, because the trained manager can't be asked.
    WordsMeanwhile,
    /// The trained manager of this version.
    Manager(String),
}

/// A turn.
#[derive(Debug, Clone)]
pub struct TalkTurn {
    /// What was shown.
    pub item: ShownItem,
    /// What was said to it.
    pub caption: String,
    /// The rank of the target after that, if there is one.
    pub rank: Option<u64>,
}

impl TalkTurn {
    /// `target at rank 1,204`
    fn place(&self) -> Option<String> {
        Some(format!("target at rank {}", crate::numbers::format_count(self.rank?)))
    }
}
