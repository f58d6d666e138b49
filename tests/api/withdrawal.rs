//! A team withdraws a submission, and reinstates it.

use serde_json::Value;
use system_tests::{Answer, Client, Tester};

fn id(answer: &Answer) -> String {
    answer.json["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_run_leaves_the_board_to_the_next_best_until_it_is_put_back() {
    let tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    let best = team.upload("test", tester.test.run(|_| Some(1))).await;
    let second = team.upload("test", tester.test.run(|_| Some(30))).await;
    assert_eq!(tester.board("test").await, ["1 Atelier 1.0000"]);

    let withdrawn = team.withdraw(&id(&best)).await;
    assert_eq!((withdrawn.status, &withdrawn.json["state"]), (200, &Value::from("scored")));
    assert_eq!(withdrawn.json["withdrawn_at"], "2026-11-24T12:00:00Z");
    assert_eq!(tester.board("test").await, ["1 Atelier 0.5000"]);
    let page = format!("/c/fiq/submissions/{}", id(&best));
    assert_eq!(tester.get(&page).await.status, 404, "it is no longer public");

    // again, later: nothing changes
    tester.clock.advance(60);
    assert_eq!(team.withdraw(&id(&best)).await.json, withdrawn.json);
    team.withdraw(&id(&second)).await;
    assert!(tester.board("test").await.is_empty());

    let restored = team.restore(&id(&best)).await;
    assert_eq!((restored.status, &restored.json), (200, &best.json));
    assert_eq!(team.restore(&id(&best)).await.json, best.json);
    assert_eq!(tester.board("test").await, ["1 Atelier 1.0000"]);
    assert_eq!(tester.get(&page).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn withdrawing_gives_no_place_back_and_sending_the_bytes_again_does_not_undo_it() {
    let tester = Tester::with_limits("per_day = 2, total = 2").await;
    let team = tester.team("Atelier").await;
    let limits = async || team.get(&Client::intake("test")).await.json["limits"].clone();
    let run = || tester.test.run(|_| Some(1));
    let first = team.upload("test", run()).await;
    let before = limits().await;
    team.withdraw(&id(&first)).await;
    assert_eq!(limits().await, before);

    let again = team.upload("test", run()).await;
    assert_eq!((again.status, id(&again)), (200, id(&first)));
    assert_eq!(again.json["withdrawn_at"], "2026-11-24T12:00:00Z");
    assert!(tester.board("test").await.is_empty(), "it is still withdrawn");
    assert_eq!(limits().await, before);

    assert_eq!(team.upload("test", tester.test.run(|_| Some(2))).await.status, 201);
    assert_eq!(team.upload("test", tester.test.run(|_| Some(3))).await.status, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_withdraws_a_run() {
    let tester = Tester::start().await;
    let (mine, other) = (tester.team("Mine").await, tester.team("Other").await);
    let run = mine.upload("test", tester.test.run(|_| Some(1))).await;
    assert_eq!(other.withdraw(&id(&run)).await.status, 404);
    let path = format!("/api/v1/challenges/fiq/submissions/{}/withdrawal", id(&run));
    let anyone = tester.anyone.clone();
    let refused = tokio::task::spawn_blocking(move || anyone.change(&path, false)).await.unwrap();
    assert_eq!(refused.status, 401);
    assert_eq!(tester.board("test").await, ["1 Mine 1.0000"]);
    mine.withdraw(&id(&run)).await;
    assert_eq!(other.restore(&id(&run)).await.status, 404);
    assert!(tester.board("test").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_upload_can_be_withdrawn_as_well_and_changes_nothing() {
    let tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    let invalid = team.upload("test", b"{}".to_vec()).await;
    let withdrawn = team.withdraw(&id(&invalid)).await;
    assert_eq!((withdrawn.status, &withdrawn.json["state"]), (200, &Value::from("invalid")));
    assert_eq!(team.restore(&id(&invalid)).await.json, invalid.json);
}
