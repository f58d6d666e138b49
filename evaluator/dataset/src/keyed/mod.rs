//! Keyed publication: names and orders that give nothing away.
//!
//! The order of val's official files nearly gives its targets away, and item numbers tell product
//! lines. So a benchmark that was not published yet is published *keyed*: each item gets an opaque
//! alias, each query an opaque id, and galleries and lists of queries come in a secret order. All
//! of it derives from a [`Key`], so the organisers can do it again and map back ([`Aliases`]), and
//! nobody else can.
//!
//! Keying hides names and orders, not what garments are: whoever finds the same photo, captions or
//! words elsewhere knows the item again. It is of use for garments that were never published.

mod aliases;
mod key;

use std::collections::BTreeMap;

pub use aliases::Aliases;
pub use key::Key;

use key::Purpose;

use crate::{Attributes, Error, Gallery, Group, ItemId, Query, Result, Split, Targets};

impl Split {
    /// The split as it is to be published: aliases for items, opaque ids for queries, both in keyed
    /// order; targets move along, captions stay as they are. The same split and key give the same.
    ///
    /// An item that stands in several groups has another alias in each, and in each split: one alias
    /// would tell what galleries have in common, which no model that looks at garments could know.
    /// So aliases of one key are also safe to publish in turn: val's tell nothing of test's.
    ///
    /// Never combine it with [`Elsewhere`](crate::Elsewhere): to say of which gallery an original
    /// id is would let anyone ask about the names that were taken away.
    ///
    /// # Errors
    /// Two items with one alias or two queries with one id (about one key in ten million): take
    /// another key. Two queries that had one id before.
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

        let ids = self.queries.iter().map(|query| query.id.as_str());
        let order = key.order(Purpose::QueryOrder, at, ids);
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
        Ok(Self { name: self.name.clone(), gallery, queries, targets })
    }
}

impl Attributes {
    /// The attributes of one group and split by alias, as [`Split::keyed`] names the items. The
    /// words of each list are sorted, since their order may have come from the item's page.
    ///
    /// # Errors
    /// Two items with one alias: take another key.
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

/// The alias of an item.
pub(crate) fn alias(key: &Key, split: &str, group: &str, item: &str) -> String {
    key.name(Purpose::Alias, [split, group, item], aliases::ALIAS_CHARS)
}
