//! Who may do what: teams and the tokens they act with.

mod session;
mod team;
mod token;

pub use session::{SESSION_SECONDS, SessionKey};
pub use team::{NAME_LENGTH, another_token, by_id, create, find, is_invisible};
pub use token::{Caller, Token, authenticate};
