//! The words that items of split train have.

use std::collections::BTreeMap;

use dataset::{Attributes, Group, ItemCaptions};
use serde::{Deserialize, Serialize};

use dialog::text::words_of_item;

/// Words of fewer items than this have no weights of their own.
const WORD_OFTEN: usize = 3;

/// What is known about the items of one group and split.
#[derive(Debug, Clone, Default)]
pub struct Described {
    /// Their attributes.
    pub attributes: Attributes,
    /// Their captions.
    pub captions: ItemCaptions,
}

/// The words that are frequent among train's items; those have weights of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lexicon {
    /// The groups, in the order of their names.
    pub(crate) groups: Vec<String>,
    /// The words, in order.
    pub(crate) words: Vec<String>,
}

impl Lexicon {
    /// Reads the items of split train.
    pub(crate) fn of(groups: &[(&Group, &Described)]) -> Self {
        let mut words: BTreeMap<String, usize> = BTreeMap::new();
        for (group, items) in groups {
            for item in group.gallery.iter() {
                for word in words_of_item(&items.attributes, &items.captions, item) {
                    *words.entry(word).or_default() += 1;
                }
            }
        }
        words.retain(|_, count| *count >= WORD_OFTEN);
        Self {
            groups: groups.iter().map(|(group, _)| group.name.clone()).collect(),
            words: words.into_keys().collect(),
        }
    }

    /// How many words there are.
    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    /// The number of a word.
    pub(crate) fn number(&self, word: &str) -> Option<u32> {
        self.words.binary_search_by(|own| own.as_str().cmp(word)).ok().map(|n| n as u32)
    }
}
