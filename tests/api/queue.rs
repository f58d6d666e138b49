//! Nothing accepted is lost, and nothing gets two results.

use std::time::Duration;

use domain::challenges;
use domain::entities::benchmark;
use domain::entities::submission::{self, State};
use domain::submissions::{self, Claim, Lease, Report, Written};
use scoring::Problems;
use serde_json::Value;
use server::App;
use system_tests::Tester;

async fn claim(app: &App) -> Option<(Lease, submission::Model)> {
    submissions::claim(&app.db, &app.ambient, Claim::default()).await.unwrap()
}

/// A server that never finds a free place for an upload: everything goes through the queue.
async fn busy() -> Tester {
    Tester::with("", |settings| {
        settings.patience = Duration::ZERO;
        settings.worker.at_once = 0;
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_server_answers_202_and_scores_from_the_queue() {
    let tester = busy().await;
    let team = tester.team("Atelier").await;
    let answer = team.upload("test", tester.test.run(|_| Some(10))).await;
    assert_eq!((answer.status, &answer.json["state"]), (202, &Value::from("received")));
    assert!(tester.board("test").await.is_empty());
    assert!(tester.app.worker.step(&tester.app).await.unwrap());
    let link = answer.json["link"].as_str().unwrap();
    assert_eq!(team.get(link).await.json["state"], "scored");
    assert_eq!(tester.board("test").await, ["1 Atelier 1.0000"]);
    assert!(!tester.app.worker.step(&tester.app).await.unwrap(), "nothing is left to do");
}

/// The same with one upload in the queue.
async fn one_waits() -> Tester {
    let tester = busy().await;
    let team = tester.team("Atelier").await;
    team.upload("test", tester.test.run(|_| Some(10))).await;
    tester
}

async fn benchmark_of(app: &App, row: &submission::Model) -> benchmark::Model {
    let phase = challenges::phase_by_id(&app.db, row.phase_id).await.unwrap();
    challenges::benchmark_by_id(&app.db, phase.benchmark_id).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn when_a_worker_dies_another_takes_over_and_the_dead_one_writes_nothing() {
    let tester = one_waits().await;
    let app = &tester.app;

    let (lease, row) = claim(app).await.unwrap();
    assert!(claim(app).await.is_none(), "it is leased");
    tester.clock.advance(submissions::LEASE_SECONDS - 1);
    assert!(lease.renew(&app.db, &app.ambient).await.unwrap());
    tester.clock.advance(submissions::LEASE_SECONDS - 1);
    assert!(claim(app).await.is_none(), "it was renewed");
    tester.clock.advance(1);
    assert!(app.worker.step(app).await.unwrap(), "the lease has run out");

    let benchmark = benchmark_of(app, &row).await;
    let late = Report::Failed.write(app, &lease, &row, &benchmark).await.unwrap();
    assert_eq!(late, Written::LostLease, "the dead worker's lease is gone");
    assert!(!lease.renew(&app.db, &app.ambient).await.unwrap());
    assert_eq!(tester.board("test").await, ["1 Atelier 1.0000"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_was_believed_dead_finishes_first_and_its_result_counts_once() {
    let tester = one_waits().await;
    let app = &tester.app;

    let (slow, row) = claim(app).await.unwrap();
    tester.clock.advance(submissions::LEASE_SECONDS);
    let (other, _) = claim(app).await.unwrap();
    let benchmark = benchmark_of(app, &row).await;
    let invalid = || Report::Invalid(Problems::default());
    let given_up = Report::Failed.write(app, &slow, &row, &benchmark).await.unwrap();
    assert_eq!(given_up, Written::LostLease, "another still tries");
    let first = invalid().write(app, &slow, &row, &benchmark).await.unwrap();
    let second = invalid().write(app, &other, &row, &benchmark).await.unwrap();
    assert_eq!((first, second), (Written::Done, Written::LostLease));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_that_kills_every_worker_is_given_up_as_our_fault() {
    let tester = busy().await;
    let team = tester.team("Atelier").await;
    let answer = team.upload("test", tester.test.run(|_| Some(10))).await;
    let app = &tester.app;
    // No worker had a place when it arrived, so that was no try.
    for _ in 0..5 {
        assert!(claim(app).await.is_some());
        tester.clock.advance(submissions::LEASE_SECONDS);
    }
    assert!(app.worker.step(app).await.unwrap());
    let told = team.get(answer.json["link"].as_str().unwrap()).await;
    assert_eq!(told.json["state"], "failed");
    // the same bytes can be sent again, because the failure was ours
    let again = team.upload("test", tester.test.run(|_| Some(10))).await;
    assert_eq!(again.status, 202, "{}", again.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_another_server_scores_is_answered_with_its_score() {
    // it would wait for longer than any client does
    let tester = Tester::with("", |settings| {
        settings.patience = Duration::from_hours(1);
        settings.worker.at_once = 0;
    })
    .await;
    let other = tester.beside_with(|settings| settings.worker.at_once = 1).await;
    let team = tester.team("Atelier").await;
    let answer = team.upload("test", tester.test.run(|_| Some(10))).await;
    assert_eq!((answer.status, &answer.json["state"]), (201, &Value::from("scored")));
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_result_of_a_lost_lease_changes_no_state() {
    let tester = busy().await;
    let team = tester.team("Atelier").await;
    let id = team.upload("test", tester.test.run(|_| Some(10))).await.json["id"].clone();
    let app = &tester.app;
    let (_, row) = claim(app).await.unwrap();
    assert_eq!(Value::from(row.id.to_string()), id);
    assert_eq!(row.state, State::Received);
    assert_eq!(row.attempts, 1, "the attempt of the upload never began");
}
