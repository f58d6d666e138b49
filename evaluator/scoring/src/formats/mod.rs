//! What the formats of all tasks have in common.

pub(crate) mod ranking;
pub(crate) mod run;
pub(crate) mod zip;
