//! The words that items are described by.

use std::collections::{BTreeMap, BTreeSet};

use dataset::{Attributes, Folder, Split};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The words of a data set's train split, and how rare each is in each group.
///
/// A word is an attribute label or a part of one: `long sleeve` is three words, because an item that
/// only has a `sleeve` is a little similar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Vocabulary {
    /// The groups, in the order of their names.
    pub groups: Vec<String>,
    /// The words, in order.
    pub words: Vec<String>,
    /// By group: for each word ln((N + 1) / (n + 1/2)), N items that have words, n of them this one.
    pub rarity: Vec<Vec<f32>>,
}

/// The distinct words of one item, in order.
pub(crate) fn words_of(attributes: &Attributes, item: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for (_, label) in attributes.words(item) {
        let parts = label.split(|c: char| c.is_whitespace() || c == '-');
        words.extend(parts.filter(|part| !part.is_empty()).map(str::to_owned));
        words.insert(label.to_owned());
    }
    words
}

impl Vocabulary {
    /// The vocabulary of a split, some of whose items have words.
    pub fn of(data: &Folder, split: &Split) -> Result<Self> {
        let all = Self::of_any(data, split)?;
        if all.is_empty() {
            return Err(Error::no_attributes(data.path(), &split.name));
        }
        Ok(all)
    }

    /// No words, for a model that uses only pictures.
    pub fn wordless(split: &Split) -> Self {
        let groups: Vec<String> = split.groups.iter().map(|group| group.name.clone()).collect();
        let rarity = vec![Vec::new(); groups.len()];
        Self { groups, words: Vec::new(), rarity }
    }

    /// The vocabulary of a split, which can be empty.
    pub(super) fn of_any(data: &Folder, split: &Split) -> Result<Self> {
        let mut counts: Vec<(f32, BTreeMap<String, f32>)> = Vec::new();
        let mut words = BTreeSet::new();
        for group in &split.groups {
            let attributes = data.attributes(&group.name, &split.name)?;
            let (mut described, mut count) = (0.0, BTreeMap::new());
            for item in group.gallery.iter() {
                let own = words_of(&attributes, item);
                described += if own.is_empty() { 0.0 } else { 1.0 };
                for word in own {
                    *count.entry(word.clone()).or_insert(0.0) += 1.0;
                    words.insert(word);
                }
            }
            counts.push((described, count));
        }
        let words: Vec<String> = words.into_iter().collect();
        let rarity = |(described, count): &(f32, BTreeMap<String, f32>)| {
            let rarity = |word| {
                let having = count.get(word).copied().unwrap_or_default().max(1.0);
                ((described + 1.0) / (having + 0.5)).ln()
            };
            words.iter().map(rarity).collect()
        };
        let rarity = counts.iter().map(rarity).collect();
        let groups = split.groups.iter().map(|group| group.name.clone()).collect();
        Ok(Self { groups, words, rarity })
    }

    /// The number of a group.
    pub fn group(&self, name: &str) -> Result<i64> {
        let found = self.groups.iter().position(|group| group == name);
        found.map(|group| group as i64).ok_or_else(|| Error::untrained_group(name, &self.groups))
    }

    /// The numbers of an item's words; words that are not in train are ignored.
    pub(crate) fn numbers(&self, attributes: &Attributes, item: &str) -> Vec<i64> {
        let words = words_of(attributes, item);
        words
            .iter()
            .filter_map(|word| self.words.binary_search(word).ok())
            .map(|n| n as i64)
            .collect()
    }

    /// How many words there are.
    pub fn len(&self) -> i64 {
        self.words.len() as i64
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_of_several_words_is_itself_and_its_parts() {
        let mut lists: [Vec<String>; 6] = Default::default();
        lists[4] = vec!["long sleeve".to_owned(), "v-neck".to_owned()];
        let attributes = Attributes::new([("x".to_owned(), lists)].into());
        let words: Vec<String> = words_of(&attributes, "x").into_iter().collect();
        assert_eq!(words, ["long", "long sleeve", "neck", "sleeve", "v", "v-neck"]);
        assert!(words_of(&attributes, "y").is_empty());
    }
}
