//! `kill -9` while uploads arrive: what was accepted is scored, exactly once.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, Database, Statement};
use system_tests::{Client, Program, World};

const CYCLES: usize = 6;
const UPLOADERS: usize = 4;

#[test]
fn what_was_accepted_before_a_kill_is_scored_exactly_once() {
    let world = World::new("");
    let data = world.data_dir();
    let definition = world.definition();
    let applied = Program::run(&data, &["challenge", "apply", definition.to_str().unwrap()]);
    assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
    let made = Program::run(&data, &["team", "create", "Atelier"]);
    let token = String::from_utf8(made.stdout).unwrap().trim().to_owned();

    let questions = World::test();
    let accepted = Mutex::new(BTreeSet::new());
    for cycle in 0..CYCLES {
        let program = Program::serve(&data);
        let client = Client::new(&program.address).with_token(&token);
        std::thread::scope(|scope| {
            for uploader in 0..UPLOADERS {
                let (client, questions, accepted) = (client.clone(), &questions, &accepted);
                scope.spawn(move || {
                    for n in 0.. {
                        let seed = (cycle * UPLOADERS + uploader) * 1000 + n;
                        // every upload is another file
                        let run = questions.zipped(|q| Some(1 + scattered(q, seed) % 90));
                        let Ok(answer) = client.post(&Client::intake("test"), &run, &[]) else {
                            break;
                        };
                        assert!(matches!(answer.status, 201 | 202), "{}", answer.text);
                        let id = answer.json["id"].as_str().unwrap().to_owned();
                        assert!(accepted.lock().unwrap().insert(id), "an id was given twice");
                    }
                });
            }
            // Killed at a different point of the work in every cycle.
            std::thread::sleep(Duration::from_millis(300 + 170 * cycle as u64));
            program.kill();
        });
    }

    let accepted = accepted.into_inner().unwrap();
    assert!(accepted.len() > CYCLES, "too few uploads to mean anything: {}", accepted.len());
    let program = Program::serve(&data);
    let client = Client::new(&program.address).with_token(&token);
    let patience = Instant::now() + Duration::from_mins(1);
    for id in &accepted {
        let link = format!("/api/v1/challenges/fiq/submissions/{id}");
        loop {
            let answer = client.get(&link);
            assert_eq!(answer.status, 200, "an accepted submission is gone: {}", answer.text);
            match answer.json["state"].as_str() {
                Some("scored") => break,
                Some("received") if Instant::now() < patience => {
                    std::thread::sleep(Duration::from_millis(200));
                }
                state => panic!("submission {id} is {state:?}"),
            }
        }
    }
    drop(program);
    scored_once_each(&data.join("fashion-iq.sqlite"), accepted.len());
}

/// Every scored submission has one scorecard and one row of ranks; no fewer than were accepted.
fn scored_once_each(database: &std::path::Path, accepted: usize) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let counts = runtime.block_on(async {
        let db = Database::connect(format!("sqlite://{}", database.display())).await.unwrap();
        let count = async |sql: &str| {
            let statement = Statement::from_string(db.get_database_backend(), sql.to_owned());
            let row = db.query_one_raw(statement).await.unwrap().unwrap();
            row.try_get_by_index::<i64>(0).unwrap() as usize
        };
        [
            count("select count(*) from submission where state = 'scored'").await,
            count("select count(*) from scorecard").await,
            count("select count(distinct submission_id) from scorecard").await,
            count("select count(*) from ranks").await,
        ]
    });
    assert!(counts[0] >= accepted, "{counts:?} for {accepted} accepted");
    assert!(counts.iter().all(|n| *n == counts[0]), "{counts:?}");
}

/// Another number for every query and seed (Fibonacci hashing).
fn scattered(query: usize, seed: usize) -> usize {
    (query * 100_003 + seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40
}
