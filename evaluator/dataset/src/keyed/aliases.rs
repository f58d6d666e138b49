//! Maps aliases to items, and keyed ids to queries.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::Path;

use serde::Serialize;

use super::key::{Key, Purpose};
use crate::group::repeated_id;
use crate::output::{Readers, pretty, write_file};
use crate::sessions::session_of;
use crate::{Error, Result, Split};

/// Characters of an alias: 50 bits. Some 15,000 items share one with a probability of 1e-7.
pub(super) const ALIAS_CHARS: usize = 10;

/// Characters of a keyed query id: 60 bits.
const QUERY_CHARS: usize = 12;

/// Maps the aliases of a split to items, and keyed ids to queries, for the organisers.
///
/// It undoes the key and is as secret, so its `Debug` prints counts.
#[derive(Clone, Default)]
pub struct Aliases {
    /// By group, then item.
    names: HashMap<String, HashMap<String, String>>,
    /// Group and item, by alias.
    items: HashMap<String, (String, String)>,
    /// Keyed ids, by original id.
    ids: HashMap<String, String>,
    /// Original ids, by keyed id.
    queries: HashMap<String, String>,
}

/// [`Aliases`] as they are written.
#[derive(Serialize)]
struct WayBack<'a> {
    items: BTreeMap<&'a str, BTreeMap<&'a String, &'a String>>,
    queries: BTreeMap<&'a String, &'a String>,
}

impl Aliases {
    /// The names that [`Split::keyed`] gives with this key, for the split as it was before.
    ///
    /// # Errors
    /// If two items of the split have the same alias, or two queries the same id, before or after.
    pub fn new(split: &Split, key: &Key) -> Result<Self> {
        Self::with_lengths(split, key, ALIAS_CHARS, QUERY_CHARS)
    }

    fn with_lengths(
        split: &Split,
        key: &Key,
        alias_chars: usize,
        query_chars: usize,
    ) -> Result<Self> {
        if let Some((_, query)) = repeated_id(&split.groups) {
            return Err(Error::repeated_query_id(&split.name, &query.id));
        }
        let mut all = Self::default();
        for group in &split.groups {
            let aliases = all.names.entry(group.name.clone()).or_default();
            // a reference can be outside the gallery, and needs an alias too
            for item in group.named() {
                let Entry::Vacant(place) = aliases.entry(item.to_owned()) else { continue };
                let message = [split.name.as_str(), &group.name, item];
                let alias = key.name(Purpose::Alias, message, alias_chars);
                place.insert(alias.clone());
                let named = (group.name.clone(), item.to_owned());
                if all.items.insert(alias, named).is_some() {
                    return Err(Error::same_alias(&split.name));
                }
            }
            for query in &group.queries {
                // Everyone may know which queries are the turns of one session.
                let is_turn = !group.sessions.is_empty();
                let named = if is_turn { session_of(&query.id) } else { &query.id };
                let turn = &query.id[named.len()..];
                let message = [split.name.as_str(), &group.name, named];
                let id = key.name(Purpose::QueryId, message, query_chars) + turn;
                all.ids.insert(query.id.clone(), id.clone());
                if all.queries.insert(id, query.id.clone()).is_some() {
                    return Err(Error::same_query_id(&split.name));
                }
            }
        }
        Ok(all)
    }

    /// Writes the map as JSON for the organisers: `{"items": {group: {item: alias}}, "queries":
    /// {original id: keyed id}}`. On unix only the owner can read the file. An existing file with
    /// other contents is an error.
    pub fn write(&self, path: &Path) -> Result<()> {
        let items: BTreeMap<&str, BTreeMap<&String, &String>> = self
            .names
            .iter()
            .map(|(group, names)| (group.as_str(), names.iter().collect()))
            .collect();
        let queries: BTreeMap<&String, &String> = self.ids.iter().collect();
        let way_back = WayBack { items, queries };
        write_file(path, &pretty(&way_back), Readers::Owner)
    }

    /// The alias of an item in a group.
    pub fn alias(&self, group: &str, item: &str) -> Option<&str> {
        self.names.get(group)?.get(item).map(String::as_str)
    }

    /// The group and the item behind an alias.
    pub fn item(&self, alias: &str) -> Option<(&str, &str)> {
        self.items.get(alias).map(|(group, item)| (group.as_str(), item.as_str()))
    }

    /// The keyed id of a query, by its original id.
    pub fn query_id(&self, original: &str) -> Option<&str> {
        self.ids.get(original).map(String::as_str)
    }

    /// The original id of a query, by its keyed id.
    pub fn query(&self, id: &str) -> Option<&str> {
        self.queries.get(id).map(String::as_str)
    }
}

impl fmt::Debug for Aliases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Aliases(of {} items, {} queries)", self.items.len(), self.queries.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Gallery, Group, ItemId, Query};

    /// 40 items and 40 queries: more than there are names of one character.
    fn split() -> Split {
        let items: Vec<ItemId> = (0..40).map(|i| ItemId::new(&format!("B{i}")).unwrap()).collect();
        let query = |(i, item): (usize, &ItemId)| Query {
            id: format!("dress.val.{i}"),
            reference: item.clone(),
            captions: Vec::new(),
        };
        let queries = items.iter().enumerate().map(query).collect();
        let gallery = Gallery::new(items).unwrap();
        let group =
            Group { name: "dress".to_owned(), gallery, queries, targets: None, sessions: vec![] };
        Split { name: "val".to_owned(), groups: vec![group] }
    }

    #[test]
    fn a_name_given_twice_asks_for_another_key() {
        let key = Key::from_bytes([3; 32]);
        let message = |alias_chars, query_chars| {
            Aliases::with_lengths(&split(), &key, alias_chars, query_chars).unwrap_err().to_string()
        };
        assert_eq!(
            message(1, 12),
            "two items of split `val` get the same alias under this key; use another key"
        );
        assert_eq!(
            message(10, 1),
            "two queries of split `val` get the same id under this key; use another key"
        );
    }

    #[test]
    fn two_queries_of_one_id_cannot_be_keyed() {
        let mut split = split();
        split.groups[0].queries[7].id = "dress.val.0".to_owned();
        let message = split.keyed(&Key::from_bytes([3; 32])).unwrap_err().to_string();
        assert_eq!(message, "two queries of split `val` have the id dress.val.0");
    }

    #[test]
    fn debug_prints_counts_and_no_name() {
        let aliases = Aliases::new(&split(), &Key::from_bytes([3; 32])).unwrap();
        assert_eq!(format!("{aliases:?}"), "Aliases(of 40 items, 40 queries)");
    }
}
