//! One group of one split as tensors.

use std::collections::BTreeSet;

use dataset::{Attributes, Group};
use tch::{Device, Kind, Tensor};

use super::features::TEXTS;
use super::item_vectors::ItemVectors;
use super::item_words::{GroupWords, ItemWords, QueryWords};
use super::lens::{Lens, Looks, Seen};
use super::minilm::TEXT_DIM;
use super::said::Phrases;
use super::vocabulary::Vocabulary;
use crate::error::Result;
use dataset::words::words;

/// A group's items and queries as the models see them: without ids, and without a meaningful order.
pub struct Collection {
    /// Its name.
    pub name: String,
    /// Its number in the vocabulary.
    pub group: i64,
    /// The words of the gallery's items.
    pub items: Bags,
    /// The words of each query's reference.
    pub references: Bags,
    /// The gallery index of each query's reference, or -1.
    pub reference_index: Vec<i64>,
    /// The gallery index of each query's first target; empty if targets are hidden.
    pub targets: Vec<i64>,
    /// The vectors of each query's captions: [queries, `TEXTS` × 384].
    pub texts: Tensor,
    /// The words of items that each query's captions say.
    said: Bags,
    /// All words that each query's captions say, in order.
    pub(super) spoken: Vec<Vec<String>>,
    /// Their associations with each word of items, by [`Mined`](super::mined::Mined): [queries, words].
    told: Tensor,
    looks: Option<Looks>,
    /// For models that read the captions of items.
    pub(super) group_words: Option<GroupWords>,
    device: Device,
    pub(super) words: i64,
}

/// Several bags of words, end to end.
#[derive(Debug, Clone, Default)]
pub struct Bags {
    starts: Vec<usize>,
    words: Vec<i64>,
}

/// Items on the device.
pub struct Items {
    /// A number that distinguishes each: [items].
    pub index: Tensor,
    /// Which words each has: [items, words], 0 or 1.
    pub words: Tensor,
    /// Whether it has any: [items, 1], 0 or 1.
    pub known: Tensor,
    /// Their pictures, for models that use them.
    pub seen: Option<Seen>,
    /// Their words with those of their captions, for models that read these.
    pub read: Option<ItemWords>,
    /// The number of their group.
    pub group: i64,
}

/// Queries on the device.
pub struct Queries {
    /// Their references.
    pub references: Items,
    /// Their captions: [queries, `TEXTS` × 384].
    pub texts: Tensor,
    /// Which words of items the captions say: [queries, words], 0 or 1.
    pub said: Tensor,
    /// Their words, for models that read the captions of items.
    pub read: Option<QueryWords>,
    /// What other queries' captions predict for each word: [queries, words], in nats.
    pub told: Tensor,
}

impl Bags {
    fn new(bags: impl Iterator<Item = Vec<i64>>) -> Self {
        let mut all = Self { starts: vec![0], words: Vec::new() };
        for bag in bags {
            all.words.extend(bag);
            all.starts.push(all.words.len());
        }
        all
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn of(&self, bag: i64) -> &[i64] {
        &self.words[self.starts[bag as usize]..self.starts[bag as usize + 1]]
    }

    /// Some of them as rows of zeros and ones: [bags, words].
    fn rows(&self, bags: &[i64], words: i64, device: Device) -> Tensor {
        let mut cells = Vec::new();
        for (row, &bag) in (0_i64..).zip(bags) {
            cells.extend(self.of(bag).iter().map(|word| row * words + word));
        }
        let rows = bags.len() as i64;
        let cells = Tensor::from_slice(&cells).to_device(device);
        let mut all = Tensor::zeros([rows * words], (Kind::Float, device));
        let _ = all.index_fill_(0, &cells, 1.0);
        all.view([rows, words])
    }

    /// Some of them as items of a group.
    fn items(&self, bags: &[i64], words: i64, group: i64, device: Device) -> Items {
        let known = |&bag: &i64| if self.of(bag).is_empty() { 0_f32 } else { 1.0 };
        let known: Vec<f32> = bags.iter().map(known).collect();
        let known = Tensor::from_slice(&known).view([-1, 1]).to_device(device);
        let index = Tensor::from_slice(bags).to_device(device);
        let words = self.rows(bags, words, device);
        Items { index, words, known, seen: None, read: None, group }
    }
}

impl Collection {
    /// Takes a group with its attributes and the vectors of its captions: [queries, `TEXTS` × 384].
    pub fn new(
        group: &Group,
        attributes: &Attributes,
        vocabulary: &Vocabulary,
        texts: &Tensor,
        device: Device,
    ) -> Result<Self> {
        let index = |id: &str| group.gallery.index_of(id.as_bytes()).map_or(-1, i64::from);
        let numbers = |id: &str| vocabulary.numbers(attributes, id);
        let targets = group.targets.as_ref();
        let phrases = Phrases::of(&vocabulary.words);
        Ok(Self {
            name: group.name.clone(),
            group: vocabulary.group(&group.name)?,
            items: Bags::new(group.gallery.iter().map(numbers)),
            references: Bags::new(group.queries.iter().map(|q| numbers(q.reference.as_str()))),
            reference_index: group.queries.iter().map(|q| index(q.reference.as_str())).collect(),
            targets: targets
                .map(|all| (0..all.queries()).map(|q| i64::from(all.of(q)[0])).collect())
                .unwrap_or_default(),
            texts: texts.to_device(device),
            said: Bags::new(group.queries.iter().map(|q| phrases.said(&q.captions))),
            spoken: group.queries.iter().map(|q| spoken(&q.captions)).collect(),
            told: Tensor::zeros(
                [group.queries.len() as i64, vocabulary.len()],
                (Kind::Float, device),
            ),
            looks: None,
            group_words: None,
            device,
            words: vocabulary.len(),
        })
    }

