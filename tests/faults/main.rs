//! The program itself, killed and starved.

mod kill;
mod memory;
