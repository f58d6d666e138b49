//! What the networks are made of.

use tch::nn::{self, Init, Module};
use tch::{Kind, Tensor};

use super::Plan;
use crate::learned::collection::{Items, Queries};
use crate::learned::features::TEXTS;
use crate::learned::minilm::{TEXT_DIM, unit};

/// How far from 0 the values of a table start.
const SPREAD: f64 = 0.05;

/// What the part of a table that comes from the words' own vectors counts.
const SHARED: f64 = 0.3;

/// Words start with this power of their rarity.
const RARITY_POWER: f64 = 0.75;

/// What the vectors of texts, of length 1, are brought to.
const TEXT_SCALE: f64 = 10.0;

/// How much each word tells of an item, in each group.
pub(super) struct Weights(Tensor);

impl Weights {
    /// Starts at a power of the words' rarity.
    pub(super) fn new(path: &nn::Path<'_>, plan: &Plan<'_>) -> Self {
        let rarity: Vec<f32> = plan.vocabulary.rarity.concat();
        let groups = plan.vocabulary.groups.len() as i64;
        let start = Tensor::from_slice(&rarity).clamp_min(0.1).log() * RARITY_POWER;
        let start = start.view([groups, -1]).to_device(path.device());
        Self(path.var_copy("log_weight", &start))
    }

    /// Items as rows of weighted words, of length 1: [items, words].
    pub(super) fn of(&self, items: &Items) -> Tensor {
        unit(&(&items.words * self.0.get(items.group).exp()))
    }
}

/// Where items belong in a learned space: the sum of a vector for each word, one for the group, and
/// one for an item of which nothing is known.
pub(super) struct Table {
    words: Tensor,
    shared: Tensor,
    vectors: Tensor,
    group: Tensor,
    unknown: Tensor,
}

impl Table {
    /// A word's vector is one of its own, and a projection of what the text encoder makes of it, so
    /// that a rare word stands near its like.
    pub(super) fn new(path: &nn::Path<'_>, plan: &Plan<'_>, width: i64) -> Self {
        let groups = plan.vocabulary.groups.len() as i64;
        let near = |name, shape: &[i64]| path.randn(name, shape, 0.0, SPREAD);
        Self {
            words: near("words", &[plan.vocabulary.len(), width]),
            shared: near("shared", &[TEXT_DIM, width]),
            vectors: plan.vectors.shallow_clone(),
            group: path.zeros("group", &[groups, width]),
            unknown: near("unknown", &[groups, width]),
        }
    }

    /// `weighted`: what [`Weights`] makes of the items; [items, width].
    pub(super) fn of(&self, weighted: &Tensor, items: &Items) -> Tensor {
        let words = &self.words + self.vectors.matmul(&self.shared) * SHARED;
        let unknown = (1.0 - &items.known) * self.unknown.get(items.group);
        weighted.matmul(&words) + self.group.get(items.group) + unknown
    }
}

/// A layer from the vectors of the captions.
pub(super) struct Text {
    layer: nn::Linear,
    dropout: f64,
}

impl Text {
    pub(super) fn new(path: &nn::Path<'_>, plan: &Plan<'_>, width: i64) -> Self {
        let layer = nn::linear(path, TEXTS * TEXT_DIM, width, nn::LinearConfig::default());
        Self { layer, dropout: plan.settings.dropout }
    }

    /// [queries, width].
    pub(super) fn of(&self, queries: &Queries, train: bool) -> Tensor {
        self.layer.forward(&(&queries.texts * TEXT_SCALE).dropout(self.dropout, train))
    }
}

/// A learned factor, kept as its logarithm so that it stays above 0: one over a temperature.
pub(super) struct Factor(Tensor);

impl Factor {
    pub(super) fn new(path: &nn::Path<'_>, name: &str, start: f64) -> Self {
        Self(path.var(name, &[1], Init::Const(start.ln())))
    }

    pub(super) fn of(&self, rows: &Tensor) -> Tensor {
        rows * self.0.exp()
    }
}

/// A linear layer that starts at 0, so that it says nothing before it has learned.
pub(super) fn silent(path: &nn::Path<'_>, from: i64, to: i64) -> nn::Linear {
    let config =
        nn::LinearConfig { ws_init: Init::Const(0.0), bs_init: Some(Init::Const(0.0)), bias: true };
    nn::linear(path, from, to, config)
}

/// A column of ones beside rows.
pub(super) fn ones(rows: &Tensor) -> Tensor {
    Tensor::ones([rows.size()[0], 1], (Kind::Float, rows.device()))
}
