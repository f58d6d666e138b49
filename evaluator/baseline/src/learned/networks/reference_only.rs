//! Uses only the reference, not the captions.

use tch::{Tensor, nn};

use super::parts::{Factor, Known, Table, Weights, ones, ordinary};
use super::{Network, Plan, Trained};
use crate::learned::collection::{Items, Queries};
use crate::learned::minilm::unit;

pub(super) const MODEL: Trained = Trained {
    name: "reference-only",
    about: "likeness to the reference by attributes, learned; the captions are not used",
    build: |path, plan| Box::new(ReferenceOnly::new(path, plan)),
};

/// How likely reference r is shown if item t is wanted.
///
/// References were chosen among the items most similar to the target, so the model learns P(r | t) =
/// exp(like(r, t)) / Σ exp(like(r', t)) over the gallery, and the score is its logarithm. An item that
/// is similar to everything is a likely answer to nothing. The sum is over a random crowd.
struct ReferenceOnly {
    weights: Weights,
    from: Table,
    to: Table,
    near: Factor,
    same: Factor,
    known: Known,
}

impl ReferenceOnly {
    fn new(path: &nn::Path<'_>, plan: &Plan<'_>) -> Self {
        let width = plan.settings.width;
        Self {
            weights: Weights::new(path, plan),
            from: Table::new(&(path / "from"), plan, width),
            to: Table::new(&(path / "to"), plan, width),
            near: Factor::new(path, "near", 1.0),
            same: Factor::new(path, "same", 8.0),
            known: Known::new(path, plan),
        }
    }

    /// The learned vectors of references, their weighted words, and their effect on items with words:
    /// [references, width + words + 1].
    fn side(&self, references: &Items) -> Tensor {
        let weighted = self.weights.of(references);
        let near = self.near.of(&unit(&self.from.of(&weighted, references)));
        Tensor::cat(&[near, self.same.of(&weighted), self.known.of(references)], 1)
    }
}

impl Network for ReferenceOnly {
    fn items(&self, items: &Items, crowd: &Items, _: bool) -> Tensor {
        let weighted = self.weights.of(items);
        let place = unit(&self.to.of(&weighted, items));
        let place = Tensor::cat(&[&place, &weighted, &items.known], 1);
        let ordinary = ordinary(&place, items, &self.side(crowd), crowd);
        Tensor::cat(&[place, -ordinary], 1)
    }

    fn queries(&self, queries: &Queries, _: bool) -> Tensor {
        let side = self.side(&queries.references);
        Tensor::cat(&[&side, &ones(&side)], 1)
    }
}
