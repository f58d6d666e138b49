//! Splits, groups and queries.

use crate::{Gallery, ItemId, Targets};

/// One part of a data set: `train`, `val` or `test`, with a group a category.
#[derive(Debug, Clone)]
pub struct Split {
    /// `train`, `val` or `test`.
    pub name: String,
    /// The groups, in the order of their names.
    pub groups: Vec<Group>,
}

/// A named part of a split that is scored on its own; Fashion IQ's groups are its categories.
#[derive(Debug, Clone)]
pub struct Group {
    /// `dress`, `shirt`, `toptee`.
    pub name: String,
    /// The items that may be ranked.
    pub gallery: Gallery,
    /// The queries in their published order.
    pub queries: Vec<Query>,
    /// What the queries ask for, where it is known.
    pub targets: Option<Targets>,
}

/// One reference item and its captions, which say how the wanted item differs from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Stable: `{group}.{split}.{position}` for the official files.
    pub id: String,
    /// The query's own item.
    pub reference: ItemId,
    /// Two in Fashion IQ; a few are empty.
    pub captions: Vec<String>,
}

/// The galleries of other splits, by split and group: they turn "not in the gallery" into "this is
/// an item of val's". Galleries are public, so nothing hidden can be told by them.
#[derive(Debug, Clone, Default)]
pub struct Elsewhere(pub(crate) Vec<(String, String, Gallery)>);

impl Elsewhere {
    /// Takes galleries with their split and group.
    pub fn new(galleries: impl IntoIterator<Item = (String, String, Gallery)>) -> Self {
        Self(galleries.into_iter().collect())
    }

    /// The split and group whose gallery holds this item: of the same group if there is one.
    pub fn find(&self, group: &str, id: &[u8]) -> Option<(&str, &str)> {
        let holds = |(_, _, gallery): &&(String, String, Gallery)| gallery.index_of(id).is_some();
        let own = self.0.iter().filter(|(_, g, _)| g == group).find(holds);
        own.or_else(|| self.0.iter().find(holds)).map(|(s, g, _)| (s.as_str(), g.as_str()))
    }
}
