//! From an upload to its score.

use std::path::Path;
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use domain::ambient::Ambient;
use domain::challenges::{self, Definition};
use domain::entities::team::TeamKind;
use domain::plans::Application;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use server::App;
use server::config::Settings;
use system_tests::Client;
use system_tests::load::Material;
use tempfile::TempDir;

use crate::serving::Process;
use crate::share;

/// As many as the real test split has.
const QUERIES: usize = 6118;

/// Runs, and uploads of the one client.
const RUNS: usize = 100;

/// Teams that upload each run once while uploads arrive by chance.
const TEAMS: usize = 3;

/// Uploads a second while they arrive by chance.
const RATE: f64 = 10.0;

/// The most uploads at the same time; more would have to wait anyway.
const CONNECTIONS: usize = 64;

/// What became of one upload.
struct Scored {
    after: Duration,
    /// Whether the score came with the upload's own answer.
    at_once: bool,
}

/// Prints how long a score takes.
pub fn measure() {
    let mut material = Material::draw(QUERIES);
    let dir = TempDir::new().unwrap();
    let tokens = set_up(&material, dir.path());
    let runs: Vec<Vec<u8>> = (0..RUNS).map(|_| material.run()).collect();
    let bytes = runs.iter().map(Vec::len).sum::<usize>() / RUNS;
    println!(
        "upload to score: {}, zips of {:.1} MB, every upload another run",
        material.size(),
        bytes as f64 / 1e6
    );
    let process = Process::start("challenge", &dir.path().join("data"));
    let client = Client::new(&process.address);

    // the first upload reads the benchmark; it is not counted
    let warm = client.with_token(&tokens[0]);
    submit(&warm, &material.run(), Instant::now());
    let one = runs.iter().map(|run| submit(&warm, run, Instant::now())).collect();
    tell("one client, one after the other", one);
    let by_chance = by_chance(&client, &tokens[1..], &runs);
    tell(&format!("Poisson arrivals, {RATE} a second, open loop"), by_chance);
    println!();
}

/// Makes the data folder; answers the teams' tokens.
fn set_up(material: &Material, dir: &Path) -> Vec<String> {
    let definition = Definition::read(&material.write(dir)).unwrap();
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let settings = Settings::new(dir.join("data"));
        let app = App::open(settings, Ambient::system()).await.unwrap();
        let application = Application::prepare(&app.db, &app.ambient, definition).await.unwrap();
        domain::moderation::apply_definition(&app, &application, None, "applied on the server")
            .await
            .unwrap();
        let challenge = challenges::find(&app.db, "fiq").await.unwrap();
        let mut tokens = Vec::new();
        for n in 0..=TEAMS {
            let name = format!("Team {n}");
            let made = domain::accounts::create(&app, &challenge, &name, TeamKind::Team);
            tokens.push(made.await.unwrap().1.reveal().to_owned());
        }
        tokens
    })
}

/// Uploads a run and waits for its score; the time counts from an instant on.
fn submit(client: &Client, run: &[u8], from: Instant) -> Scored {
    let answer = client.post(&Client::intake("test"), run, &[]).unwrap();
    let at_once = answer.status == 201;
    assert!(at_once || answer.status == 202, "{}", answer.text);
    let mut state = answer.json;
    while state["state"] == "received" {
        thread::sleep(Duration::from_millis(5));
        state = client.get(state["link"].as_str().unwrap()).json;
    }
    assert_eq!(state["state"], "scored");
    Scored { after: from.elapsed(), at_once }
}

/// Uploads come when chance says, whether or not those before them are done.
fn by_chance(client: &Client, tokens: &[String], runs: &[Vec<u8>]) -> Vec<Scored> {
    let (sender, receiver) = mpsc::channel::<(Instant, Client, &[u8])>();
    let receiver = Mutex::new(receiver);
    let done = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..CONNECTIONS {
            scope.spawn(|| {
                loop {
                    let next = receiver.lock().unwrap().recv();
                    let Ok((at, client, run)) = next else { break };
                    let scored = submit(&client, run, at);
                    done.lock().unwrap().push(scored);
                }
            });
        }
        let mut chance = ChaCha8Rng::seed_from_u64(2);
        let mut at = Instant::now() + Duration::from_millis(100);
        for token in tokens {
            let client = client.with_token(token);
            for run in runs {
                let pause = -(1.0 - chance.random::<f64>()).ln() / RATE;
                at += Duration::from_secs_f64(pause);
                thread::sleep(at.saturating_duration_since(Instant::now()));
                sender.send((at, client.clone(), run)).unwrap();
            }
        }
        drop(sender);
    });
    done.into_inner().unwrap()
}

fn tell(how: &str, scored: Vec<Scored>) {
    let waited = scored.iter().filter(|scored| !scored.at_once).count();
    let mut times: Vec<Duration> = scored.into_iter().map(|scored| scored.after).collect();
    times.sort_unstable();
    let (median, late) = (share(&times, 0.5), share(&times, 0.99));
    println!(
        "  {how}: {} uploads, median {median:.1} ms, 99th percentile {late:.1} ms, {waited} answered \
         with 202 first",
        times.len(),
    );
}
