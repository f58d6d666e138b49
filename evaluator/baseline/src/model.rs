//! What a model is.

use dataset::{Attributes, Group, Query};

/// A model that needs no learning.
#[derive(Clone, Copy)]
pub struct Model {
    /// The word it is asked for by.
    pub name: &'static str,
    /// One sentence.
    pub about: &'static str,
    pub(crate) prepare: fn(&Group, &Attributes) -> Box<dyn Scorer>,
}

/// A model made ready for one group of one split.
pub trait Scorer {
    /// Adds each item's score for a query to `scores`, which holds a zero for every item of the
    /// gallery, by its index. Higher is better; items that stay equal are ordered by chance.
    fn score(&self, query: &Query, scores: &mut [f32]);
}

/// What a cosine is multiplied by to be the logarithm of a probability, roughly.
const COSINE: f32 = 8.0;

impl Model {
    /// The scores of a group's items for each query, roughly logarithms of probabilities but for a
    /// constant: [queries][items].
    pub fn scores(self, group: &Group, attributes: &Attributes) -> Vec<Vec<f32>> {
        let prepared = (self.prepare)(group, attributes);
        let of = |query| {
            let mut scores = vec![0.0; group.gallery.len()];
            prepared.score(query, &mut scores);
            scores.iter().map(|score| score * COSINE).collect()
        };
        group.queries.iter().map(of).collect()
    }
}
