//! The networks, one small file each. All map queries and items into one space, where the score of an
//! item for a query is the product of their vectors.

mod captioned;
mod composed;
mod parts;
mod reference_only;
mod sentence_place;
mod sum;
mod text_only;
mod tirg;

use tch::{Kind, Tensor, nn};

use super::collection::{Items, Queries};
use super::item_words::ItemWords;
use super::lens::Lens;
use super::settings::Settings;
use super::vocabulary::Vocabulary;
use crate::error::{Error, Result};
use crate::lexical::Lexicon;

/// A network that learns vectors of queries and items.
pub trait Network {
    /// The vectors of items: [items, width]. `crowd` are other items of the gallery, drawn at
    /// random, for networks that weigh how ordinary an item is; `train` turns dropout on.
    fn items(&self, items: &Items, crowd: &Items, train: bool) -> Tensor;

    /// The vectors of queries: [queries, width].
    fn queries(&self, queries: &Queries, train: bool) -> Tensor;

    /// For networks that also score the words of items: how much each query wants each word, in two
    /// parts; [words, 2 × queries].
    fn wanted(&self, _queries: &Queries) -> Option<Tensor> {
        None
    }

    /// What the two sums over an item's wanted words are multiplied with: [items, 2].
    fn scales(&self, _items: &Items) -> Option<Tensor> {
        None
    }

    /// The scores of items for queries: [queries, items].
    fn scores(&self, queries: &Queries, items: &Items, crowd: &Items, train: bool) -> Tensor {
        let products = self.queries(queries, train);
        let products = products.matmul(&self.items(items, crowd, train).transpose(0, 1));
        match (self.wanted(queries), self.scales(items), &items.read) {
            (Some(wanted), Some(scales), Some(words)) => {
                products + score_words(&wanted, &scales, words)
            }
            _ => products,
        }
    }
}

/// The scores of the words of items: [queries, items].
pub(in crate::learned) fn score_words(
    wanted: &Tensor,
    scales: &Tensor,
    items: &ItemWords,
) -> Tensor {
    let sums = sums_of_bags(wanted, &items.numbers, &items.starts);
    let parts = sums.view([scales.size()[0], 2, -1]) * scales.unsqueeze(2);
    parts.sum_dim_intlist([1].as_slice(), false, Kind::Float).transpose(0, 1)
}

/// The sums of a table's rows over bags of their numbers: [bags, width].
pub(in crate::learned) fn sums_of_bags(
    table: &Tensor,
    numbers: &Tensor,
    starts: &Tensor,
) -> Tensor {
    let (sums, ..) =
        Tensor::embedding_bag::<Tensor>(table, numbers, starts, false, SUM, false, None, false);
    sums
}

/// Libtorch's number for sums in bags.
const SUM: i64 = 0;

/// The input to build a network.
pub struct Plan<'a> {
    /// The settings.
    pub settings: &'a Settings,
    /// The words that items have.
    pub vocabulary: &'a Vocabulary,
    /// The vectors of the words: [words, 384].
    pub vectors: &'a Tensor,
    /// How pictures are transformed, for a model that uses them.
    pub lens: Option<&'a Lens>,
    /// The words of items and of their captions, for a model that reads these.
    pub lexicon: Option<&'a Lexicon>,
}

/// A trained model.
#[derive(Clone, Copy)]
pub struct Trained {
    /// Its name on the command line.
    pub name: &'static str,
    /// One sentence.
    pub about: &'static str,
    build: fn(&nn::Path<'_>, &Plan<'_>) -> Box<dyn Network>,
}

/// All trained models, in the order in which they are listed.
pub const TRAINED: [Trained; 5] =
    [reference_only::MODEL, text_only::MODEL, sum::MODEL, tirg::MODEL, composed::MODEL];

impl Trained {
    /// The model of that name.
    pub fn named(name: &str) -> Result<Self> {
        let found = TRAINED.into_iter().find(|model| model.name == name);
        found.ok_or_else(|| Error::NoModel(name.to_owned()))
    }

    /// Whether the model of that name can read the captions of items.
    pub fn reads_captions(name: &str) -> bool {
        name == composed::MODEL.name
    }

    /// The model with initial values, its parameters under a path.
    pub fn build(self, path: &nn::Path<'_>, plan: &Plan<'_>) -> Box<dyn Network> {
        (self.build)(path, plan)
    }
}
