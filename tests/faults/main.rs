//! The program itself: killed, starved, started twice and upgraded.

mod cycles;
#[cfg(feature = "small-disk")]
mod full_disk;
mod memory;
mod night;
mod output;
mod terminate;
mod twins;
mod upgrade;
mod workers;
