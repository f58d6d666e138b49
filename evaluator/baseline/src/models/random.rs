//! A uniformly random ranking: the score of chance.

use dataset::Query;

use crate::model::{Model, Scorer};

pub(crate) const MODEL: Model = Model {
    name: "random",
    about: "a uniformly random ranking: the score of chance",
    counts: false,
    prepare: |_, _, _| Box::new(Random),
};

struct Random;

impl Scorer for Random {
    /// All items stay equal, and equal items are ordered at random.
    fn score(&self, _: &Query, _: &mut [f32]) {}
}
