//! Models without training.

use dataset::{Group, Query};

use crate::lexical::{Background, Described};

/// A model without training.
#[derive(Clone, Copy)]
pub struct Model {
    /// Its name on the command line.
    pub name: &'static str,
    /// One sentence.
    pub about: &'static str,
    /// Whether it uses counts over split train.
    pub counts: bool,
    pub(crate) prepare: fn(&Group, &Described, Option<&Background>) -> Box<dyn Scorer>,
}

/// A model prepared for one group of one split.
pub trait Scorer {
    /// Adds each item's score for a query to `scores`, which has a zero for every item of the gallery,
    /// by its index. Higher is better; equal items are ordered at random.
    fn score(&self, query: &Query, scores: &mut [f32]);
}

/// The factor that turns a cosine roughly into the logarithm of a probability.
const COSINE: f32 = 8.0;

impl Model {
    /// The scores of a group's items for each query, roughly logarithms of probabilities but for a
    /// constant: [queries][items].
    pub fn scores(
        self,
        group: &Group,
        described: &Described,
        background: Option<&Background>,
    ) -> Vec<Vec<f32>> {
        let prepared = (self.prepare)(group, described, background);
        let of = |query| {
            let mut scores = vec![0.0; group.gallery.len()];
            prepared.score(query, &mut scores);
            scores.iter().map(|score| score * COSINE).collect()
        };
        group.queries.iter().map(of).collect()
    }
}
