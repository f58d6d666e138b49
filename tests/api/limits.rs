//! Limits hold, however they are raced.

use serde_json::Value;
use system_tests::Tester;

const DAY: i64 = 86_400;

#[tokio::test(flavor = "multi_thread")]
async fn a_day_limit_refuses_says_when_and_resets_at_midnight_utc() {
    let tester = Tester::with_limits("per_day = 2").await;
    let team = tester.team("Atelier").await;
    let run = |n: usize| tester.test.run(move |q| Some(1 + (q + n) % 60));
    assert_eq!(team.upload("test", run(0)).await.status, 201);
    assert_eq!(team.upload("test", run(1)).await.status, 201);
    let refused = team.upload("test", run(2)).await;
    assert_eq!((refused.status, &refused.json["code"]), (429, &Value::from("limit-reached")));
    assert_eq!(refused.json["retry_at"], "2026-11-25T00:00:00Z");
    // the clock stands at noon: a second before midnight it is still refused
    tester.clock.advance(DAY / 2 - 1);
    assert_eq!(team.upload("test", run(2)).await.status, 429);
    tester.clock.advance(1);
    assert_eq!(team.upload("test", run(2)).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_uploads_race_for_one_place_and_one_wins() {
    let tester = Tester::with_limits("total = 1").await;
    let team = tester.team("Atelier").await;
    let mut uploads = tokio::task::JoinSet::new();
    for n in 0..50 {
        let (team, run) = (team.clone(), tester.test.run(move |q| Some(1 + (q + n) % 60)));
        uploads.spawn(async move { team.upload("test", run).await.status });
    }
    let mut statuses = uploads.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses[0], 201);
    assert_eq!(statuses[1..], [429; 49]);
    let kept = tester.kept_files();
    assert_eq!(kept, 1, "refused uploads leave no file behind");
}

#[tokio::test(flavor = "multi_thread")]
async fn invalid_uploads_use_their_own_limit_only() {
    let tester = Tester::with_limits("per_day = 1, invalid_per_day = 2").await;
    let team = tester.team("Atelier").await;
    for text in ["{}", "[]"] {
        let answer = team.upload("test", text.into()).await;
        assert_eq!((answer.status, &answer.json["state"]), (422, &Value::from("invalid")));
    }
    let refused = team.upload("test", "null".into()).await;
    assert_eq!(refused.status, 429, "{}", refused.text);
    assert!(refused.json["detail"].as_str().unwrap().contains("invalid uploads"));
    tester.clock.advance(DAY);
    assert_eq!(team.upload("test", tester.test.run(|_| Some(1))).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_is_each_teams_and_each_phases_own() {
    let tester = Tester::with_limits("total = 1").await;
    let (one, two) = (tester.team("One").await, tester.team("Two").await);
    assert_eq!(one.upload("test", tester.test.run(|_| Some(1))).await.status, 201);
    assert_eq!(two.upload("test", tester.test.run(|_| Some(1))).await.status, 201);
    assert_eq!(one.upload("dev", tester.dev.run(|_| Some(1))).await.status, 201);
    assert_eq!(one.upload("test", tester.test.run(|_| Some(2))).await.status, 429);
}
