//! Teams that upload through all faults, and know what each upload is worth.

use std::collections::{BTreeSet, HashMap};
use std::ops::Sub;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use sha2::{Digest, Sha256};
use system_tests::{Client, Questions, World};

use super::site::{Site, TEAMS};

/// Uploads at the same time.
pub const SENDERS: usize = 6;

/// What became of uploads.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    /// Answered with 201 or 202.
    pub accepted: usize,
    /// Answered with an error of the server.
    pub refused: usize,
    /// Not answered.
    pub unanswered: usize,
}

impl Sub for Counts {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            accepted: self.accepted - other.accepted,
            refused: self.refused - other.refused,
            unanswered: self.unanswered - other.unanswered,
        }
    }
}

/// The teams.
pub struct Senders {
    questions: Questions,
    clients: Vec<Client>,
    next: AtomicUsize,
    accepted: Mutex<BTreeSet<String>>,
    /// The score of each upload that was ever sent, by its digest.
    worth: Mutex<HashMap<String, f64>>,
    counts: Mutex<Counts>,
}

impl Senders {
    /// The teams of a site.
    pub fn new(site: &Site) -> Self {
        Self {
            questions: World::test(),
            clients: site.tokens.iter().map(|token| Client::new("").with_token(token)).collect(),
            next: AtomicUsize::new(0),
            accepted: Mutex::default(),
            worth: Mutex::default(),
            counts: Mutex::default(),
        }
    }

    /// Uploads one run after the other.
    pub fn upload_until(&self, over: &AtomicBool, sender: usize, addresses: &Mutex<Vec<String>>) {
        let client = &self.clients[sender % TEAMS];
        while !over.load(Ordering::SeqCst) {
            let n = self.next.fetch_add(1, Ordering::SeqCst);
            let address = {
                let addresses = addresses.lock().unwrap();
                addresses.get(n % addresses.len().max(1)).cloned()
            };
            let Some(address) = address else {
                // Nobody serves at the moment.
                std::thread::sleep(Duration::from_millis(5));
                continue;
            };
            let run = self.questions.zipped(|q| Some(rank(q, n)));
            let digest = hex::encode(Sha256::digest(&run));
            let worth = self.worth_of(n);
            assert!(self.worth.lock().unwrap().insert(digest, worth).is_none(), "sent twice");
            let answer = client.at(&address).post(&Client::intake("test"), &run, &[]);
            let mut counts = self.counts.lock().unwrap();
            match answer {
                Ok(answer) if matches!(answer.status, 201 | 202) => {
                    counts.accepted += 1;
                    let id = answer.json["id"].as_str().unwrap().to_owned();
                    assert!(self.accepted.lock().unwrap().insert(id), "an id was given twice");
                }
                Ok(answer) if matches!(answer.status, 500 | 503 | 507) => counts.refused += 1,
                Ok(answer) => panic!("{}: {}", answer.status, answer.text),
                Err(_) => counts.unanswered += 1,
            }
        }
    }

    /// The score of upload number `n`: the mean of Recall@10 and Recall@50 over the categories.
    fn worth_of(&self, n: usize) -> f64 {
        let groups = self.questions.groups();
        let recall = |queries: usize, k: usize| {
            let hits = (0..queries).filter(|&q| rank(q, n) <= k).count();
            hits as f64 / queries as f64
        };
        let of = |queries: usize| f64::midpoint(recall(queries, 10), recall(queries, 50));
        groups.iter().map(|group| of(group.queries.len())).sum::<f64>() / groups.len() as f64
    }

    /// The score of an upload, by its digest.
    pub fn worth(&self, digest: &str) -> Option<f64> {
        self.worth.lock().unwrap().get(digest).copied()
    }

    /// The ids of all accepted submissions.
    pub fn accepted(&self) -> BTreeSet<String> {
        self.accepted.lock().unwrap().clone()
    }

    /// What became of all uploads.
    pub fn counts(&self) -> Counts {
        *self.counts.lock().unwrap()
    }

    /// Each team at a server.
    pub fn teams(&self, address: &str) -> impl Iterator<Item = Client> {
        self.clients.iter().map(move |client| client.at(address))
    }
}

/// The rank of the target of a query in upload number `n` (Fibonacci hashing): another one in every
/// upload, and better in some uploads than in others.
fn rank(query: usize, n: usize) -> usize {
    let drawn = (query * 100_003 + n).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
    1 + drawn % (40 + n % 51)
}
