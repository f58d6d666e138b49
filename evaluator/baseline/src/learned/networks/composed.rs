//! The best found: how likely the reference is to be shown for an item, times how likely the captions
//! are said of the two.

use tch::Tensor;
use tch::nn::{self, Module};

use super::parts::{Factor, Table, Text, ones, silent};
use super::reference_only::ReferenceOnly;
use super::{Network, Plan, Trained};
use crate::learned::collection::{Items, Queries};
use crate::learned::minilm::unit;

pub(super) const MODEL: Trained = Trained {
    name: "composed",
    about: "likeness to the reference, changed by what the captions ask for; the best found",
    build: |path, plan| Box::new(Composed::new(path, plan)),
};

/// `reference-only`, to which a layer over reference and captions adds: a second learned place, and
/// for each word how much more, or less, an item should have it.
struct Composed {
    reference: ReferenceOnly,
    to: Table,
    from: Table,
    text: Text,
    hidden: nn::Linear,
    near: nn::Linear,
    words: nn::Linear,
    known: nn::Linear,
    factor: Factor,
    dropout: f64,
}

impl Composed {
    fn new(path: &nn::Path<'_>, plan: &Plan<'_>) -> Self {
        let width = plan.settings.width;
        let inner = 2 * width;
        let config = nn::LinearConfig::default();
        Self {
            reference: ReferenceOnly::new(&(path / "reference"), plan),
            to: Table::new(&(path / "to"), plan, width),
            from: Table::new(&(path / "from"), plan, inner),
            text: Text::new(&(path / "text"), plan, inner),
            hidden: nn::linear(path / "hidden", 2 * inner, inner, config),
            near: nn::linear(path / "near", inner, width, config),
            words: silent(&(path / "words"), inner, plan.vocabulary.len()),
            known: silent(&(path / "known"), inner, 1),
            factor: Factor::new(path, "factor", 3.0),
            dropout: plan.settings.dropout,
        }
    }
}

impl Network for Composed {
    fn items(&self, items: &Items, crowd: &Items, _: bool) -> Tensor {
        let place = self.reference.place(items, crowd);
        let near = unit(&self.to.of(&self.reference.weights.of(items), items));
        Tensor::cat(&[place, near], 1)
    }

    fn queries(&self, queries: &Queries, train: bool) -> Tensor {
        let drop = |x: Tensor| x.dropout(self.dropout, train);
        let references = &queries.references;
        let weighted = self.reference.weights.of(references);
        let side = self.reference.side(&weighted, references);
        let from = self.from.of(&weighted, references);
        let both = Tensor::cat(&[from, self.text.of(queries, train)], 1);
        let hidden = drop(self.hidden.forward(&drop(both.relu())).relu());
        let words = side.words + self.words.forward(&hidden);
        let known = side.known + self.known.forward(&hidden);
        let near = self.factor.of(&unit(&self.near.forward(&hidden)));
        Tensor::cat(&[&side.near, &words, &known, &ones(&near), &near], 1)
    }
}
