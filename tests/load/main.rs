//! How long a team waits for its score over HTTP, what a board costs compared with a page that
//! never changes, and what it costs as a challenge grows.
//!
//! `cargo bench -p system-tests --bench http` prints all three; a name after `--` (`uploads`, `board`,
//! `growth`) picks one. Everything talks over loopback: a server and a plain handler run in their own
//! processes, and this process has the teams and the readers. It ends after some minutes.

mod board;
mod growth;
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
    // All, or those that are named.
    for (name, measure) in MEASURES {
        if arguments.iter().all(|argument| argument.starts_with('-')) || named(&arguments, name) {
            measure();
        }
    }
}

const MEASURES: [(&str, fn()); 3] =
    [("uploads", uploads::measure), ("board", board::measure), ("growth", growth::measure)];

fn named(arguments: &[String], name: &str) -> bool {
    arguments.iter().any(|argument| argument == name)
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
