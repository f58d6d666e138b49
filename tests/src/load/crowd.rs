//! Uploads that arrive when chance says, and people who read the board.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use domain::ambient::{self, Ambient};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{Fleet, Tally};
use crate::{Answer, Client};

/// The page that is read.
const BOARD: &str = "/c/fiq/test";

/// How many come.
#[derive(Debug, Clone, Copy)]
pub struct Crowd {
    /// Uploads a second on average, whether or not those before them are done.
    pub rate: f64,
    /// How long they come.
    pub time: Duration,
    /// The most uploads at the same time; later ones wait for their turn, which counts as their time.
    pub connections: usize,
    /// People who read the board once a second.
    pub readers: usize,
}

/// An upload and its answer.
pub struct Upload {
    /// When chance said that it comes.
    pub due: ambient::Instant,
    /// How long after that its answer was there.
    pub after: Duration,
    /// The answer; none if the connection broke.
    pub answer: Option<Answer>,
}

/// What the crowd has seen.
pub struct Seen {
    /// All uploads.
    pub uploads: Vec<Upload>,
    /// How long after a reader wanted it the board was there.
    pub reads: Vec<Duration>,
    /// How often it was not.
    pub failed_reads: usize,
}

impl Crowd {
    /// Lets them come to running processes, waits until all is scored, and counts.
    pub fn visit(&self, fleet: &Fleet<'_>) -> Tally {
        let work = fleet.work();
        let seen = self.come(fleet);
        let cores = fleet.cores_since(work);
        let ended = Instant::now();
        let stuck = fleet.place().drain();
        let drained = ended.elapsed();
        let tally = Tally::of(self, fleet, &seen, stuck);
        fleet.place().remove_uploads();
        Tally { cores, drained, ..tally }
    }

    fn come(&self, fleet: &Fleet<'_>) -> Seen {
        let place = fleet.place();
        let clients: Vec<Client> = fleet.addresses().into_iter().map(Client::new).collect();
        let over = AtomicBool::new(false);
        let (reads, failed_reads) = (Mutex::default(), AtomicUsize::new(0));
        let uploads = Mutex::new(Vec::<Upload>::new());
        let (sender, receiver) = mpsc::channel::<(Instant, ambient::Instant)>();
        let receiver = Mutex::new(receiver);
        thread::scope(|scope| {
            for reader in 0..self.readers {
                let client = &clients[reader % clients.len()];
                let (over, reads, failed) = (&over, &reads, &failed_reads);
                let first = Duration::from_secs(1).mul_f64(reader as f64 / self.readers as f64);
                scope.spawn(move || read_the_board(client, first, over, reads, failed));
            }
            let uploading: Vec<_> = (0..self.connections)
                .map(|n| {
                    let (client, receiver, uploads) =
                        (&clients[n % clients.len()], &receiver, &uploads);
                    scope.spawn(move || {
                        loop {
                            let next = receiver.lock().unwrap().recv();
                            let Ok((at, due)) = next else { break };
                            let (token, run) = place.next_upload();
                            let client = client.with_token(token);
                            let answer = client.post(&Client::intake("test"), &run, &[]).ok();
                            let upload = Upload { due, after: at.elapsed(), answer };
                            uploads.lock().unwrap().push(upload);
                        }
                    })
                })
                .collect();
            self.arrivals(|at| sender.send(at).unwrap());
            drop(sender);
            for thread in uploading {
                thread.join().unwrap();
            }
            over.store(true, Ordering::Relaxed);
        });
        Seen {
            uploads: uploads.into_inner().unwrap(),
            reads: reads.into_inner().unwrap(),
            failed_reads: failed_reads.into_inner(),
        }
    }

    /// Calls for each upload when it comes: a Poisson process, the same each time.
    fn arrivals(&self, mut comes: impl FnMut((Instant, ambient::Instant))) {
        let mut chance = ChaCha8Rng::seed_from_u64(2);
        let began = Instant::now();
        let ambient = Ambient::system().now();
        let mut at = Duration::ZERO;
        loop {
            at += Duration::from_secs_f64(-(1.0 - chance.random::<f64>()).ln() / self.rate);
            if at > self.time {
                return;
            }
            thread::sleep((began + at).saturating_duration_since(Instant::now()));
            comes((began + at, ambient::Instant(ambient.0 + at.as_micros() as i64)));
        }
    }
}

/// Reads the board each second until it is over. A read that is late counts from when it was due.
fn read_the_board(
    client: &Client,
    first: Duration,
    over: &AtomicBool,
    reads: &Mutex<Vec<Duration>>,
    failed: &AtomicUsize,
) {
    let mut due = Instant::now() + first;
    let mut own = Vec::new();
    while !over.load(Ordering::Relaxed) {
        thread::sleep(due.saturating_duration_since(Instant::now()));
        match client.try_get(BOARD) {
            Some(page) if page.status == 200 && page.text.contains("Team ") => {
                own.push(due.elapsed());
            }
            _ => {
                failed.fetch_add(1, Ordering::Relaxed);
            }
        }
        due += Duration::from_secs(1);
    }
    reads.lock().unwrap().extend(own);
}
