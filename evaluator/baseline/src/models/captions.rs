//! By the words of the captions; the reference is not used.

use dataset::{Attributes, Group, Query};

use crate::model::{Model, Scorer};
use crate::words::{Index, words};

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
        let of = |item: &str| attributes.words(item).flat_map(|(_, label)| words(label)).collect();
        Self(Index::new(&group.gallery, of))
    }
}

impl Scorer for ByCaptions {
    fn score(&self, query: &Query, scores: &mut [f32]) {
        self.0.add(query.captions.iter().flat_map(|caption| words(caption)), scores);
    }
}
