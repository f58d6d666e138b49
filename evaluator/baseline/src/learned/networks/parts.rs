//! The parts of the networks.

use tch::nn::{self, Init, Module};
use tch::{Kind, Tensor};

use super::Plan;
use crate::learned::collection::{Items, Queries};
use crate::learned::features::TEXTS;
use crate::learned::lens::Seen;
use crate::learned::minilm::{TEXT_DIM, unit};

/// How far from 0 the values of a table start.
const SPREAD: f64 = 0.05;

/// The weight of the part of a table that comes from the words' own vectors.
const SHARED: f64 = 0.3;

/// Words start with this power of their rarity.
const RARITY_POWER: f64 = 0.75;

/// The length to which the vectors of texts, of length 1, are scaled.
const TEXT_SCALE: f64 = 10.0;

/// The likeness of items that can't be chosen.
const NEVER: f64 = -1e4;

/// The weight of each word of an item, in each group.
pub(super) struct Weights(Tensor);

impl Weights {
    /// Starts at a power of the words' rarity.
    pub(super) fn new(path: &nn::Path<'_>, plan: &Plan<'_>) -> Self {
        let rarity: Vec<f32> = plan.vocabulary.rarity.concat();
        let groups = plan.vocabulary.groups.len() as i64;
        let start = Tensor::from_slice(&rarity).clamp_min(0.1).log() * RARITY_POWER;
        let start = start.view([groups, plan.vocabulary.len()]).to_device(path.device());
        Self(path.var_copy("log_weight", &start))
    }

    /// Items as rows of weighted words, of length 1: [items, words].
    pub(super) fn of(&self, items: &Items) -> Tensor {
        unit(&(&items.words * self.0.get(items.group).exp()))
    }
}

/// Items in a learned space: the sum of a vector for each word, one for the group, one for an item
/// without words, and the picture's vector if the model uses pictures.
pub(super) struct Table {
    words: Tensor,
    shared: Tensor,
    vectors: Tensor,
    group: Tensor,
    unknown: Tensor,
    pictures: Option<Pictures>,
}

/// What pictures add to a table.
struct Pictures {
    /// [axes of the lens, width].
    places: Tensor,
    /// In place of a missing picture, by group: [groups, width].
    unknown: Tensor,
}

impl Pictures {
    /// Each of the lens' first axes starts as one of the space, so that similar pictures are close
    /// before training starts.
    fn new(path: &nn::Path<'_>, groups: i64, axes: i64, width: i64) -> Self {
        let start = Tensor::eye_m(axes, width, (Kind::Float, path.device()));
        Self {
            places: path.var_copy("places", &start),
            unknown: path.randn("unknown", &[groups, width], 0.0, SPREAD),
        }
    }

    fn of(&self, seen: &Seen, group: i64) -> Tensor {
        seen.vectors.matmul(&self.places) + (1.0 - &seen.known) * self.unknown.get(group)
    }
}

impl Table {
    /// A word's vector is the sum of its own vector and a projection of the text encoder's, so that a
    /// rare word is close to similar words.
    pub(super) fn new(path: &nn::Path<'_>, plan: &Plan<'_>, width: i64) -> Self {
        let groups = plan.vocabulary.groups.len() as i64;
        let near = |name, shape: &[i64]| path.randn(name, shape, 0.0, SPREAD);
        Self {
            words: near("words", &[plan.vocabulary.len(), width]),
            shared: near("shared", &[TEXT_DIM, width]),
            vectors: plan.vectors.shallow_clone(),
            group: path.zeros("group", &[groups, width]),
            unknown: near("unknown", &[groups, width]),
            pictures: plan
                .lens
                .map(|lens| Pictures::new(&(path / "pictures"), groups, lens.axes(), width)),
        }
    }

    /// `weighted`: the items' words, weighted by [`Weights`]; [items, width].
    pub(super) fn of(&self, weighted: &Tensor, items: &Items) -> Tensor {
        let words = &self.words + self.vectors.matmul(&self.shared) * SHARED;
        let unknown = (1.0 - &items.known) * self.unknown.get(items.group);
        let place = weighted.matmul(&words) + self.group.get(items.group) + unknown;
        match (&self.pictures, &items.seen) {
            (Some(pictures), Some(seen)) => place + pictures.of(seen, items.group),
            _ => place,
        }
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

/// A learned factor, stored as its logarithm so that it stays above 0: one over a temperature.
pub(super) struct Factor(Tensor);

impl Factor {
    pub(super) fn new(path: &nn::Path<'_>, name: &str, start: f64) -> Self {
        Self(path.var(name, &[1], Init::Const(start.ln())))
    }

    pub(super) fn of(&self, rows: &Tensor) -> Tensor {
        rows * self.0.exp()
    }
}

/// How a reference affects items with any words: one number per group for references without words, and
/// another for those with words.
pub(super) struct Known(Tensor);

impl Known {
    pub(super) fn new(path: &nn::Path<'_>, plan: &Plan<'_>) -> Self {
        Self(path.zeros("known", &[plan.vocabulary.groups.len() as i64, 2]))
    }

    /// [references, 1].
    pub(super) fn of(&self, references: &Items) -> Tensor {
        let known = self.0.get(references.group);
        (1.0 - &references.known) * known.get(0) + &references.known * known.get(1)
    }
}

/// How ordinary items are: the logarithm of the sum over a crowd of exp(likeness), without
/// an item's likeness with itself; [items, 1]. Takes the vectors of the items, and those of the crowd as
/// references.
pub(super) fn ordinary(places: &Tensor, items: &Items, sides: &Tensor, crowd: &Items) -> Tensor {
    let itself = items.index.unsqueeze(1).eq_tensor(&crowd.index);
    let likeness = places.matmul(&sides.transpose(0, 1)).masked_fill(&itself, NEVER);
    likeness.logsumexp([1].as_slice(), true)
}

/// A linear layer that starts at 0, so that it has no effect before training.
pub(super) fn silent(path: &nn::Path<'_>, from: i64, to: i64) -> nn::Linear {
    let config =
        nn::LinearConfig { ws_init: Init::Const(0.0), bs_init: Some(Init::Const(0.0)), bias: true };
    nn::linear(path, from, to, config)
}

/// Rows with a column of ones.
pub(super) fn ones(rows: &Tensor) -> Tensor {
    Tensor::ones([rows.size()[0], 1], (Kind::Float, rows.device()))
}
