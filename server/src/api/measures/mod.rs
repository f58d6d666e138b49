//! Measures.

pub mod list;
