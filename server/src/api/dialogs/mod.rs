//! Submissions that are played as dialogs.

pub mod answer;
pub mod get;
pub mod open;
pub mod transcript;
mod view;

pub use view::{Answers, Dialogs, Replies};