    /// Adds the vectors of the group's pictures, as transformed by a lens.
    pub(super) fn seeing(mut self, group: &Group, vectors: &ItemVectors, lens: &Lens) -> Self {
        self.looks = Some(lens.looks(vectors, group));
        self
    }

    /// Adds the words of items and of their captions.
    pub(super) fn reading(self, words: GroupWords) -> Self {
        Self { group_words: Some(words), ..self }
    }

    /// Some items of the gallery.
    pub fn items(&self, items: &[i64]) -> Items {
        let seen = self.looks.as_ref().map(|looks| looks.items(items));
        let read = self.group_words.as_ref().map(|words| words.items(items));
        Items { seen, read, ..self.items.items(items, self.words, self.group, self.device) }
    }

    /// Some queries.
    pub fn queries(&self, queries: &[i64]) -> Queries {
        self.queries_read(queries, &vec![0; queries.len()])
    }

    /// Some queries, each with the number of its reading: 0 with all its captions, 1 with the first alone, 2 with
    /// the last alone.
    pub fn queries_read(&self, queries: &[i64], readings: &[usize]) -> Queries {
        let rows = Tensor::from_slice(queries).to_device(self.device);
        let seen = self.looks.as_ref().map(|looks| looks.references(queries));
        let references = self.references.items(queries, self.words, self.group, self.device);
        Queries {
            references: Items { seen, ..references },
            read: self.group_words.as_ref().map(|words| words.queries(queries, readings)),
            texts: self.read_texts(queries, readings),
            said: self.said.rows(queries, self.words, self.device),
            told: self.told.index_select(0, &rows),
        }
    }

    /// The vectors of captions; where one caption is read alone, its vector stands for all.
    fn read_texts(&self, queries: &[i64], readings: &[usize]) -> Tensor {
        let texts = |(&query, &reading): (&i64, &usize)| {
            let from = TEXTS * query;
            match reading {
                0 => [from, from + 1, from + 2],
                alone => [from + alone as i64 - 1; TEXTS as usize],
            }
        };
        let rows: Vec<i64> = queries.iter().zip(readings).flat_map(texts).collect();
        let rows = Tensor::from_slice(&rows).to_device(self.device);
        let all = self.texts.view([-1, TEXT_DIM]);
        all.index_select(0, &rows).view([-1, TEXTS * TEXT_DIM])
    }

    /// The words of a query's target.
    pub(super) fn target(&self, query: i64) -> &[i64] {
        self.items.of(self.targets[query as usize])
    }

    /// Sets the associations of captions: [queries, words], row by row.
    pub(super) fn set_told(&mut self, told: &[f32]) {
        self.told = Tensor::from_slice(told).view_as(&self.told).to_device(self.device);
    }

    /// How many items of the gallery have a caption, and how many there are; none if captions aren't
    /// read.
    pub fn captioned(&self) -> Option<[usize; 2]> {
        let read = self.group_words.as_ref()?;
        Some([read.captioned, self.items.len()])
    }

    /// The device of its tensors.
    pub fn device(&self) -> Device {
        self.device
    }
}

/// The distinct words of a query's captions, in order.
fn spoken(captions: &[String]) -> Vec<String> {
    let words: BTreeSet<String> = captions.iter().flat_map(|caption| words(caption)).collect();
    words.into_iter().collect()
}
