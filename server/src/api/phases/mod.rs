//! Phases, and what a team downloads to take part in one.

pub mod data;
mod document;
pub mod events;
pub mod export;
pub mod gallery;
pub mod get;
pub mod queries;
pub mod template;
