//! Leaderboards.

pub mod csv;
pub mod get;
