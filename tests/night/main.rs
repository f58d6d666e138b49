//! The night before a deadline, at the size of the real test split: how long uploads wait for their score
//! and readers for the board, what is lost, where the limit is, and what growth costs.
//!
//! `make load` prints it for both databases. Everything talks over loopback to processes that are started
//! here, and ends after some minutes; `LOAD_SECONDS` (60) says how long the night is, `LOAD_RATE` (30) how
//! many uploads come each second. A name after `--` (`sqlite`, `postgres`) picks one database.

use std::time::{Duration, Instant};

use system_tests::PostgresServer;
use system_tests::load::{Crowd, Fleet, Place, Processes, Size, Tally, Times};

const SIZE: Size =
    Size { queries: 12_000, submissions: 20_000, teams: 1000, uploading: 100, runs: 24 };

/// Rates of the search for the limit, in uploads a second.
const RATES: [f64; 8] = [10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0];

const CONNECTIONS: usize = 64;
const READERS: usize = 50;

/// Far beyond what two cores can score.
const TOO_MUCH: f64 = 120.0;

/// The bar of the 99th percentile from an upload to its score, in milliseconds.
const BAR: f64 = 400.0;

const ONE: Processes = Processes { serve: 1, worker: 0 };

/// What is asked for.
struct Night {
    rate: f64,
    time: Duration,
}

fn main() {
    let chosen: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let night = Night {
        rate: from_environment("LOAD_RATE", 30.0),
        time: Duration::from_secs_f64(from_environment("LOAD_SECONDS", 60.0)),
    };
    machine();
    for (name, on_postgres) in [("sqlite", false), ("postgres", true)] {
        if !chosen.is_empty() && !chosen.iter().any(|chosen| chosen == name) {
            continue;
        }
        if on_postgres && !PostgresServer::is_installed() {
            println!("skipped: PostgreSQL is not installed (run make setup, or set POSTGRES_BIN)");
            continue;
        }
        night.on(on_postgres);
    }
}

impl Night {
    fn on(&self, on_postgres: bool) {
        let database = if on_postgres { PostgresServer::version() } else { "SQLite".to_owned() };
        let place = Place::new(SIZE, on_postgres);
        println!("\n## {database}: {}", place.about);
        println!(
            "{} earlier submissions of {} teams; uploads of {} teams over {} connections, {} readers of the board",
            SIZE.submissions, SIZE.teams, SIZE.uploading, CONNECTIONS, READERS
        );
        starts(&place);
        let fleet = started(&place, ONE);
        println!("\nthe night: {} s", self.time.as_secs_f64());
        print!("{}", Tally::head());
        println!("{}", self.crowd(self.rate, 1.0).visit(&fleet));
        self.search(&fleet);
        println!("\nbeyond saturation");
        print!("{}", Tally::head());
        let tally = self.crowd(TOO_MUCH, 1.0 / 6.0).visit(&fleet);
        println!("{tally}\nall scored {:.1} s after the last answer", tally.drained.as_secs_f64());
        fleet.stop();
        if on_postgres {
            for processes in [1, 2].map(|n| Processes { serve: n, worker: n }) {
                let fleet = started(&place, processes);
                self.search(&fleet);
                fleet.stop();
            }
        }
        drop(place);
        let board = Size { submissions: 10 * SIZE.submissions, teams: 10 * SIZE.teams, ..SIZE };
        self.grown("a board of ten times the size", board, on_postgres, self.rate);
        let queries = Size { queries: 10 * SIZE.queries, runs: 4, ..SIZE };
        self.grown("ten times the queries", queries, on_postgres, self.rate / 10.0);
    }

    fn crowd(&self, rate: f64, share: f64) -> Crowd {
        let time = self.time.mul_f64(share);
        Crowd { rate, time, connections: CONNECTIONS, readers: READERS }
    }

    /// Raises the rate until the bar is passed.
    fn search(&self, fleet: &Fleet<'_>) {
        println!(
            "\nthe limit of {}: {} s at each rate",
            fleet.processes,
            self.time.as_secs_f64() / 4.0
        );
        print!("{}", Tally::head());
        for rate in RATES {
            let tally = self.crowd(rate, 0.25).visit(fleet);
            println!("{tally}");
            if tally.scored.p99() > BAR {
                println!(
                    "p99 from upload to score passes {BAR} ms at {rate} a second, with {:.2} cores busy of {}",
                    tally.cores.sum(),
                    cores()
                );
                return;
            }
        }
        println!("p99 from upload to score stays under {BAR} ms at all of these rates");
    }

    fn grown(&self, what: &str, size: Size, on_postgres: bool, rate: f64) {
        let place = Place::new(size, on_postgres);
        let fleet = started(&place, ONE);
        println!(
            "\n{what}: {}, {} submissions of {} teams",
            place.about, size.submissions, size.teams
        );
        print!("{}", Tally::head());
        println!("{}", self.crowd(rate, 0.25).visit(&fleet));
        fleet.stop();
    }
}

/// Running processes that have read their benchmark and made their board once.
fn started(place: &Place, processes: Processes) -> Fleet<'_> {
    let fleet = Fleet::start(place, processes);
    let some = Crowd { rate: 8.0, time: Duration::from_secs(2), connections: 4, readers: 4 };
    some.visit(&fleet);
    fleet
}

/// How long a start takes, and what an idle server holds.
fn starts(place: &Place) {
    let mut times = Vec::new();
    let mut memory = 0;
    for _ in 0..5 {
        let began = Instant::now();
        let fleet = Fleet::start(place, ONE);
        times.push(began.elapsed());
        std::thread::sleep(Duration::from_secs(1));
        memory = memory.max(fleet.memory());
        fleet.stop();
    }
    let times = Times::new(times);
    println!(
        "start: median {:.0} ms of {}, longest {:.0} ms; idle: {:.0} MB",
        times.median(),
        times.count(),
        times.share(1.0),
        memory as f64 / 1e6
    );
}

/// What this ran on.
fn machine() {
    let file = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let value = |text: &str, name: &str, between: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.split_once(between));
        line.map_or_else(|| "unknown".to_owned(), |(_, value)| value.trim().replace('"', ""))
    };
    println!(
        "machine: {} cores, {}, {} of memory, {}; load average before: {}",
        cores(),
        value(&file("/proc/cpuinfo"), "model name", ": "),
        value(&file("/proc/meminfo"), "MemTotal", ":"),
        value(&file("/etc/os-release"), "PRETTY_NAME", "="),
        file("/proc/loadavg").split(' ').next().unwrap_or_default(),
    );
    println!(
        "server, database, uploads and readers share it; other work on it makes everything slower"
    );
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn from_environment(name: &str, default: f64) -> f64 {
    let set = std::env::var(name).ok();
    set.map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}
