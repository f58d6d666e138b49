//! The best found: how likely the reference is to be shown for an item, times how likely the captions
//! are said of the two.

use tch::Tensor;
use tch::nn::{self, Module};

use super::parts::{ones, silent};
use super::reference_only::ReferenceOnly;
use super::tirg::Gated;
use super::{Network, Plan, Trained};
use crate::learned::collection::{Items, Queries};

pub(super) const MODEL: Trained = Trained {
    name: "composed",
    about: "likeness to the reference, changed by what the captions ask for; the best found",
    build: |path, plan| Box::new(Composed::new(path, plan)),
};

/// `reference-only`, to which reference and captions together add a gated place as `tirg`'s, and for
/// each word how much more, or less, an item should have it.
struct Composed {
    reference: ReferenceOnly,
    gated: Gated,
    hidden: nn::Linear,
    words: nn::Linear,
    known: nn::Linear,
    dropout: f64,
}

impl Composed {
    fn new(path: &nn::Path<'_>, plan: &Plan<'_>) -> Self {
        let inner = 2 * plan.settings.width;
        let config = nn::LinearConfig::default();
        Self {
            reference: ReferenceOnly::new(&(path / "reference"), plan),
            gated: Gated::new(&(path / "gated"), plan),
            hidden: nn::linear(path / "hidden", 2 * inner, inner, config),
            words: silent(&(path / "words"), inner, plan.vocabulary.len()),
            known: silent(&(path / "known"), inner, 1),
            dropout: plan.settings.dropout,
        }
    }
}

impl Network for Composed {
    fn items(&self, items: &Items, crowd: &Items, _: bool) -> Tensor {
        let place = self.reference.place(items, crowd);
        let near = self.gated.place(&self.reference.weights.of(items), items);
        Tensor::cat(&[place, near], 1)
    }

    fn queries(&self, queries: &Queries, train: bool) -> Tensor {
        let references = &queries.references;
        let weighted = self.reference.weights.of(references);
        let side = self.reference.side(&weighted, references);
        let (near, both) = self.gated.ask(&weighted, queries, train);
        let hidden = self.hidden.forward(&both).relu().dropout(self.dropout, train);
        let words = side.words + self.words.forward(&hidden);
        let known = side.known + self.known.forward(&hidden);
        Tensor::cat(&[&side.near, &words, &known, &ones(&near), &near], 1)
    }
}
