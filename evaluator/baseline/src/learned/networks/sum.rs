//! The start kit's model: the reference's vector plus the captions' vector.

use tch::{Tensor, nn};

use super::parts::{Factor, Table, Text, Weights};
use super::{Network, Plan, Trained};
use crate::learned::collection::{Items, Queries};
use crate::learned::minilm::unit;

pub(super) const MODEL: Trained = Trained {
    name: "sum",
    about: "the reference's vector plus the captions' (as in the challenge's start kit)",
    build: |path, plan| Box::new(Sum::new(path, plan)),
};

/// The initial factor of the captions' vector. That is several times as long as the reference's vector,
/// whose length is 1.
const ADDED: f64 = 0.1;

/// The reference and the items share a table; vectors are compared by cosine.
struct Sum {
    weights: Weights,
    table: Table,
    text: Text,
    added: Factor,
    factor: Factor,
}

impl Sum {
    fn new(path: &nn::Path<'_>, plan: &Plan<'_>) -> Self {
        let width = 2 * plan.settings.width;
        Self {
            weights: Weights::new(path, plan),
            table: Table::new(&(path / "table"), plan, width),
            text: Text::new(&(path / "text"), plan, width),
            added: Factor::new(path, "added", ADDED),
            factor: Factor::new(path, "factor", 8.0),
        }
    }
}

impl Network for Sum {
    fn items(&self, items: &Items, _: &Items, _: bool) -> Tensor {
        unit(&self.table.of(&self.weights.of(items), items))
    }

    fn queries(&self, queries: &Queries, train: bool) -> Tensor {
        let references = &queries.references;
        let reference = unit(&self.table.of(&self.weights.of(references), references));
        self.factor.of(&unit(&(reference + self.added.of(&self.text.of(queries, train)))))
    }
}
