//! The words of a group's items and queries, and the sentences of its items, as tensors.

use std::sync::Arc;

use dataset::Group;
use tch::{Device, Tensor};

use crate::lexical::bags::Bags;
use crate::lexical::counts::{Associations, Counts, Learned, Seen, numbers};
use crate::lexical::lexicon::{Described, Lexicon};
use crate::lexical::worded::{READINGS, Worded};

/// The words of a group, with what was counted over train.
pub(super) struct GroupWords {
    worded: Worded,
    /// For each word the weight of its match.
    weights: Tensor,
    counts: Arc<Counts>,
    /// Of each query, what it says that was counted.
    said: Vec<Vec<usize>>,
    counted: Option<Counted>,
    /// How many items have a caption.
    pub(super) captioned: usize,
    device: Device,
}

/// What is needed to tell a counted query what the others say.
struct Counted {
    seen: Arc<Seen>,
    group: usize,
    rows: Vec<bool>,
    targets: Vec<i64>,
}

/// The words of items on the device.
pub struct ItemWords {
    /// The numbers of all words, item after item.
    pub numbers: Tensor,
    /// Where each item starts: [items].
    pub starts: Tensor,
    /// The logarithm of its length, how ordinary it is, and whether it has attributes: [items, 3].
    pub facts: Tensor,
}

/// The words of queries on the device.
pub struct QueryWords {
    /// The words of the references.
    pub references: Cells,
    /// For each of these the association *kept*.
    pub kept: Tensor,
    /// For each of these 1 if it is a colour and the captions name one, else 0.
    pub replaced: Tensor,
    /// The wanted words.
    pub said: Cells,
    /// The unwanted words.
    pub negated: Cells,
    /// The association *told* for each word of the lexicon: [queries, words].
    pub told: Tensor,
    /// The logarithm of the length of the reference's words and of the wanted words: [queries, 2].
    pub lengths: Tensor,
    /// The weight of each word's match; more words than the lexicon has.
    pub weights: Tensor,
}

/// Words of queries.
pub struct Cells {
    /// The query of each: [cells].
    pub rows: Tensor,
    /// The word of each: [cells].
    pub words: Tensor,
}

impl Cells {
    pub(super) fn of(bags: &Bags, of: &[usize], device: Device) -> Self {
        let (mut rows, mut words) = (Vec::new(), Vec::new());
        for (row, &bag) in (0_i64..).zip(of) {
            for &word in bags.of(bag) {
                rows.push(row);
                words.push(i64::from(word));
            }
        }
        let tensor = |numbers: &[i64]| Tensor::from_slice(numbers).to_device(device);
        Self { rows: tensor(&rows), words: tensor(&words) }
    }
}

impl GroupWords {
    /// Reads a group.
    pub(super) fn new(
        group: &Group,
        described: &Described,
        lexicon: &Lexicon,
        device: Device,
    ) -> Self {
        let worded = Worded::new(group, described, lexicon);
        Self {
            weights: Tensor::from_slice(&worded.weights).to_device(device),
            counts: Arc::default(),
            said: Vec::new(),
            counted: None,
            captioned: group
                .gallery
                .iter()
                .filter(|id| described.captions.of(id).is_some())
                .count(),
            worded,
            device,
        }
    }

    /// Counts some rows of each group, and tells each group what was counted.
    pub(super) fn count(
        groups: &mut [(&mut Self, &[i64], &[i64])],
        lexicon: &Lexicon,
    ) -> Arc<Counts> {
        let learned: Vec<Learned<'_>> = groups
            .iter()
            .map(|(words, targets, rows)| Learned { worded: &words.worded, rows, targets })
            .collect();
        let (counts, seen) = Counts::of(&learned, lexicon.len());
        let (counts, seen) = (Arc::new(counts), Arc::new(seen));
        for (group, (words, targets, rows)) in groups.iter_mut().enumerate() {
            words.tell(&counts);
            let mut counted = vec![false; targets.len()];
            rows.iter().for_each(|&row| counted[row as usize] = true);
            let seen = Arc::clone(&seen);
            words.counted = Some(Counted { seen, group, rows: counted, targets: targets.to_vec() });
        }
        counts
    }

    /// Sets what was counted.
    pub(super) fn tell(&mut self, counts: &Arc<Counts>) {
        let places = counts.places();
        self.said = self.worded.counted.iter().map(|said| numbers(&places, said)).collect();
        self.counts = Arc::clone(counts);
        self.counted = None;
    }

    /// Some items of the gallery.
    pub(super) fn items(&self, items: &[i64]) -> ItemWords {
        let (mut numbers, mut starts) = (Vec::new(), Vec::with_capacity(items.len()));
        let mut facts = Vec::with_capacity(3 * items.len());
        for &item in items {
            let bag = self.worded.items.of(item as usize);
            starts.push(numbers.len() as i64);
            numbers.extend(bag.iter().map(|&word| i64::from(word)));
            facts.push(self.worded.length(bag).ln());
            facts.push(self.worded.ordinary[item as usize]);
            facts.push(f32::from(u8::from(self.worded.has_attributes[item as usize])));
        }
        ItemWords {
            numbers: Tensor::from_slice(&numbers).to_device(self.device),
            starts: Tensor::from_slice(&starts).to_device(self.device),
            facts: Tensor::from_slice(&facts).view([-1, 3]).to_device(self.device),
        }
    }

    /// Some queries, each with the number of its reading.
    pub(super) fn queries(&self, queries: &[i64], readings: &[usize]) -> QueryWords {
        let (mut told, mut kept, mut replaced) = (Vec::new(), Vec::new(), Vec::new());
        let mut lengths = Vec::with_capacity(2 * queries.len());
        let places: Vec<usize> = queries.iter().map(|&query| query as usize).collect();
        let read: Vec<usize> = places
            .iter()
            .zip(readings)
            .map(|(query, reading)| READINGS * query + reading)
            .collect();
        for (&query, &at) in places.iter().zip(&read) {
            let reference = self.worded.references.of(query);
            let associations = self.associations(query, at, reference);
            told.extend(associations.told);
            kept.extend(associations.kept);
            let named = self.worded.names_colour[at];
            replaced.extend(
                reference
                    .iter()
                    .map(|&word| f32::from(u8::from(named && self.worded.colours[word as usize]))),
            );
            lengths.push(self.worded.length(reference).ln());
            lengths.push(self.worded.length(self.worded.said.of(at)).ln());
        }
        let tensor = |values: &[f32]| Tensor::from_slice(values).to_device(self.device);
        let asked = queries.len() as i64;
        QueryWords {
            references: Cells::of(&self.worded.references, &places, self.device),
            kept: tensor(&kept),
            replaced: tensor(&replaced),
            said: Cells::of(&self.worded.said, &read, self.device),
            negated: Cells::of(&self.worded.negated, &read, self.device),
            told: tensor(&told).view([asked, self.counts.words as i64]),
            lengths: tensor(&lengths).view([asked, 2]),
            weights: self.weights.shallow_clone(),
        }
    }

    fn associations(&self, query: usize, read: usize, reference: &[u32]) -> Associations {
        let said = &self.said[read];
        match &self.counted {
            Some(counted) if counted.rows[query] => {
                let target = self.worded.items.of(counted.targets[query] as usize);
                self.counts.about_other(&counted.seen, counted.group, said, reference, target)
            }
            _ => self.counts.about(said, reference),
        }
    }
}
