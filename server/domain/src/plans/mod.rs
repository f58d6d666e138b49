//! Making the database say what a definition says, and what that would do, said before it is done.

mod apply;
mod effects;
mod plan;

pub use apply::Application;
pub use plan::{Change, ChangeKind, Plan};
