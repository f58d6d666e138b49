//! A wrong file gets all its problems, and changes nothing.

use serde_json::Value;
use system_tests::{Tester, zip};

#[tokio::test(flavor = "multi_thread")]
async fn every_problem_comes_at_once_and_the_board_stays() {
    let tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    team.upload("test", tester.test.run(|_| Some(20))).await;
    let before = tester.board("test").await;
    let files = [("dress.predict.json", "[]"), ("tops.json", "[")];
    let broken = zip(files.iter().map(|(name, text)| (*name, text.as_bytes())));
    let answer = team.upload("test", broken).await;
    assert_eq!((answer.status, &answer.json["state"]), (422, &Value::from("invalid")));
    let shown = answer.json["problems"]["shown"].as_array().unwrap();
    let messages: Vec<&str> = shown.iter().map(|p| p["message"].as_str().unwrap()).collect();
    let expected = "the zip has no shirt.predict.json, toptee.predict.json (found: \
                    dress.predict.json, tops.json)";
    assert!(messages.contains(&expected), "{messages:#?}");
    assert!(messages.iter().any(|m| m.starts_with("dress.predict.json: ")), "{messages:#?}");
    assert_eq!(tester.board("test").await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_files_get_a_sentence() {
    let tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    let good = tester.test.zipped(|_| Some(1));
    let deep = [b"[".repeat(100_000), b"]".repeat(100_000)].concat();
    let huge = format!("{{\"dress\":[{{\"candidate\":{}}}]}}", "9".repeat(1_000_000));
    let utf16: Vec<u8> = "{\"dress\":[]}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let zeros = vec![0; 3 << 20];
    for (what, bytes) in [
        ("a zip cut short", good[..good.len() / 2].to_vec()),
        ("brackets without end", deep),
        ("a number of a million digits", huge.into_bytes()),
        ("UTF-16", [&[0xff, 0xfe][..], &utf16].concat()),
        ("Latin-1", b"{\"dr\xe9ss\":[]}".to_vec()),
        ("zeros in a zip", zip([("dress.predict.json", &zeros[..])])),
        ("a pickle", b"\x80\x04\x95\x0c\x00\x00\x00".to_vec()),
        ("a web page", b"<!doctype html><html></html>".to_vec()),
    ] {
        let answer = team.upload("test", bytes).await;
        assert_eq!(answer.status, 422, "{what}: {}", answer.text);
        let message = answer.json["problems"]["shown"][0]["message"].as_str().unwrap_or_default();
        assert!(message.len() > 20, "{what}: {}", answer.text);
    }
    assert!(tester.board("test").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_or_oversized_upload_is_refused_and_leaves_nothing() {
    let tester = Tester::with("", |settings| settings.max_upload_bytes = 10_000).await;
    let team = tester.team("Atelier").await;
    let empty = team.upload("test", Vec::new()).await;
    assert_eq!((empty.status, &empty.json["code"]), (400, &Value::from("incomplete-upload")));
    let large = team.upload("test", vec![b' '; 10_001]).await;
    assert_eq!((large.status, &large.json["code"]), (413, &Value::from("too-large")));
    assert_eq!(tester.kept_files(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_method_name_that_could_deceive_is_refused_by_field() {
    let tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    let (client, run) = (team.client.clone(), tester.test.run(|_| Some(1)));
    let path = format!("{}?method=a%E2%80%AEb", system_tests::Client::intake("test"));
    let sent = tokio::task::spawn_blocking(move || client.post(&path, &run, &[]).unwrap());
    let answer = sent.await.unwrap();
    assert_eq!((answer.status, &answer.json["code"]), (400, &Value::from("invalid-field")));
    assert!(answer.json["detail"].as_str().unwrap().starts_with("`method`"));
}
