//! One file a model.

pub(crate) mod attributes;
pub(crate) mod both;
pub(crate) mod captions;
pub(crate) mod random;
