//! Conversations with a server over its API.

mod accounts;
mod asked;
mod board;
mod documents;
mod finals;
mod forms;
mod frozen;
mod identity;
mod keyed;
mod limits;
mod metrics;
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
mod teams;
mod withdrawal;
