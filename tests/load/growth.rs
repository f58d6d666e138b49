//! What the board costs as a challenge grows: its page right after one more upload, and the server's
//! memory; then its page while uploads and readers continue.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement};
use system_tests::{Client, Questions, Tester, World};

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
    let file = tester.app.settings.database_file().display().to_string();
    let world = tester.stop().await;
    let mut options = ConnectOptions::new(format!("sqlite://{file}"));
    options.max_connections(1);
    let db = Database::connect(options).await.unwrap();
    let numbers = |count: usize| {
        format!("with recursive n(i) as (select 1 union all select i + 1 from n where i < {count})")
    };
    copies(
        &db,
        &numbers(teams - 1),
        "team",
        &[("id", "(select max(id) from team) + i"), ("name", "'Team ' || i")],
    )
    .await;
    let score = "abs(random() % 100000) / 200000.0";
    let of = format!("(select min(id) from team) + i % {teams}");
    let submission = [
        ("id", "randomblob(16)"),
        ("team_id", of.as_str()),
        ("received_at", "received_at - i * 1000000"),
        ("finished_at", "finished_at - i * 1000000"),
        ("upload_key", "upload_key || i"),
        ("upload_digest", "upload_digest || i"),
        ("score", score),
    ];
    copies(&db, &numbers(submissions - 1), "submission", &submission).await;
    let cards = columns(&db, "scorecard").await;
    let value = |name: &String| match name.as_str() {
        "id" => "null".to_owned(),
        "submission_id" => "submission.id".to_owned(),
        "overall" => "submission.score".to_owned(),
        other => format!("scorecard.\"{other}\""),
    };
    let values: Vec<String> = cards.iter().map(value).collect();
    let cards = format!(
        "insert into scorecard (\"{}\") select {} from submission, (select * from scorecard limit 1) as scorecard \
         where submission.id not in (select submission_id from scorecard)",
        cards.join("\", \""),
        values.join(", ")
    );
    db.execute_unprepared(&cards).await.unwrap();
    db.close().await.unwrap();
    (world, token)
}

/// Copies the first row of a table under other values.
async fn copies(db: &DatabaseConnection, numbers: &str, table: &str, other: &[(&str, &str)]) {
    let columns = columns(db, table).await;
    let value = |name: &String| {
        let other = other.iter().find(|(column, _)| column == name);
        other.map_or_else(|| format!("\"{name}\""), |(_, value)| (*value).to_owned())
    };
    let values: Vec<String> = columns.iter().map(value).collect();
    let copy = format!(
        "insert into {table} (\"{}\") {numbers} select {} from n, (select * from {table} limit 1)",
        columns.join("\", \""),
        values.join(", ")
    );
    db.execute_unprepared(&copy).await.unwrap();
}

async fn columns(db: &DatabaseConnection, table: &str) -> Vec<String> {
    let ask = format!("select name from pragma_table_info('{table}')");
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), ask));
    rows.await.unwrap().iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}
