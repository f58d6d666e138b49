//! The trained models, on libtorch.
//!
//! Captions are encoded to vectors once ([`features`]), items are bags of the words of their attributes
//! ([`collection`]), and a small network ([`networks`]) maps queries and items to vectors whose product
//! is the score. Training separates each target from other items of its gallery ([`training`]); ranking
//! selects the highest products ([`retrieve`]).
//!
//! If there are pictures, threads prepare them ([`picture`], [`album`]) for an encoder ([`lite0`]). Its
//! vectors, or another encoder's ([`item_vectors`]), are transformed by a [`lens`].
//!
//! A [`manager`] leads dialogs, with a user whom a [`captioner`] can play.

pub mod adam;
pub mod album;
pub mod captioner;
pub mod checkpoint;
pub mod collection;
pub mod curve;
pub mod device;
pub mod features;
pub mod item_vectors;
pub mod item_words;
pub mod lens;
pub mod lite0;
pub mod manager;
pub mod mined;
pub mod minilm;
pub mod networks;
pub mod parts;
pub mod picture;
pub mod ranking;
pub mod reading;
pub mod retrieve;
mod said;
pub mod sentences;
pub mod serving;
pub mod settings;
pub mod tensors;
pub mod training;
pub mod vocabulary;
