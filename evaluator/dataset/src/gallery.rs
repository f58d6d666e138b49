//! The items of a group that may be ranked.

use std::fmt;

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use sha2::{Digest, Sha256};
use std::hash::{BuildHasher, Hasher};

use crate::{ItemId, MAX_ITEM_BYTES};

/// The items of a group that may be ranked, in a fixed order; an item is known by its index in it.
///
/// Ids lie end to end in one string, so that resolving an id touches the table, one offset and the
/// id's own bytes: a submission asks this a few hundred thousand times.
#[derive(Clone)]
pub struct Gallery {
    ids: String,
    /// `starts[i]..starts[i + 1]` is item i's place in `ids`.
    starts: Vec<u32>,
    table: HashTable<u32>,
}

/// A fixed seed: the table is built from the organisers' ids, so nobody can choose its collisions.
const HASH: FixedState = FixedState::with_seed(0x5ca1_ab1e);

fn hash(id: &[u8]) -> u64 {
    let mut hasher = HASH.build_hasher();
    hasher.write(id);
    hasher.finish()
}

impl Gallery {
    /// Takes the items in their order; an item that stands there twice is given back as the error.
    pub fn new(items: impl IntoIterator<Item = ItemId>) -> Result<Self, ItemId> {
        let items = items.into_iter();
        let mut gallery = Self {
            ids: String::new(),
            starts: Vec::with_capacity(items.size_hint().0 + 1),
            table: HashTable::with_capacity(items.size_hint().0),
        };
        gallery.starts.push(0);
        for item in items {
            if gallery.index_of(item.as_str().as_bytes()).is_some() {
                return Err(item);
            }
            let index = gallery.len() as u32;
            gallery.ids.push_str(item.as_str());
            gallery.starts.push(gallery.ids.len() as u32);
            let Self { ids, starts, table } = &mut gallery;
            table.insert_unique(hash(item.as_str().as_bytes()), index, |&i| {
                hash(&ids.as_bytes()[starts[i as usize] as usize..starts[i as usize + 1] as usize])
            });
        }
        Ok(gallery)
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The index of the item with these bytes as its id.
    #[inline]
    pub fn index_of(&self, id: &[u8]) -> Option<u32> {
        if id.len() > MAX_ITEM_BYTES {
            return None;
        }
        self.table.find(hash(id), |&i| self.bytes(i) == id).copied()
    }

    /// Whether the item is in the gallery.
    pub fn contains(&self, item: &ItemId) -> bool {
        self.index_of(item.as_str().as_bytes()).is_some()
    }

    /// The id of the item at an index below [`len`](Self::len).
    pub fn item(&self, index: u32) -> &str {
        let (start, end) = self.range(index);
        &self.ids[start..end]
    }

    /// All ids in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.len() as u32).map(|i| self.item(i))
    }

    /// What names exactly this gallery: SHA-256 over the ids in order, each ended by a newline; hex.
    pub fn digest(&self) -> String {
        let mut sha = Sha256::new();
        for id in self.iter() {
            sha.update(id);
            sha.update(b"\n");
        }
        hex::encode(sha.finalize())
    }

    fn range(&self, index: u32) -> (usize, usize) {
        let i = index as usize;
        (self.starts[i] as usize, self.starts[i + 1] as usize)
    }

    #[inline]
    fn bytes(&self, index: u32) -> &[u8] {
        let (start, end) = self.range(index);
        &self.ids.as_bytes()[start..end]
    }
}

impl fmt::Debug for Gallery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gallery({} items)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(ids: &[&str]) -> Vec<ItemId> {
        ids.iter().map(|id| ItemId::new(id).unwrap()).collect()
    }

    #[test]
    fn every_item_is_found_at_its_index_and_nothing_else_is() {
        let names: Vec<String> = (0..5000).map(|i| format!("B{i:09}")).collect();
        let gallery = Gallery::new(names.iter().map(|n| ItemId::new(n).unwrap())).unwrap();
        for (i, name) in names.iter().enumerate() {
            assert_eq!(gallery.index_of(name.as_bytes()), Some(i as u32));
            assert_eq!(gallery.item(i as u32), name);
        }
        assert_eq!(gallery.index_of(b"B99999999"), None);
        assert_eq!(gallery.index_of(b""), None);
        assert_eq!(gallery.index_of(&[0xff; 100]), None);
    }

    #[test]
    fn an_item_twice_is_refused_by_name() {
        assert_eq!(Gallery::new(ids(&["a", "b", "a"])).unwrap_err().as_str(), "a");
    }

    #[test]
    fn the_digest_depends_on_order_and_boundaries() {
        let digest = |names: &[&str]| Gallery::new(ids(names)).unwrap().digest();
        assert_ne!(digest(&["a", "bc"]), digest(&["bc", "a"]));
        assert_ne!(digest(&["a", "bc"]), digest(&["ab", "c"]));
        assert_eq!(digest(&["a", "bc"]), digest(&["a", "bc"]));
    }
}
