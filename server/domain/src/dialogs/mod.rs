//! Dialogs: what is drawn for a submission, and what was said and answered so far.

mod answer;
mod drawn;

mod played;

pub use answer::{Answer, Asking, Reply};
pub(crate) use answer::Move;
pub use drawn::Drawn;
pub(crate) use played::{Turn, opening, rows, turns_of};
