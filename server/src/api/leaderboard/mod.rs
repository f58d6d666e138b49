//! Leaderboards.

pub mod get;
