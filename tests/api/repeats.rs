//! Sending something again uses nothing.

use serde_json::Value;
use system_tests::Tester;

#[tokio::test(flavor = "multi_thread")]
async fn the_same_bytes_are_the_same_submission() {
    let tester = Tester::with_limits("total = 2").await;
    let team = tester.team("Atelier").await;
    let first = team.upload("test", tester.test.run(|_| Some(9))).await;
    let again = team.upload("test", tester.test.run(|_| Some(9))).await;
    assert_eq!((first.status, again.status), (201, 200));
    assert_eq!(first.json["id"], again.json["id"]);
    assert_eq!(team.upload("test", tester.test.run(|_| Some(8))).await.status, 201);
    // another team may hand in the very same file
    let other = tester.team("Other").await;
    assert_eq!(other.upload("test", tester.test.run(|_| Some(9))).await.status, 201);
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
