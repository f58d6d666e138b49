//! Sending something again uses nothing.

use serde_json::Value;
use system_tests::{Answer, Client, Team, Tester};
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread")]
async fn the_same_bytes_are_the_same_submission() {
    let tester = Tester::with_limits("total = 2").await;
    let team = tester.team("Atelier").await;
    let first = team.upload("test", tester.test.run(|_| Some(9))).await;
    let again = team.upload("test", tester.test.run(|_| Some(9))).await;
    assert_eq!((first.status, again.status), (201, 200));
    assert_eq!(first.json["id"], again.json["id"]);
    assert!(first.json["repeat"].is_null());
    let said = again.json["repeat"]["detail"].as_str().unwrap();
    assert!(said.contains("no new submission was made"), "{said}");
    assert_eq!(again.json["repeat"]["differs"], serde_json::json!([]));
    assert_eq!(team.upload("test", tester.test.run(|_| Some(8))).await.status, 201);
    // another team can submit the same file
    let other = tester.team("Other").await;
    assert_eq!(other.upload("test", tester.test.run(|_| Some(9))).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_bytes_with_another_method_say_what_was_kept_in_the_api_and_on_the_page() {
    let tester = Tester::start().await;
    let mut browser = tester.member("Ada", Some("Atelier")).await;
    let run = tester.test.zipped(|_| Some(9));
    let form = "/c/fiq/test/submit";
    let first = browser.submit(form, &[("method", "one")], &run).await;
    assert_eq!(first.status, 303, "{}", first.text);
    let page = first.location.unwrap();
    assert_eq!(browser.post(&format!("{page}/withdraw"), &[]).await.status, 303);
    let again = browser.submit(form, &[("method", "two")], &run).await;
    assert_eq!(again.status, 200);
    for said in ["already uploaded", "no new submission was made", "withdrawn", "“one”", "“two”"]
    {
        assert!(again.text.contains(said), "{said}: {}", again.text);
    }
    assert!(again.text.contains(&format!("href=\"{page}\"")), "{}", again.text);
    let program = tester.program_of("Ada").await;
    let path = format!("{}?method=three", Client::intake("test"));
    let sent = tokio::task::spawn_blocking(move || program.client.post(&path, &run, &[]).unwrap());
    let sent = sent.await.unwrap();
    assert_eq!(sent.status, 200, "{}", sent.text);
    let differs = serde_json::json!([{ "field": "method", "given": "three", "kept": "one" }]);
    assert_eq!(sent.json["repeat"]["differs"], differs);
    assert!(sent.json["repeat"]["detail"].as_str().unwrap().contains("is withdrawn"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_invalid_bytes_are_said_to_be_invalid_still() {
    let tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    assert_eq!(team.upload("test", b"no run".to_vec()).await.status, 422);
    let again = team.upload("test", b"no run".to_vec()).await;
    assert_eq!(again.status, 200);
    let said = again.json["repeat"]["detail"].as_str().unwrap();
    assert!(said.contains("is invalid"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_idempotency_key_is_no_upload_even_when_the_limit_is_used_up() {
    let tester = Tester::with_limits("total = 1").await;
    let team = tester.team("Atelier").await;
    let key = [("Idempotency-Key", "run-1")];
    let first = team.upload_with("test", tester.test.run(|_| Some(9)), &key).await;
    let again = team.upload_with("test", tester.test.run(|_| Some(9)), &key).await;
    assert_eq!((first.status, again.status), (201, 200), "{}", again.text);
    assert_eq!(first.json, again.json);
    let other = team.upload_with("test", tester.test.run(|_| Some(8)), &key).await;
    let code = Value::from("idempotency-key-reused");
    assert_eq!((other.status, &other.json["code"]), (409, &code));
}

#[tokio::test(flavor = "multi_thread")]
async fn once_a_limit_is_used_up_the_same_bytes_are_refused_unread_unless_their_key_comes_with_them()
 {
    let tester = Tester::with_limits("total = 1").await;
    let team = tester.team("Atelier").await;
    let run = tester.test.run(|_| Some(9));
    let key = [("Idempotency-Key", "run-1")];
    let first = team.upload_with("test", run.clone(), &key).await;
    assert_eq!(first.status, 201);
    let refused = team.upload("test", run.clone()).await;
    assert_eq!((refused.status, &refused.json["code"]), (429, &Value::from("limit-reached")));
    let client = team.client.clone();
    let unread = move || client.begin(&Client::intake("test"), 1000).is_asked_for_the_body();
    assert!(!tokio::task::spawn_blocking(unread).await.unwrap(), "its body is not asked for");
    let again = team.upload_with("test", run, &key).await;
    assert_eq!((again.status, &again.json), (200, &first.json));
}

/// Sends twenty uploads at once, to two servers in turn, with one idempotency key or none.
async fn twenty_at_once(
    tester: &Tester,
    team: &Team,
    key: &[(&'static str, &'static str)],
    body: impl Fn(usize) -> Vec<u8>,
) -> Vec<Answer> {
    let other = tester.beside().await;
    let mut uploads = JoinSet::new();
    for n in 0..20 {
        let team = if n % 2 == 0 { team.clone() } else { team.at(&other) };
        let (body, key) = (body(n), key.to_vec());
        uploads.spawn(async move { team.upload_with("test", body, &key).await });
    }
    let answers = uploads.join_all().await;
    other.stop().await;
    answers
}

fn statuses(answers: &[Answer]) -> Vec<u16> {
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    statuses
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_repeated_before_it_was_answered_is_one_submission() {
    for key in [&[("Idempotency-Key", "run-1")][..], &[]] {
        let tester = Tester::with_limits("total = 2").await;
        let team = tester.team("Atelier").await;
        let answers = twenty_at_once(&tester, &team, key, |_| tester.test.run(|_| Some(9))).await;
        assert_eq!(statuses(&answers), [&[200; 19][..], &[201]].concat());
        assert!(answers.iter().all(|answer| answer.json["id"] == answers[0].json["id"]));
        assert_eq!(tester.kept_files(), 1);
        assert_eq!(team.upload("test", tester.test.run(|_| Some(8))).await.status, 201);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_key_with_many_bodies_takes_one_and_refuses_the_others() {
    let tester = Tester::with_limits("total = 2").await;
    let team = tester.team("Atelier").await;
    let key = [("Idempotency-Key", "run-1")];
    let answers =
        twenty_at_once(&tester, &team, &key, |n| tester.test.run(move |_| Some(1 + n))).await;
    assert_eq!(statuses(&answers), [&[201][..], &[409; 19]].concat());
    let refused = answers.iter().filter(|answer| answer.status == 409);
    assert!(refused.clone().all(|answer| answer.json["code"] == "idempotency-key-reused"));
    assert_eq!(tester.kept_files(), 1);
    assert_eq!(team.upload("test", tester.test.run(|_| Some(30))).await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_broken_bytes_are_the_same_broken_submission() {
    let tester = Tester::with_limits("invalid_per_day = 2").await;
    let team = tester.team("Atelier").await;
    let first = team.upload("test", b"{}".to_vec()).await;
    let again = team.upload("test", b"{}".to_vec()).await;
    assert_eq!((first.status, again.status), (422, 200), "{}", again.text);
    let mut known = again.json;
    assert!(known.as_object_mut().unwrap().remove("repeat").is_some());
    assert_eq!(first.json, known);
    assert_eq!(team.upload("test", b"[]".to_vec()).await.status, 422, "one place is left");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_each_teams_and_each_phases_own() {
    let tester = Tester::start().await;
    let (one, two) = (tester.team("One").await, tester.team("Two").await);
    let key = [("Idempotency-Key", "run-1")];
    let first = one.upload_with("test", tester.test.run(|_| Some(1)), &key).await;
    let other = two.upload_with("test", tester.test.run(|_| Some(2)), &key).await;
    let elsewhere = one.upload_with("dev", tester.dev.run(|_| Some(3)), &key).await;
    assert_eq!((first.status, other.status, elsewhere.status), (201, 201, 201));
    assert_eq!(tester.kept_files(), 3);
}
