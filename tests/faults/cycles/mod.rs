//! Random faults under load, one after the other. After each, every accepted submission is scored exactly
//! once, quotas are the counts, no upload is without its row and no row without its upload, and the board is
//! the one that follows from the uploads themselves.
//!
//! `make faults` runs 100 cycles of each; `CYCLES` and `SEED` change how many and which.

mod checks;
mod crew;
mod senders;
mod site;
mod tally;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use system_tests::on_postgres;

use crew::Crew;
use senders::Senders;
use site::Site;
use tally::Tally;

/// A fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    KillServer,
    KillWorker,
    KillBoth,
    RestartDatabase,
    FullDisk,
    ClockSteps,
    StoreDrops,
    StoreDelays,
    StoreTruncates,
}

impl Fault {
    /// What happens, in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::KillServer => "kill -9 of the server",
            Self::KillWorker => "kill -9 of the worker",
            Self::KillBoth => "kill -9 of both",
            Self::RestartDatabase => "PostgreSQL stopped hard",
            Self::FullDisk => "a full disk (tmpfs)",
            Self::ClockSteps => "clock steps of an hour",
            Self::StoreDrops => "the store is cut off",
            Self::StoreDelays => "the store is slow",
            Self::StoreTruncates => "the store breaks off",
        }
    }
}

#[test]
fn whatever_fails_every_accepted_submission_is_scored_once_and_the_board_is_right() {
    let mut faults = vec![Fault::KillServer, Fault::KillWorker, Fault::KillBoth, Fault::ClockSteps];
    if cfg!(feature = "small-disk") {
        faults.push(Fault::FullDisk);
    } else {
        println!("skipped: a full disk (needs root, to mount a small one)");
    }
    if on_postgres() {
        faults.push(Fault::RestartDatabase);
    }
    run(&Site::in_folder(), &faults);
}

#[test]
#[cfg_attr(not(feature = "s3"), ignore = "needs moto's server; see .ci/stores")]
fn whatever_happens_to_the_store_every_accepted_submission_has_its_upload_and_is_scored_once() {
    let faults = [
        Fault::StoreDrops,
        Fault::StoreDelays,
        Fault::StoreTruncates,
        Fault::KillServer,
        Fault::KillBoth,
    ];
    run(&Site::in_bucket(), &faults);
}

fn run(site: &Site, faults: &[Fault]) {
    let (cycles, seed) = (number("CYCLES", 10), number("SEED", 17));
    println!("{}, {cycles} cycles; SEED={seed} repeats them", site.about());
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let senders = Senders::new(site);
    let mut crew = Crew::new(site);
    let (mut tally, mut kept) = (Tally::default(), 0);
    for cycle in 0..cycles {
        // Each fault in turn, at another moment of the work every time.
        let fault = faults[cycle as usize % faults.len()];
        crew.start_missing();
        let before = senders.counts();
        let (early, late) = (chance.random_range(50..400), chance.random_range(20..250));
        let over = AtomicBool::new(false);
        thread::scope(|scope| {
            for sender in 0..senders::SENDERS {
                let (senders, addresses, over) = (&senders, crew.addresses(), &over);
                scope.spawn(move || senders.upload_until(over, sender, &addresses));
            }
            thread::sleep(Duration::from_millis(early));
            crew.suffer(fault, &mut chance);
            thread::sleep(Duration::from_millis(late));
            over.store(true, Ordering::SeqCst);
        });
        crew.recover();
        let context = format!("cycle {cycle}, {}, SEED={seed}", fault.name());
        let leftovers = checks::all(site, &crew, &senders, &context);
        // A bucket keeps its leftovers until the sweep of each hour.
        let earlier = if site.keeps_leftovers() { kept } else { 0 };
        tally.add(fault, senders.counts() - before, leftovers - earlier);
        kept = leftovers;
    }
    let accepted: BTreeSet<String> = senders.accepted();
    assert!(
        accepted.len() as u64 >= cycles,
        "too few uploads to mean anything: {}",
        accepted.len()
    );
    println!("{tally}");
}

/// A number from the environment.
fn number(name: &str, default: u64) -> u64 {
    let set = std::env::var(name).ok();
    set.map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}
