//! The program itself: killed, starved, started twice and brought up to date.

mod kill;
mod memory;
mod output;
mod terminate;
mod twins;
mod upgrade;
