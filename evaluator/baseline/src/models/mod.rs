//! One file per model, and the list of models.

mod attributes;
mod both;
mod captions;
mod random;

use crate::model::Model;

/// All models, weakest first.
pub const MODELS: [Model; 4] = [random::MODEL, captions::MODEL, attributes::MODEL, both::MODEL];

impl Model {
    /// The model of that name.
    pub fn named(name: &str) -> Option<Self> {
        MODELS.into_iter().find(|model| model.name == name)
    }
}
