//! The formats a run may come in.

pub(crate) mod fashion_iq;
mod object;
mod ranking;
pub(crate) mod run;
pub(crate) mod zip;
