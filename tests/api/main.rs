//! Conversations with a server over its API.

mod accounts;
mod board;
mod documents;
mod forms;
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
mod stopping;
mod teams;
mod withdrawal;
