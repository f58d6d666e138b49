//! The words that items of split train have.

use std::collections::{BTreeMap, BTreeSet};

use dataset::{Attributes, Group, ItemCaptions};
use serde::{Deserialize, Serialize};

use super::text::{pairs_of_item, words_of_item};

/// Words of fewer items than this have no weights of their own.
const WORD_OFTEN: usize = 3;

/// Pairs of words in fewer items than this are left out.
const PAIR_OFTEN: usize = 20;

/// What is known about the items of one group and split.
#[derive(Debug, Clone, Default)]
pub struct Described {
    /// Their attributes.
    pub attributes: Attributes,
    /// Their captions.
    pub captions: ItemCaptions,
}

/// Words and pairs of words that are frequent among train's items; those have weights of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lexicon {
    /// The groups, in the order of their names.
    pub(crate) groups: Vec<String>,
    /// Words, and pairs joined by a space, in order.
    pub(crate) words: Vec<String>,
}

impl Lexicon {
    /// Reads the items of split train.
    pub(crate) fn of(groups: &[(&Group, &Described)]) -> Self {
        let mut words: BTreeMap<String, usize> = BTreeMap::new();
        let mut pairs: BTreeMap<String, usize> = BTreeMap::new();
        let count = |counts: &mut BTreeMap<String, usize>, found: BTreeSet<String>| {
            for word in found {
                *counts.entry(word).or_default() += 1;
            }
        };
        for (group, items) in groups {
            for item in group.gallery.iter() {
                count(&mut words, words_of_item(&items.attributes, &items.captions, item));
                count(&mut pairs, pairs_of_item(&items.attributes, &items.captions, item));
            }
        }
        words.retain(|_, count| *count >= WORD_OFTEN);
        pairs.retain(|_, count| *count >= PAIR_OFTEN);
        words.append(&mut pairs);
        Self {
            groups: groups.iter().map(|(group, _)| group.name.clone()).collect(),
            words: words.into_keys().collect(),
        }
    }

    /// How many words and pairs there are.
    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    /// The number of a word.
    pub(crate) fn number(&self, word: &str) -> Option<u32> {
        self.words.binary_search_by(|own| own.as_str().cmp(word)).ok().map(|n| n as u32)
    }
}
