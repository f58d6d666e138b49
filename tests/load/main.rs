//! How long a team waits for its score over HTTP, and what a board costs beside a page that never
//! changes.
//!
//! `cargo bench -p system-tests --bench http` prints both. Everything talks over loopback: a server
//! and a plain handler are processes of their own, and this one is the teams and the readers. It ends
//! by itself after about two minutes.

mod board;
mod material;
mod round;
mod serving;
mod uploads;

use std::time::Duration;

use serving::Role;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(role) = Role::of(&arguments) {
        return role.play();
    }
    device();
    uploads::measure();
    board::measure();
}

/// On what this ran.
fn device() {
    let about = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = about.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("an unknown processor", |(_, model)| model);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!("device: {cores} cores, {model}; server and clients share them\n");
}

/// A time of a sorted list, by the share of those that are not longer.
fn share(sorted: &[Duration], share: f64) -> f64 {
    let at = (share * sorted.len() as f64).ceil() as usize;
    1e3 * sorted[at.clamp(1, sorted.len()) - 1].as_secs_f64()
}
