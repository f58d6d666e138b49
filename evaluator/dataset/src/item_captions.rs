//! Captions of items: one sentence each, which a program wrote about the item's picture.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};

use crate::json::read_json;
use crate::{Error, Group, Result, Split};

/// The folder of item captions in a data set.
pub(crate) const ITEM_CAPTIONS: &str = "item-captions";

/// The captions of the items of one group and split, by item id; not every item has one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemCaptions(pub(crate) BTreeMap<String, String>);

impl ItemCaptions {
    /// Takes each item's sentence.
    pub fn new(items: BTreeMap<String, String>) -> Self {
        Self(items)
    }

    /// Reads `{group}.{split}.json` of a folder, a JSON object `{item: sentence}`; no captions if
    /// there is no such file.
    ///
    /// # Errors
    /// If the file has another encoding, an item twice, an empty sentence, or an item that isn't in
    /// the group: it then belongs to another data set.
    pub fn read(folder: &Path, group: &Group, split: &str) -> Result<Self> {
        let path = folder.join(format!("{}.{split}.json", group.name));
        if !path.exists() {
            return Ok(Self::default());
        }
        let Sentences(all) = read_json(&path)?;
        if let Some((item, _)) = all.iter().find(|(_, sentence)| sentence.trim().is_empty()) {
            return Err(Error::empty_caption(&path, item));
        }
        let named: std::collections::HashSet<&str> = group.named().collect();
        match all.keys().find(|item| !named.contains(item.as_str())) {
            Some(item) => Err(Error::caption_of_other(&path, item, &group.name, split)),
            None => Ok(Self(all)),
        }
    }

    /// Reads the captions of all groups of a split, by group.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn of_split(folder: &Path, split: &Split) -> Result<BTreeMap<String, Self>> {
        let of = |group: &Group| Ok((group.name.clone(), Self::read(folder, group, &split.name)?));
        split.groups.iter().map(of).collect()
    }

    /// The sentence of an item, if it has one.
    pub fn of(&self, item: &str) -> Option<&str> {
        self.0.get(item).map(String::as_str)
    }

    /// All items with their sentences, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(item, sentence)| (item.as_str(), sentence.as_str()))
    }

    /// How many items have a caption.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no item has one.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// An object of sentences in which no item is twice; a plain map would keep the last one silently.
struct Sentences(BTreeMap<String, String>);

impl<'de> Deserialize<'de> for Sentences {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(EachOnce)
    }
}

struct EachOnce;

impl<'de> Visitor<'de> for EachOnce {
    type Value = Sentences;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with a sentence for each item")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Sentences, A::Error> {
        let mut all = BTreeMap::new();
        while let Some(item) = map.next_key::<String>()? {
            let sentence = map
                .next_value::<String>()
                .map_err(|e| A::Error::custom(format!("item {item}: {e}")))?;
            if all.contains_key(&item) {
                return Err(A::Error::custom(format!("duplicate item {item}")));
            }
            all.insert(item, sentence);
        }
        Ok(Sentences(all))
    }
}
