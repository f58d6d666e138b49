//! Keyed publication: names and orders that give nothing away.
//!
//! The order of val's official files nearly gives its targets away, and item numbers reveal product
//! lines. So a new benchmark is published *keyed*: each item gets an opaque alias, each query an opaque
//! id, and galleries and lists of queries have a secret order. Everything is derived from a [`Key`], so
//! the organisers can repeat it and map back ([`Aliases`]), and nobody else can.
//!
//! Keying hides names and orders, not the garments: anyone who finds the same photo, captions or words
//! elsewhere recognises the item. It is useful for garments that were never published.

mod aliases;
mod key;

use std::collections::BTreeMap;

pub use aliases::Aliases;
pub use key::Key;

use key::Purpose;

use crate::sessions::session_of;
use crate::{
    Attributes, Error, Gallery, Group, ItemCaptions, ItemId, Query, Result, Split, Targets,
};

impl Split {
    /// The split for publication: aliases for items and opaque ids for queries, both in keyed order,
    /// with their targets and unchanged captions. The same split and key give the same result.
    ///
    /// An item has a different alias in each group and split. A shared alias would show what galleries
    /// have in common, which a model that looks at garments can't know. So it is safe to publish aliases
    /// of one key one split after another: val's reveal nothing about test's.
    ///
    /// Never combine it with [`Elsewhere`](crate::Elsewhere), which would let anyone ask to which
    /// gallery an original id belongs.
    ///
    /// # Errors
    /// If two items get the same alias or two queries the same id (about one key in ten million): use
    /// another key. Also if two queries had the same id before.
    pub fn keyed(&self, key: &Key) -> Result<Self> {
        let aliases = Aliases::new(self, key)?;
        let groups = self.groups.iter().map(|group| group.keyed(&self.name, key, &aliases));
        Ok(Self { name: self.name.clone(), groups: groups.collect::<Result<_>>()? })
    }
}

impl Group {
    fn keyed(&self, split: &str, key: &Key, aliases: &Aliases) -> Result<Self> {
        let alias = |item: &str| {
            let alias = aliases.alias(&self.name, item);
            ItemId::new(alias.expect("each item and reference of the split has an alias"))
        };
        let at = [split, self.name.as_str()];
        let order = key.order(Purpose::GalleryOrder, at, self.gallery.iter());
        let items = order.iter().map(|&old| alias(self.gallery.item(old as u32)));
        let gallery = Gallery::new(items.collect::<Result<Vec<_>>>()?)
            .map_err(|_| Error::same_alias(split))?;
        // `moved[old]` is the new index of an item
        let mut moved = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            moved[old] = new as u32;
        }

        let order = self.query_order(key, at);
        let sessions = self.sessions_in(&order);
        let queries = order.iter().map(|&old| {
            let query = &self.queries[old];
            let id = aliases.query_id(&query.id).expect("each query of the split has a keyed id");
            let captions = query.captions.clone();
            Ok(Query { id: id.to_owned(), reference: alias(query.reference.as_str())?, captions })
        });
        let queries = queries.collect::<Result<_>>()?;
        let targets = self.targets.as_ref().map(|targets| {
            let moved = |&index: &u32| moved[index as usize];
            let of = |&old: &usize| targets.of(old).iter().map(moved).collect::<Vec<u32>>();
            Targets::new(order.iter().map(of))
        });
        Ok(Self { name: self.name.clone(), gallery, queries, targets, sessions })
    }

    /// The keyed order of the queries; the turns of a session stay together, in their order.
    fn query_order(&self, key: &Key, at: [&str; 2]) -> Vec<usize> {
        if self.sessions.is_empty() {
            let ids = self.queries.iter().map(|query| query.id.as_str());
            return key.order(Purpose::QueryOrder, at, ids);
        }
        let sessions: Vec<(usize, &[Query])> = self.sessions().collect();
        let ids = sessions.iter().map(|(_, turns)| session_of(&turns[0].id));
        let order = key.order(Purpose::QueryOrder, at, ids);
        let turns = |session: usize| {
            let (first, turns) = sessions[session];
            first..first + turns.len()
        };
        order.into_iter().flat_map(turns).collect()
    }

    /// How many turns each session has, in an order of the queries that keeps them together.
    fn sessions_in(&self, order: &[usize]) -> Vec<u32> {
        let by_first: BTreeMap<usize, u32> =
            self.sessions().map(|(first, turns)| (first, turns.len() as u32)).collect();
        order.iter().filter_map(|first| by_first.get(first).copied()).collect()
    }
}

impl Attributes {
    /// The attributes of one group and split by alias, as [`Split::keyed`] names the items. The
    /// words of each list are sorted, because their order may come from the item's page.
    ///
    /// # Errors
    /// If two items get the same alias: use another key.
    pub fn keyed(&self, split: &str, group: &str, key: &Key) -> Result<Self> {
        let mut items = BTreeMap::new();
        for (item, lists) in &self.0 {
            let mut lists = lists.clone();
            for words in &mut lists {
                words.sort_unstable();
            }
            if items.insert(alias(key, split, group, item), lists).is_some() {
                return Err(Error::same_alias(split));
            }
        }
        Ok(Self(items))
    }
}

impl ItemCaptions {
    /// The captions of one group and split by alias, as [`Split::keyed`] names the items.
    ///
    /// # Errors
    /// If two items get the same alias: use another key.
    pub fn keyed(&self, split: &str, group: &str, key: &Key) -> Result<Self> {
        let mut items = BTreeMap::new();
        for (item, sentence) in self.iter() {
            if items.insert(alias(key, split, group, item), sentence.to_owned()).is_some() {
                return Err(Error::same_alias(split));
            }
        }
        Ok(Self::new(items))
    }
}

/// The alias of an item.
pub(crate) fn alias(key: &Key, split: &str, group: &str, item: &str) -> String {
    key.name(Purpose::Alias, [split, group, item], aliases::ALIAS_CHARS)
}
