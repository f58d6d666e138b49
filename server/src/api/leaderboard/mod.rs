//! Leaderboards.

pub mod csv;
pub mod eee;
pub mod eval_results;
mod formats;
pub mod get;
pub mod pwc;
mod saved;
