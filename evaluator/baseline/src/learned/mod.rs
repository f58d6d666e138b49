//! The trained models, on libtorch.
//!
//! Captions become vectors once ([`features`]), items are bags of the words of their attributes
//! ([`collection`]), and a small network ([`networks`]) puts queries and items where their product
//! is the score. Training tells each target from other items of its gallery ([`training`]); ranking
//! is a product and the best of it ([`retrieve`]).
//!
//! Where there are pictures, threads prepare them ([`picture`], [`album`]) for an encoder ([`lite0`]);
//! its vectors, or another encoder's ([`item_vectors`]), are seen through a [`lens`].

pub mod adam;
pub mod album;
pub mod checkpoint;
pub mod collection;
pub mod curve;
pub mod device;
pub mod features;
pub mod item_vectors;
pub mod lens;
pub mod lite0;
pub mod mined;
pub mod minilm;
pub mod networks;
pub mod parts;
pub mod picture;
pub mod ranking;
pub mod retrieve;
mod said;
pub mod settings;
pub mod tensors;
pub mod training;
pub mod vocabulary;
