//! Limits hold in races.

use serde_json::Value;
use system_tests::{Client, Tester};

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
    // the clock is at noon: a second before midnight it is still refused
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
    for text in ["{}", r#"{"dress":[]}"#] {
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
async fn what_is_no_run_of_the_phase_uses_no_limit_until_there_are_too_many_of_them() {
    let tester = Tester::with_limits("per_day = 1, invalid_per_day = 1").await;
    let team = tester.team("Atelier").await;
    let of_another_split = team.upload("test", tester.dev.run(|_| Some(1))).await;
    assert_eq!(of_another_split.status, 422, "{}", of_another_split.text);
    let first = &of_another_split.json["problems"]["shown"][0]["kind"];
    assert_eq!(first, "wrong_split", "{}", of_another_split.text);
    assert_eq!(of_another_split.json["uses_no_limit"], true);
    for n in 1..domain::submissions::UNRELATED_A_DAY {
        let answer = team.upload("test", format!("[{n}]").into_bytes()).await;
        assert_eq!((answer.status, &answer.json["uses_no_limit"]), (422, &Value::from(true)));
    }
    let left = team.get(&Client::intake("test")).await.json["limits"].clone();
    assert!(left.as_array().unwrap().iter().all(|limit| limit["used"] == 0), "{left}");
    let one_more = team.upload("test", b"[99]".to_vec()).await;
    assert_eq!((one_more.status, &one_more.json["uses_no_limit"]), (422, &Value::Null));
    assert_eq!(team.upload("test", b"[100]".to_vec()).await.status, 429, "it has counted");
    tester.clock.advance(DAY);
    let answer = team.upload("test", b"[101]".to_vec()).await;
    assert_eq!(answer.json["uses_no_limit"], true);
    assert_eq!(team.upload("test", tester.test.run(|_| Some(1))).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_an_upload_that_is_no_run_says_that_it_used_nothing() {
    let tester = Tester::start().await;
    let mut browser = tester.member("Ada", Some("Atelier")).await;
    let team = tester.program_of("Ada").await;
    let page = |id: &Value| format!("/c/fiq/submissions/{}", id.as_str().unwrap());
    let unrelated = team.upload("test", b"[1]".to_vec()).await;
    let html = browser.get(&page(&unrelated.json["id"])).await.text;
    assert!(html.contains("used none of your limits"), "{html}");
    assert!(html.contains("<h1>This is not a submission file</h1>"), "{html}");
    let invalid = team.upload("test", b"{}".to_vec()).await;
    let html = browser.get(&page(&invalid.json["id"])).await.text;
    assert!(!html.contains("used none of your limits"), "{html}");
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
