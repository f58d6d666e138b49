//! Receipts, and the keys that sign them.

pub mod get;
pub mod keys;
