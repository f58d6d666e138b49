//! The networks, one small file each. All map queries and items into one space, where the score of an
//! item for a query is the product of their vectors.

mod composed;
mod parts;
mod reference_only;
mod sum;
mod text_only;
mod tirg;

use tch::{Tensor, nn};

use super::collection::{Items, Queries};
use super::lens::Lens;
use super::settings::Settings;
use super::vocabulary::Vocabulary;
use crate::error::{Error, Result};

/// A network that learns vectors of queries and items.
pub trait Network {
    /// The vectors of items: [items, width]. `crowd` are other items of the gallery, drawn at
    /// random, for networks that weigh how ordinary an item is; `train` turns dropout on.
    fn items(&self, items: &Items, crowd: &Items, train: bool) -> Tensor;

    /// The vectors of queries: [queries, width].
    fn queries(&self, queries: &Queries, train: bool) -> Tensor;
}

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

    /// The model with initial values, its parameters under a path.
    pub fn build(self, path: &nn::Path<'_>, plan: &Plan<'_>) -> Box<dyn Network> {
        (self.build)(path, plan)
    }
}
