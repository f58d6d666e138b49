//! Workers are processes of their own, and as many as wanted.

use system_tests::{Client, Program, World, wait_for};

#[test]
fn a_worker_scores_what_a_server_takes_and_finishes_what_it_has_begun_when_it_is_stopped() {
    let world = World::always_open("");
    let token = world.with_a_team("Atelier");
    let data = world.data_dir();
    let program = Program::serve_with(&data, &["--workers", "0", "--answer-seconds", "0"]);
    let client = Client::new(&program.address).with_token(&token);
    let upload = |rank| {
        let run = World::test().zipped(move |_| Some(rank));
        let sent = client.post(&Client::intake("test"), &run, &[]).unwrap();
        // With a worker at hand, the score can be there before the answer is.
        assert!([201, 202].contains(&sent.status), "{} {}", sent.status, sent.text);
    };
    let states = || client.get(&Client::intake("test")).json["submissions"].to_string();
    upload(3);
    assert!(states().contains("\"received\""), "nobody scores");

    let worker = Program::work(&data, &["--workers", "1"]);
    wait_for("it is scored", || (!states().contains("\"received\"")).then_some(()));
    (4..10).for_each(upload);
    assert_eq!(worker.terminate(), Some(0), "it ends well");
    let left = states().matches("\"received\"").count();
    // Nothing is held by the one that is gone: another one scores the rest at once.
    let worker = Program::work(&data, &["--workers", "2"]);
    wait_for("all are scored", || (!states().contains("\"received\"")).then_some(()));
    assert!(left <= 6 && !states().contains("\"failed\""), "{}", states());
    assert_eq!(worker.terminate(), Some(0));
}

#[test]
fn a_submission_that_ends_five_workers_is_given_up_and_said_to_have_failed() {
    let world = World::always_open("");
    let token = world.with_a_team("Atelier");
    let data = world.data_dir();
    let program = Program::serve_with(&data, &["--workers", "0", "--answer-seconds", "0"]);
    let client = Client::new(&program.address).with_token(&token);
    let run = World::test().zipped(|_| Some(3));
    assert_eq!(client.post(&Client::intake("test"), &run, &[]).unwrap().status, 202);
    // As five processes leave it that were killed while they scored it.
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        use sea_orm::ConnectionTrait as _;
        let db = system_tests::open_database(&data).await;
        db.execute_unprepared("update submission set attempts = 5, lease_expires_at = 0")
            .await
            .unwrap();
    });
    let worker = Program::work(&data, &["--metrics-listen", "127.0.0.1:0"]);
    let state = || client.get(&Client::intake("test")).json["submissions"][0]["state"].clone();
    wait_for("it is given up", || (state() == "failed").then_some(()));
    drop(worker);
}
