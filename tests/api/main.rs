//! Conversations with a server over its API.

mod accounts;
mod board;
mod documents;
mod forms;
mod founding;
mod hostile;
mod identity;
mod joining;
mod keyed;
mod leaving;
mod limits;
#[cfg(feature = "smtp")]
mod mail;
mod matrix;
mod metrics;
#[cfg(feature = "oidc")]
mod oidc;
mod own;
mod pages;
mod phases;
mod pressure;
mod problems;
mod queue;
mod races;
mod repeats;
mod resets;
mod secrecy;
mod shown;
mod stopping;
mod tokens;
mod withdrawal;
