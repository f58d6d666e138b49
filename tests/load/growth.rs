//! What the board costs as a challenge grows: its page right after one more upload, and the server's
//! memory; then its page while uploads and readers continue.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use system_tests::load::fill;
use system_tests::{Client, Questions, Tester, World, open_database};

use crate::serving::Process;
use crate::share;

/// Submissions and teams.
const SIZES: [(usize, usize); 3] = [(1_000, 100), (20_000, 1_000), (100_000, 2_000)];

/// Uploads after each of which the board is read once.
const UPLOADS: usize = 25;

/// How the board is read during uploads.
const BUSY: (usize, usize) = (20_000, 1_000);
const READERS: usize = 20;
const RATE: f64 = 20.0;
const TIME: Duration = Duration::from_secs(15);

const PAGE: &str = "/c/fiq/test";

/// Prints the table.
pub fn measure() {
    println!(
        "growth: the board's page after one more upload, medians of {UPLOADS}; memory of the server"
    );
    for (submissions, teams) in SIZES {
        let place = Place::with(submissions, teams);
        let mut times = Vec::new();
        for n in 0..UPLOADS {
            place.upload(n);
            let began = Instant::now();
            place.read();
            times.push(began.elapsed());
        }
        times.sort_unstable();
        println!(
            "  {submissions:>7} submissions, {teams:>5} teams: median {:.1} ms, longest {:.1} ms, {:.0} MB",
            share(&times, 0.5),
            share(&times, 1.0),
            place.process.memory() as f64 / 1e6,
        );
    }
    let (submissions, teams) = BUSY;
    let place = Place::with(submissions, teams);
    let (mut reads, uploads) = place.busy();
    reads.sort_unstable();
    println!(
        "  {submissions} submissions, {teams} teams, {uploads} uploads in {} s, {READERS} readers without a \
         pause: {} reads, median {:.1} ms, 99th percentile {:.1} ms, longest {:.1} ms\n",
        TIME.as_secs(),
        reads.len(),
        share(&reads, 0.5),
        share(&reads, 0.99),
        share(&reads, 1.0),
    );
}

/// A server with a challenge of some size.
struct Place {
    process: Process,
    team: Client,
    test: Questions,
    _world: World,
}

impl Place {
    fn with(submissions: usize, teams: usize) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (world, token) = runtime.block_on(filled(submissions, teams));
        let process = Process::start("challenge", &world.data_dir());
        let team = Client::new(&process.address).with_token(&token);
        let place = Self { process, team, test: World::test(), _world: world };
        // the first upload reads the benchmark
        place.upload(UPLOADS);
        place.read();
        place
    }

    fn read(&self) {
        let page = Client::new(&self.process.address).get(PAGE);
        assert!(page.status == 200 && page.text.contains("Team "), "{}", page.text);
    }

    /// Uploads another run for each number.
    fn upload(&self, n: usize) {
        let run = self.test.run(move |q| (q % 53 != n / 60).then_some(1 + (q * 7 + n) % 60));
        let answer = self.team.post(&Client::intake("test"), &run, &[]).unwrap();
        assert_eq!(answer.status, 201, "{}", answer.text);
    }

    /// Uploads at a steady rate while readers ask for the board: how long each read took, and how many
    /// uploads there were.
    fn busy(&self) -> (Vec<Duration>, usize) {
        let (over, reads) = (AtomicBool::new(false), Mutex::new(Vec::new()));
        let uploads = (RATE * TIME.as_secs_f64()) as usize;
        thread::scope(|scope| {
            for _ in 0..READERS {
                scope.spawn(|| {
                    let client = Client::new(&self.process.address);
                    let mut own = Vec::new();
                    while !over.load(Ordering::Relaxed) {
                        let began = Instant::now();
                        assert_eq!(client.get(PAGE).status, 200);
                        own.push(began.elapsed());
                    }
                    reads.lock().unwrap().extend(own);
                });
            }
            let began = Instant::now();
            for n in 0..uploads {
                let at = began + Duration::from_secs_f64(n as f64 / RATE);
                thread::sleep(at.saturating_duration_since(Instant::now()));
                self.upload(UPLOADS + 1 + n);
            }
            over.store(true, Ordering::Relaxed);
        });
        (reads.into_inner().unwrap(), uploads)
    }
}

/// A data folder with this many scored submissions of this many teams, and the token of one team.
async fn filled(submissions: usize, teams: usize) -> (World, String) {
    let tester = Tester::start().await;
    let token = tester.token("Team of the bench").await;
    let client = tester.anyone.with_token(&token);
    let run = tester.test.run(|q| (q % 3 > 0).then_some(1 + q % 60));
    let sent = move || client.post(&Client::intake("test"), &run, &[]).unwrap();
    let first = tokio::task::spawn_blocking(sent).await.unwrap();
    assert_eq!(first.status, 201, "{}", first.text);
    let world = tester.stop().await;
    let db = open_database(&world.data_dir()).await;
    fill(&db, submissions, teams).await;
    db.close().await.unwrap();
    (world, token)
}
