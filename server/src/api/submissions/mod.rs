//! Submissions.

pub mod create;
mod details;
pub mod events;
pub mod finals;
pub mod get;
pub mod list;
pub mod of_phase;
mod run;
mod view;
pub mod withdraw;

pub(crate) use create::declared_length;
pub(crate) use run::text;
pub use view::{Category, Scorecard, Submission};
