//! The items of a group that can be ranked.

use std::fmt;

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use sha2::{Digest, Sha256};
use std::hash::{BuildHasher, Hasher};

use crate::{ItemId, MAX_ITEM_BYTES};

/// The items of a group that can be ranked, in a fixed order. An item is identified by its index.
///
/// Ids are stored end to end in one string. The table has an id of up to 16 bytes in two words next to
/// its index, so a lookup touches nothing else and compares no strings: a submission does this a few
/// hundred thousand times.
#[derive(Clone)]
pub struct Gallery {
    ids: String,
    /// `starts[i]..starts[i + 1]` is item i's range in `ids`.
    starts: Vec<u32>,
    table: HashTable<Slot>,
}

/// An item in the table.
#[derive(Clone, Copy)]
struct Slot {
    key: Key,
    index: u32,
}

/// The key of an id. Two ids of up to [`WHOLE`] bytes are equal if their keys are; the keys of longer
/// ids can be equal by chance.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Key {
    words: [u64; 2],
    len: u32,
}

/// The longest id that its key contains completely.
const WHOLE: usize = 16;

/// A fixed seed, like the whole hash: the table is built from the organisers' ids, so nobody can choose
/// its collisions.
const HASH: FixedState = FixedState::with_seed(0x5ca1_ab1e);

impl Key {
    #[inline]
    fn of(id: &[u8]) -> Self {
        let len = id.len();
        let words = match (id.first_chunk(), id.last_chunk()) {
            // From 8 bytes on, the first and the last 8 overlap or meet.
            (Some(first), Some(last)) if len <= WHOLE => {
                [u64::from_le_bytes(*first), u64::from_le_bytes(*last)]
            }
            (Some(_), _) => {
                let mut hasher = HASH.build_hasher();
                hasher.write(id);
                [hasher.finish(), 0]
            }
            (None, _) => {
                let mut short = [0; 8];
                short[..len].copy_from_slice(id);
                [u64::from_le_bytes(short), 0]
            }
        };
        Self { words, len: len as u32 }
    }

    /// One multiplication, folded: ids differ in a few bytes, and each reaches all bits of both
    /// halves.
    #[inline]
    fn hash(self) -> u64 {
        let [first, last] = self.words;
        let product = u128::from(first ^ 0x9e37_79b9_7f4a_7c15)
            * u128::from(last.rotate_left(32) ^ 0xd1b5_4a32_d192_ed03);
        (product >> 64) as u64 ^ product as u64
    }
}

impl Gallery {
    /// Takes the items in their order; a duplicate item is returned as the error.
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
            let key = Key::of(item.as_str().as_bytes());
            gallery.table.insert_unique(key.hash(), Slot { key, index }, |slot| slot.key.hash());
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
        let key = Key::of(id);
        let same =
            |slot: &Slot| slot.key == key && (id.len() <= WHOLE || self.bytes(slot.index) == id);
        self.table.find(key.hash(), same).map(|slot| slot.index)
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

    /// Identifies exactly this gallery: SHA-256 over the ids in order, each followed by a newline, in
    /// hex.
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
    fn ids_of_every_length_are_told_apart() {
        // Each pair of neighbours differs in one byte, at its beginning, its end or in length.
        let names: Vec<String> = (1..=MAX_ITEM_BYTES)
            .flat_map(|len| {
                let x = "x".repeat(len - 1);
                [format!("{x}x"), format!("{x}y"), format!("z{x}")]
            })
            .collect();
        let gallery = Gallery::new(names.iter().map(|n| ItemId::new(n).unwrap())).unwrap();
        for (i, name) in names.iter().enumerate() {
            assert_eq!(gallery.index_of(name.as_bytes()), Some(i as u32));
            assert_eq!(gallery.index_of(format!("{name}\0").as_bytes()), None);
            assert_eq!(
                gallery.index_of(name.replace('x', "w").as_bytes()).is_some(),
                !name.contains('x')
            );
        }
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
