//! Text image residual gating: the captions keep some of the reference, and add to it.

use tch::Tensor;
use tch::nn::{self, Module};

use super::parts::{Factor, Table, Text, Weights};
use super::{Network, Plan, Trained};
use crate::learned::collection::{Items, Queries};
use crate::learned::minilm::unit;

pub(super) const MODEL: Trained = Trained {
    name: "tirg",
    about: "the reference, gated by the captions, plus a residual (Vo et al. 2019)",
    build: |path, plan| Box::new(Tirg::new(path, plan)),
};

/// The gate over its own table.
struct Tirg {
    weights: Weights,
    gated: Gated,
}

/// w₁ σ(gate(r, t)) ⊙ r + w₂ residual(r, t), both of two layers (Vo et al., CVPR 2019, section 3.2),
/// in the space of the items.
pub(super) struct Gated {
    table: Table,
    text: Text,
    gate: [nn::Linear; 2],
    residual: [nn::Linear; 2],
    kept: Factor,
    added: Factor,
    factor: Factor,
    dropout: f64,
}

impl Gated {
    pub(super) fn new(path: &nn::Path<'_>, plan: &Plan<'_>) -> Self {
        let width = 2 * plan.settings.width;
        let two = |name: &str| {
            let config = nn::LinearConfig::default();
            let first = nn::linear(path / name / "first", 2 * width, width, config);
            [first, nn::linear(path / name / "second", width, width, config)]
        };
        Self {
            table: Table::new(&(path / "table"), plan, width),
            text: Text::new(&(path / "text"), plan, width),
            gate: two("gate"),
            residual: two("residual"),
            kept: Factor::new(path, "kept", 1.0),
            added: Factor::new(path, "added", 0.1),
            factor: Factor::new(path, "factor", 8.0),
            dropout: plan.settings.dropout,
        }
    }

    /// The vectors of items, of length 1: [items, 2 × width]. `weighted`: their weighted words.
    pub(super) fn place(&self, weighted: &Tensor, items: &Items) -> Tensor {
        unit(&self.table.of(weighted, items))
    }

    /// The vectors of queries, and the layer below, over reference and captions:
    /// [queries, 2 × width] and [queries, 4 × width]. `weighted`: their references' weighted words.
    pub(super) fn ask(
        &self,
        weighted: &Tensor,
        queries: &Queries,
        train: bool,
    ) -> (Tensor, Tensor) {
        let reference = self.place(weighted, &queries.references);
        let text = self.text.of(queries, train);
        let both = Tensor::cat(&[&reference, &text], 1).relu().dropout(self.dropout, train);
        let two = |[first, second]: &[nn::Linear; 2]| second.forward(&first.forward(&both).relu());
        let kept = self.kept.of(&(two(&self.gate).sigmoid() * &reference));
        let near = unit(&(kept + self.added.of(&two(&self.residual))));
        (self.factor.of(&near), both)
    }
}

impl Tirg {
    fn new(path: &nn::Path<'_>, plan: &Plan<'_>) -> Self {
        Self { weights: Weights::new(path, plan), gated: Gated::new(path, plan) }
    }
}

impl Network for Tirg {
    fn items(&self, items: &Items, _: &Items, _: bool) -> Tensor {
        self.gated.place(&self.weights.of(items), items)
    }

    fn queries(&self, queries: &Queries, train: bool) -> Tensor {
        self.gated.ask(&self.weights.of(&queries.references), queries, train).0
    }
}
