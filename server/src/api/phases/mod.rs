//! Phases, and the downloads that a team needs to take part.

pub mod data;
mod document;
pub mod events;
pub mod export;
pub mod gallery;
pub mod get;
pub mod queries;
pub mod template;
