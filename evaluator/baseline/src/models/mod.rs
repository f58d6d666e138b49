//! One file per model, and the list of models.

mod attributes;
mod both;
mod captions;
mod counts;
mod random;
mod tf_idf;

use crate::model::Model;

/// All models, weakest first.
pub const MODELS: [Model; 7] = [
    random::MODEL,
    captions::MODEL,
    attributes::MODEL,
    both::MODEL,
    tf_idf::MODEL,
    counts::WORDS,
    counts::MODEL,
];

impl Model {
    /// The model of that name.
    pub fn named(name: &str) -> Option<Self> {
        MODELS.into_iter().find(|model| model.name == name)
    }
}
