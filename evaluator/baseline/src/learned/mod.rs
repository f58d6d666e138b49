//! The trained models, on libtorch.
//!
//! Captions become vectors once ([`features`]), items are bags of the words of their attributes
//! ([`collection`]), and a small network ([`networks`]) puts queries and items where their product
//! is the score. Training tells each target from other items of its gallery ([`training`]); ranking
//! is a product and the best of it ([`retrieve`]).

pub mod adam;
pub mod checkpoint;
pub mod collection;
pub mod curve;
pub mod device;
pub mod features;
pub mod minilm;
pub mod networks;
pub mod parts;
pub mod ranking;
pub mod retrieve;
pub mod settings;
pub mod tensors;
pub mod training;
pub mod vocabulary;
