//! Nearest to the reference by attributes; the captions are not used.

use dataset::{Attributes, Group, Query};

use crate::model::{Model, Scorer};
use crate::words::Index;

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
        let of = |item: &str| {
            let labels = attributes.words(item);
            labels.flat_map(|(_, label)| label.split_whitespace()).map(str::to_owned).collect()
        };
        Self(Index::new(&group.gallery, of))
    }
}

impl Scorer for ByAttributes {
    fn score(&self, query: &Query, scores: &mut [f32]) {
        self.0.add_like(query.reference.as_str(), scores);
    }
}
