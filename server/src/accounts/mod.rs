//! Who may do what: teams and the tokens they act with.

mod team;
mod token;

pub use team::{NAME_LENGTH, by_id, create, find, is_invisible};
pub use token::{Caller, Token, authenticate};
