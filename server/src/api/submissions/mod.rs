//! Submissions.

mod addressed;
pub mod create;
pub(super) mod details;
mod edit;
pub mod events;
pub mod finals;
pub mod get;
pub mod list;
pub mod of_phase;
mod run;
mod view;
pub mod withdraw;

pub(crate) use create::declared_length;
pub(super) use create::idempotency_key;
pub(super) use run::RunForm;
pub use view::{Repeated, Scorecard, Submission};
