//! Uses only the captions, not the reference.

use tch::Tensor;
use tch::nn::{self, Module};

use super::parts::{Factor, Table, Text, Weights, silent};
use super::{Network, Plan, Trained};
use crate::learned::collection::{Items, Queries};
use crate::learned::minilm::unit;

pub(super) const MODEL: Trained = Trained {
    name: "text-only",
    about: "what the captions ask for; the reference is not used",
    build: |path, plan| Box::new(TextOnly::new(path, plan)),
};

/// The captions give the query's vector, and for each word whether an item should have it.
struct TextOnly {
    weights: Weights,
    to: Table,
    text: Text,
    hidden: nn::Linear,
    near: nn::Linear,
    words: nn::Linear,
    known: nn::Linear,
    factor: Factor,
    dropout: f64,
}

impl TextOnly {
    fn new(path: &nn::Path<'_>, plan: &Plan<'_>) -> Self {
        let width = plan.settings.width;
        let inner = 2 * width;
        Self {
            weights: Weights::new(path, plan),
            to: Table::new(&(path / "to"), plan, width),
            text: Text::new(&(path / "text"), plan, inner),
            hidden: nn::linear(path / "hidden", inner, inner, nn::LinearConfig::default()),
            near: nn::linear(path / "near", inner, width, nn::LinearConfig::default()),
            words: silent(&(path / "words"), inner, plan.vocabulary.len()),
            known: silent(&(path / "known"), inner, 1),
            factor: Factor::new(path, "factor", 3.0),
            dropout: plan.settings.dropout,
        }
    }
}

impl Network for TextOnly {
    fn items(&self, items: &Items, _: &Items, _: bool) -> Tensor {
        let weighted = self.weights.of(items);
        let near = unit(&self.to.of(&weighted, items));
        Tensor::cat(&[&near, &weighted, &items.known], 1)
    }

    fn queries(&self, queries: &Queries, train: bool) -> Tensor {
        let drop = |x: Tensor| x.dropout(self.dropout, train);
        let hidden = drop(self.text.of(queries, train).relu());
        let hidden = drop(self.hidden.forward(&hidden).relu());
        let near = self.factor.of(&unit(&self.near.forward(&hidden)));
        Tensor::cat(&[near, self.words.forward(&hidden), self.known.forward(&hidden)], 1)
    }
}
