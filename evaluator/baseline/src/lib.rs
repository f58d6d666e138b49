//! The organisers' reference models, which put a board's numbers into perspective.
//!
//! Models without training are in `models`; trained models are in [`learned`], which needs libtorch
//! (feature `torch`). A model sees one group of one split, without targets, and scores the gallery for
//! each query; the best 50 items become a submission. No model uses the order of files, item ids or
//! other queries: those can give targets away, and a reference model that used them would measure
//! nothing.

#[cfg(feature = "torch")]
pub mod caption_scores;
pub mod cli;
pub mod dialogs;
mod error;
#[cfg(feature = "torch")]
pub mod learned;
pub mod lexical;
mod model;
mod models;
mod npy;
pub mod probe;
mod run;
mod top;

pub use error::{Error, Result};
pub use lexical::{Background, Described};
pub use model::{Model, Scorer};
pub use models::MODELS;
pub use run::{rank_group, write_run};
