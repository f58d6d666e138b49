//! The rows of the database. What they mean and may become is said in the domain folders.

pub mod benchmark;
pub mod challenge;
pub mod phase;
pub mod ranks;
pub mod scorecard;
pub mod session;
pub mod submission;
pub mod team;
pub mod token;
