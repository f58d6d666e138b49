//! Conversations with a server over its API.

mod accounts;
mod asked;
mod board;
mod documents;
mod finals;
mod forms;
mod founding;
mod frozen;
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
mod organise;
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
mod standings;
mod stopping;
mod storage;
mod teams;
mod tokens;
mod tools;
mod withdrawal;
