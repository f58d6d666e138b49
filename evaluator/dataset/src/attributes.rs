//! The attributes of items: six lists of words each.

use std::collections::BTreeMap;

/// The kinds of an item's six lists, in the files' order.
pub const KINDS: [&str; 6] = ["type", "texture", "fabric", "shape", "part", "style"];

/// The words of the items of one group and split, by item id; not every item has some.
#[derive(Debug, Clone, Default)]
pub struct Attributes(pub(crate) BTreeMap<String, [Vec<String>; 6]>);

impl Attributes {
    /// Takes the six lists of each item.
    pub fn new(items: BTreeMap<String, [Vec<String>; 6]>) -> Self {
        Self(items)
    }

    /// The six lists of one item, in the order of [`KINDS`].
    pub fn of(&self, item: &str) -> Option<&[Vec<String>; 6]> {
        self.0.get(item)
    }

    /// All words of one item, with the index of their kind; none if it has no attributes.
    pub fn words(&self, item: &str) -> impl Iterator<Item = (usize, &str)> {
        self.of(item)
            .into_iter()
            .flat_map(|lists| lists.iter().enumerate())
            .flat_map(|(kind, words)| words.iter().map(move |word| (kind, word.as_str())))
    }

    /// How many items have attributes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no item has any.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
