//! Conversations with a server over its API.

mod board;
mod identity;
mod limits;
mod pages;
mod phases;
mod problems;
mod queue;
mod repeats;
mod secrecy;
