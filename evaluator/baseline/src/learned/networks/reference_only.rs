//! What the reference alone says; the captions are not read.

use tch::{Tensor, nn};

use super::parts::{Factor, Table, Weights, ones};
use super::{Network, Plan, Trained};
use crate::learned::collection::{Items, Queries};
use crate::learned::minilm::unit;

pub(super) const MODEL: Trained = Trained {
    name: "reference-only",
    about: "likeness to the reference by attributes, learned; the captions are not read",
    build: |path, plan| Box::new(ReferenceOnly::new(path, plan)),
};

/// The likeness of what can't be chosen.
const NEVER: f64 = -1e4;

/// How likely a reference r is shown to someone who wants the item t.
///
/// References were chosen among the items most like the target, so what is learned is P(r | t) =
/// exp(like(r, t)) / Σ exp(like(r', t)) over the gallery, and the score is its logarithm: an item
/// that is like everything is a likely answer to nothing. The sum is taken over a random crowd.
pub(super) struct ReferenceOnly {
    pub(super) weights: Weights,
    from: Table,
    to: Table,
    near: Factor,
    same: Factor,
    /// By group: what a reference's words say of an item that has any, [groups, 2]: for a
    /// reference without words and one with.
    known: Tensor,
}

/// Vectors of references: a learned place, weighted words, and what they say of items with words.
pub(super) struct Side {
    pub(super) near: Tensor,
    pub(super) words: Tensor,
    pub(super) known: Tensor,
}

impl ReferenceOnly {
    pub(super) fn new(path: &nn::Path<'_>, plan: &Plan<'_>) -> Self {
        let width = plan.settings.width;
        Self {
            weights: Weights::new(path, plan),
            from: Table::new(&(path / "from"), plan, width),
            to: Table::new(&(path / "to"), plan, width),
            near: Factor::new(path, "near", 1.0),
            same: Factor::new(path, "same", 8.0),
            known: path.zeros("known", &[plan.vocabulary.groups.len() as i64, 2]),
        }
    }

    /// `weighted`: the references' weighted words.
    pub(super) fn side(&self, weighted: &Tensor, references: &Items) -> Side {
        let known = self.known.get(references.group);
        let without = (1.0 - &references.known) * known.get(0);
        Side {
            near: self.near.of(&unit(&self.from.of(weighted, references))),
            words: self.same.of(weighted),
            known: without + &references.known * known.get(1),
        }
    }

    /// The places, weighted words, whether there are any, and minus how ordinary: the logarithm of
    /// the sum over the crowd of exp(likeness). [items, width + words + 2]
    pub(super) fn place(&self, items: &Items, crowd: &Items) -> Tensor {
        let weighted = self.weights.of(items);
        let place = unit(&self.to.of(&weighted, items));
        let itself = items.index.unsqueeze(1).eq_tensor(&crowd.index);
        let items = Tensor::cat(&[&place, &weighted, &items.known], 1);
        let crowd = self.side(&self.weights.of(crowd), crowd);
        let crowd = Tensor::cat(&[crowd.near, crowd.words, crowd.known], 1);
        let likeness = items.matmul(&crowd.transpose(0, 1)).masked_fill(&itself, NEVER);
        let ordinary = likeness.logsumexp([1].as_slice(), true);
        Tensor::cat(&[items, -ordinary], 1)
    }
}

impl Network for ReferenceOnly {
    fn items(&self, items: &Items, crowd: &Items, _: bool) -> Tensor {
        self.place(items, crowd)
    }

    fn queries(&self, queries: &Queries, _: bool) -> Tensor {
        let references = &queries.references;
        let side = self.side(&self.weights.of(references), references);
        let one = ones(&side.near);
        Tensor::cat(&[side.near, side.words, side.known, one], 1)
    }
}
