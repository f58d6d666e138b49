//! The items of a group as a manager sees them: without ids, and without a meaningful order.

use dataset::Group;
use tch::{Device, Tensor};

use super::words::Words;
use crate::error::{Error, Result};
use crate::learned::item_vectors::ItemVectors;
use crate::learned::lens::{Lens, Looks, Seen};
use crate::lexical::Described;
use crate::lexical::bags::Bags;

/// The items of a group.
pub struct Catalogue {
    /// The number of the group.
    pub(super) group: i64,
    words: Bags,
    looks: Option<Looks>,
    device: Device,
}

/// Some items on the device.
pub struct Items {
    /// The numbers of all words, item after item.
    pub numbers: Tensor,
    /// Where each item starts: [items].
    pub starts: Tensor,
    /// ln(1 + words) of each: [items, 1].
    pub lengths: Tensor,
    /// Their vectors, if the manager uses some.
    pub seen: Option<Seen>,
    /// The number of their group.
    pub group: i64,
}

impl Catalogue {
    /// Takes a group, what is known about its items, and their vectors if the manager uses some.
    pub fn new(
        group: &Group,
        described: &Described,
        words: &Words,
        vectors: Option<(&Lens, &ItemVectors)>,
        device: Device,
    ) -> Result<Self> {
        let number = words.groups().iter().position(|own| *own == group.name);
        let number = number.ok_or_else(|| Error::untrained_group(&group.name, words.groups()))?;
        Ok(Self {
            group: number as i64,
            words: Bags::new(group.gallery.iter().map(|item| words.of_item(described, item))),
            looks: vectors.map(|(lens, vectors)| lens.looks(vectors, group)),
            device,
        })
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Some of the items.
    pub fn items(&self, items: &[u32]) -> Items {
        let (mut numbers, mut starts) = (Vec::new(), Vec::with_capacity(items.len()));
        let mut lengths = Vec::with_capacity(items.len());
        for &item in items {
            let bag = self.words.of(item as usize);
            starts.push(numbers.len() as i64);
            numbers.extend(bag.iter().map(|&word| i64::from(word)));
            lengths.push((bag.len() as f32).ln_1p());
        }
        let places: Vec<i64> = items.iter().map(|&item| i64::from(item)).collect();
        Items {
            numbers: Tensor::from_slice(&numbers).to_device(self.device),
            starts: Tensor::from_slice(&starts).to_device(self.device),
            lengths: Tensor::from_slice(&lengths).view([-1, 1]).to_device(self.device),
            seen: self.looks.as_ref().map(|looks| looks.items(&places)),
            group: self.group,
        }
    }
}
