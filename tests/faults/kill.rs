//! `kill -9` while uploads arrive: what was accepted is scored, exactly once.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use domain::ambient::Ambient;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use server::App;
use system_tests::{
    Client, Program, SeededChance, TestClock, World, files_of_uploads, open_database, settings_of,
    wait_for,
};

/// So many kills, and more where a busy machine accepts less than an upload in each.
const CYCLES: usize = 50;
const MOST_CYCLES: usize = 10 * CYCLES;
const UPLOADERS: usize = 4;

#[test]
fn what_was_accepted_before_a_kill_is_scored_exactly_once_and_nothing_else_is_left() {
    let world = World::always_open("total = 60000");
    let data = world.data_dir();
    let token = world.with_a_team("Atelier");
    let accepted = Mutex::new(BTreeSet::new());
    for cycle in 0..MOST_CYCLES {
        if cycle >= CYCLES && accepted.lock().unwrap().len() > CYCLES {
            break;
        }
        let program = Program::serve(&data);
        let client = Client::new(&program.address).with_token(&token);
        std::thread::scope(|scope| {
            for uploader in 0..UPLOADERS {
                let (client, accepted) = (client.clone(), &accepted);
                scope.spawn(move || upload_until_it_dies(&client, cycle, uploader, accepted));
            }
            // Killed at a different point of the work in every cycle.
            std::thread::sleep(Duration::from_millis(60 + (cycle * 37 % 50) as u64 * 6));
            program.kill();
        });
    }

    let accepted = accepted.into_inner().unwrap();
    assert!(accepted.len() > CYCLES, "too few uploads to mean anything: {}", accepted.len());
    let program = Program::serve(&data);
    let client = Client::new(&program.address).with_token(&token);
    all_are_scored(&client, &accepted);
    let limits = client.get(&Client::intake("test")).json["limits"].clone();
    drop(program);
    let submissions = scored_once_each(&data);
    assert!(submissions >= accepted.len(), "{submissions} for {} accepted", accepted.len());
    assert_eq!(limits[0]["used"], submissions, "{limits}");
    swept_clean(&data, submissions);
}

fn upload_until_it_dies(
    client: &Client,
    cycle: usize,
    uploader: usize,
    accepted: &Mutex<BTreeSet<String>>,
) {
    let questions = World::test();
    for n in 0.. {
        let seed = (cycle * UPLOADERS + uploader) * 1000 + n;
        // every upload is another file
        let run = questions.zipped(|q| Some(1 + scattered(q, seed) % 90));
        let Ok(answer) = client.post(&Client::intake("test"), &run, &[]) else { break };
        assert!(matches!(answer.status, 201 | 202), "{}", answer.text);
        let id = answer.json["id"].as_str().unwrap().to_owned();
        assert!(accepted.lock().unwrap().insert(id), "an id was given twice");
    }
}

fn all_are_scored(client: &Client, accepted: &BTreeSet<String>) {
    for id in accepted {
        let link = format!("/api/v1/challenges/fiq/submissions/{id}");
        wait_for("an accepted submission is scored", || {
            let answer = client.get(&link);
            assert_eq!(answer.status, 200, "an accepted submission is gone: {}", answer.text);
            match answer.json["state"].as_str() {
                Some("scored") => Some(()),
                Some("received") => None,
                state => panic!("submission {id} is {state:?}"),
            }
        });
    }
    // Submissions whose response was lost are scored too, after the leases of the dead have expired.
    wait_for("nothing waits", || {
        let shown = client.get(&Client::intake("test")).json["submissions"].to_string();
        (!shown.contains("\"received\"")).then_some(())
    });
}

/// Every submission is scored, and has one scorecard and one row of ranks; answers how many.
fn scored_once_each(data: &Path) -> usize {
    let counts = in_database(data, async |db| {
        let count = async |sql: &str| {
            let statement = Statement::from_string(db.get_database_backend(), sql.to_owned());
            let row = db.query_one_raw(statement).await.unwrap().unwrap();
            row.try_get_by_index::<i64>(0).unwrap() as usize
        };
        [
            count("select count(*) from submission").await,
            count("select count(*) from submission where state = 'scored'").await,
            count("select count(*) from scorecard").await,
            count("select count(distinct submission_id) from scorecard").await,
            count("select count(*) from ranks").await,
        ]
    });
    assert!(counts.iter().all(|n| *n == counts[0]), "{counts:?}");
    counts[0]
}

fn in_database<T>(data: &Path, ask: impl AsyncFnOnce(DatabaseConnection) -> T) -> T {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async { ask(open_database(data).await).await })
}

/// Long after the last kill, the upload folder holds each submission's file and no other.
fn swept_clean(data: &Path, submissions: usize) {
    let clock = TestClock::default();
    clock.set(domain::ambient::Instant::of(time::macros::datetime!(2100-01-01 0:00 UTC)));
    let chance = std::sync::Arc::new(SeededChance::default());
    let ambient = Ambient { clock: std::sync::Arc::new(clock), chance };
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let app = App::open(settings_of(data), ambient).await.unwrap();
        app.sweep().await.unwrap();
    });
    let kept = files_of_uploads(&data.join("uploads"));
    let strays: Vec<&String> = kept.iter().filter(|name| name.len() != 36).collect();
    assert_eq!((kept.len(), strays), (submissions, vec![]));
}

/// Another number for every query and seed (Fibonacci hashing).
fn scattered(query: usize, seed: usize) -> usize {
    (query * 100_003 + seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40
}
