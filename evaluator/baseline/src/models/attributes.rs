//! Nearest to the reference by attributes; the captions are not used.

use dataset::words::Index;
use dataset::{Attributes, Group, Query};

use crate::model::{Model, Scorer};

pub(crate) const MODEL: Model = Model {
    name: "attributes",
    about: "nearest to the reference by attributes; the captions are not used",
    counts: false,
    prepare: |group, described, _| Box::new(ByAttributes::new(group, &described.attributes)),
};

/// Cosine of idf-weighted attribute words between an item and the query's reference.
pub(crate) struct ByAttributes(Index);

impl ByAttributes {
    pub(crate) fn new(group: &Group, attributes: &Attributes) -> Self {
        Self(Index::by_labels(&group.gallery, attributes))
    }
}

impl Scorer for ByAttributes {
    fn score(&self, query: &Query, scores: &mut [f32]) {
        self.0.add_like(query.reference.as_str(), scores);
    }
}
