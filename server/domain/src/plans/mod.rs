//! Applies a definition to the database, and previews the changes and their effects.

mod apply;
mod effects;
mod plan;

pub use apply::Application;
pub use plan::{Change, ChangeKind, Plan};
