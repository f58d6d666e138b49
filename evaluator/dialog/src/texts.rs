//! What is known about the items of a gallery in words.

use dataset::{Attributes, Gallery, ItemCaptions};

/// The attributes and captions of a gallery's items, by their places. An item may have neither.
#[derive(Debug, Clone, Default)]
pub struct ItemTexts {
    items: Vec<ItemText>,
}

/// What is known about one item.
#[derive(Debug, Clone, Default)]
pub(crate) struct ItemText {
    /// The words of its attributes, each with its kind, the index in [`dataset::KINDS`].
    pub(crate) labels: Vec<(usize, String)>,
    /// Its caption, if it has one.
    pub(crate) sentence: Option<String>,
}

impl ItemTexts {
    /// Those of a gallery.
    pub fn new(gallery: &Gallery, attributes: &Attributes, captions: &ItemCaptions) -> Self {
        let of = |item: &str| ItemText {
            labels: attributes.words(item).map(|(kind, label)| (kind, label.to_owned())).collect(),
            sentence: captions.of(item).map(str::to_owned),
        };
        Self { items: gallery.iter().map(of).collect() }
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &ItemText> {
        self.items.iter()
    }
}
