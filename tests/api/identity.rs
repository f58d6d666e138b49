//! Who can do what.

use serde_json::Value;
use system_tests::{Client, Tester};

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_nothing_is_taken() {
    let tester = Tester::start().await;
    let run = tester.test.run(|_| Some(1));
    let anyone = tester.anyone.clone();
    let answers = tokio::task::spawn_blocking(move || {
        let path = Client::intake("test");
        let post = |client: &Client| client.post(&path, &run, &[]).unwrap();
        [
            post(&anyone),
            post(&anyone.with_token("fiq_00000000000000000000000000000000")),
            post(&anyone.with_token("something else")),
        ]
    });
    for answer in answers.await.unwrap() {
        assert_eq!((answer.status, &answer.json["code"]), (401, &Value::from("unauthorized")));
        assert_eq!(answer.media_type, "application/problem+json");
    }
    assert!(tester.board("test").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_is_its_own_teams_alone() {
    let tester = Tester::start().await;
    let (mine, other) = (tester.team("Mine").await, tester.team("Other").await);
    let link = mine.upload("test", tester.test.run(|_| Some(2))).await.location.unwrap();
    assert_eq!(mine.get(&link).await.status, 200);
    assert_eq!(other.get(&link).await.status, 404);
    assert_eq!(tester.get(&link).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_is_problem_json_with_a_sentence() {
    let tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    for (path, status) in [
        ("/api/v1/challenges/none", 404),
        ("/api/v1/challenges/fiq/phases/none/leaderboard", 404),
        ("/api/v1/challenges/fiq/submissions/not-an-id", 404),
        ("/api/v1/challenges/fiq/submissions/018f0000-0000-7000-8000-000000000000", 404),
        ("/api/v1/nothing/here", 404),
        ("/api/v1/challenges/fiq/submissions", 404),
    ] {
        let answer = team.get(path).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text);
        assert_eq!(answer.media_type, "application/problem+json", "{path}: {}", answer.text);
        assert!(answer.json["detail"].as_str().unwrap().len() > 10, "{path}: {}", answer.text);
    }
}
