//! Challenges and their phases.

pub mod get;
pub mod list;
mod view;

pub use view::{Challenge, Phase};
