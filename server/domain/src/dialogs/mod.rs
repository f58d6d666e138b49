//! Dialogs: what is drawn for a submission, and what was said and answered so far.

mod answer;
mod drawn;
mod played;
mod talk;

pub(crate) use answer::Move;
pub use answer::{Answer, Asking, Reply};
pub use drawn::Drawn;
pub(crate) use drawn::Shown;
pub(crate) use played::{Turn, opening, rows, turns_of};
pub use talk::{Demonstration, Shower, Talk, demonstrate, first_item, talk};
