//! Conversations with a server over its API.

mod accounts;
mod asked;
mod board;
mod data_sets;
mod documents;
mod endings;
mod finals;
mod forms;
mod founding;
mod frozen;
mod guessing;
mod headers;
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
mod persons;
mod phases;
mod pressure;
mod problems;
mod queue;
mod races;
mod repeats;
mod resets;
mod scoring;
mod secrecy;
mod shown;
mod standings;
mod stopping;
mod storage;
mod teams;
mod tokens;
mod tools;
mod withdrawal;
