//! Submissions.

pub mod create;
pub mod get;
mod view;

pub use view::{Category, Scorecard, Submission};
