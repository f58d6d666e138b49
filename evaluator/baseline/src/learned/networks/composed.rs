//! The best model: the reference changed by the captions, the words of both, and how ordinary an item
//! is.

use tch::Tensor;
use tch::nn::{self, Module};

use super::captioned::Captioned;
use super::parts::{Factor, Known, Weights, ones, ordinary, silent};
use super::tirg::Gated;
use super::{Network, Plan, Trained};
use crate::learned::collection::{Items, Queries};

pub(super) const MODEL: Trained = Trained {
    name: "composed",
    about: "likeness to the reference, changed by what the captions ask for; the best found",
    build: |path, plan| match plan.lexicon {
        Some(lexicon) => Box::new(Captioned::new(path, plan, lexicon)),
        None => Box::new(Composed::new(path, plan)),
    },
};

/// The initial weight of a word in the captions, relative to [`SAME`].
const SAID: f64 = 3.0;

/// The initial weight of a word's associations, in nats. Words of one caption are not independent, so it
/// is less than their sum.
const TOLD: f64 = 0.5;

/// The initial weight of the cosine of the words.
const SAME: f64 = 4.0;

/// The initial share of how ordinary an item is that is subtracted. With all of it the score would be
/// the logarithm of P(reference | item), which doesn't include the captions.
const SHARE: f64 = 0.5;

/// `tirg`'s gated embedding; the cosine of weighted words with the reference; for each word how much
/// more or less it is wanted, from a layer over reference and captions, because the captions contain
/// it, and from the associations in train; minus a share of how ordinary the item is.
struct Composed {
    weights: Weights,
    gated: Gated,
    same: Factor,
    known: Known,
    /// In place of the gated embedding's own factor, if one of the crowd is the reference.
    near: Factor,
    share: Tensor,
    said: Tensor,
    told: Tensor,
    hidden: nn::Linear,
    words: nn::Linear,
    described: nn::Linear,
    dropout: f64,
}

impl Composed {
    fn new(path: &nn::Path<'_>, plan: &Plan<'_>) -> Self {
        let inner = 2 * plan.settings.width;
        let start =
            |name: &str, shape: &[i64], value| path.var(name, shape, nn::Init::Const(value));
        Self {
            weights: Weights::new(path, plan),
            gated: Gated::new(&(path / "gated"), plan),
            same: Factor::new(path, "same", SAME),
            known: Known::new(path, plan),
            near: Factor::new(path, "near", 8.0),
            share: start("share", &[1], SHARE),
            said: start("said", &[plan.vocabulary.len()], SAID),
            told: start("told", &[plan.vocabulary.len()], TOLD),
            hidden: nn::linear(path / "hidden", 2 * inner, inner, nn::LinearConfig::default()),
            words: silent(&(path / "words"), inner, plan.vocabulary.len()),
            described: silent(&(path / "described"), 2 * inner, 1),
            dropout: plan.settings.dropout,
        }
    }
}

impl Network for Composed {
    fn items(&self, items: &Items, crowd: &Items, _: bool) -> Tensor {
        let weighted = self.weights.of(items);
        let near = self.gated.place(&weighted, items);
        let place = Tensor::cat(&[&near, &weighted, &items.known], 1);
        let weighted = self.weights.of(crowd);
        let near = self.near.of(&self.gated.place(&weighted, crowd));
        let sides = Tensor::cat(&[near, self.same.of(&weighted), self.known.of(crowd)], 1);
        let ordinary = ordinary(&place, items, &sides, crowd);
        Tensor::cat(&[place, -ordinary * &self.share], 1)
    }

    fn queries(&self, queries: &Queries, train: bool) -> Tensor {
        let references = &queries.references;
        let weighted = self.weights.of(references);
        let (near, both) = self.gated.ask(&weighted, queries, train);
        let hidden = self.hidden.forward(&both).relu().dropout(self.dropout, train);
        let words = self.same.of(&weighted) + self.words.forward(&hidden);
        let words = words + &self.said * &queries.said + &self.told * &queries.told;
        let known = self.known.of(references) + self.described.forward(&both);
        Tensor::cat(&[&near, &words, &known, &ones(&near)], 1)
    }
}
