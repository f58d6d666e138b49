//! The organisers' reference models: what a board's numbers are measured against.
//!
//! The ones that need no learning are in `models`; those that are trained are in [`learned`], which
//! needs libtorch (feature `torch`). A model sees one group of one split, without targets, and
//! scores the gallery for each query; the best 50 become an official submission. No model looks at
//! the order of files, at item ids or at other queries: those can give targets away, and a reference
//! that used them would measure nothing.

pub mod cli;
mod error;
#[cfg(feature = "torch")]
pub mod learned;
mod model;
mod models;
pub mod probe;
mod run;
mod top;
mod words;

pub use error::{Error, Result};
pub use model::{Model, Scorer};
pub use models::MODELS;
pub use run::{rank_group, write_run};
