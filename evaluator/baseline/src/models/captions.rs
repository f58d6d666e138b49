//! By the words of the captions; the reference is not used.

use dataset::words::{Index, words};
use dataset::{Attributes, Group, Query};

use crate::model::{Model, Scorer};

pub(crate) const MODEL: Model = Model {
    name: "captions",
    about: "items whose attributes are named in the captions; the reference is not used",
    counts: false,
    prepare: |group, described, _| Box::new(ByCaptions::new(group, &described.attributes)),
};

/// Cosine of idf-weighted words between an item's attribute labels and the query's captions.
pub(crate) struct ByCaptions(Index);

impl ByCaptions {
    pub(crate) fn new(group: &Group, attributes: &Attributes) -> Self {
        Self(Index::by_words(&group.gallery, attributes))
    }
}

impl Scorer for ByCaptions {
    fn score(&self, query: &Query, scores: &mut [f32]) {
        self.0.add(query.captions.iter().flat_map(|caption| words(caption)), scores);
    }
}
