//! A run in a form, as `curl -F` sends it.

use serde_json::Value;
use system_tests::{Form, Tester};

#[tokio::test(flavor = "multi_thread")]
async fn a_run_may_come_in_a_form_with_its_method_before_it() {
    let tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    let run = tester.test.zipped(|_| Some(7));
    let form = Form::default().text("method", "two-stage").file("file", &run);
    let answer = team.upload_form("test", form).await;
    assert_eq!((answer.status, &answer.json["method"]), (201, &Value::from("two-stage")));
    assert_eq!(answer.json["upload_bytes"], run.len());
    assert_eq!(tester.board("test").await, ["1 Atelier 1.0000"]);
    // the bytes count, and not what they came in
    let again = team.upload("test", run).await;
    assert_eq!((again.status, &again.json["id"]), (200, &answer.json["id"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_is_unknown_missing_or_no_text_is_named_and_nothing_is_kept() {
    let tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    let run = tester.test.zipped(|_| Some(7));
    let long = "x".repeat(5000);
    for (form, field) in [
        (Form::default().text("methods", "two-stage").file("file", &run), "methods"),
        (Form::default().file("run", &run), "run"),
        (Form::default().text("method", "two-stage"), "file"),
        (Form::default(), "file"),
        (Form::default().text("method", "a").text("method", "b").file("file", &run), "method"),
        (Form::default().text("method", &long).file("file", &run), "method"),
        (Form::default().text("method", "a\u{202e}b").file("file", &run), "method"),
        (Form::default().file("method", &[0xff, 0xfe]).file("file", &run), "method"),
    ] {
        let answer = team.upload_form("test", form).await;
        assert_eq!((answer.status, &answer.json["code"]), (400, &Value::from("invalid-field")));
        assert_eq!(answer.json["field"], field, "{}", answer.text);
        let detail = answer.json["detail"].as_str().unwrap();
        assert!(detail.starts_with(&format!("`{field}` ")), "{detail}");
    }
    assert_eq!(tester.kept_files(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_refused_under_the_same_rules_as_a_file() {
    let tester = Tester::with("total = 1", |settings| settings.max_upload_bytes = 200_000).await;
    let team = tester.team("Atelier").await;
    let form = |bytes: &[u8]| Form::default().file("file", bytes);
    let large = team.upload_form("test", form(&vec![b' '; 200_001])).await;
    assert_eq!((large.status, &large.json["code"]), (413, &Value::from("too-large")));
    let empty = team.upload_form("test", form(b"")).await;
    assert_eq!((empty.status, &empty.json["code"]), (400, &Value::from("incomplete-upload")));
    let good = team.upload_form("test", form(&tester.test.zipped(|_| Some(1)))).await;
    assert_eq!(good.status, 201, "{}", good.text);
    let more = team.upload_form("test", form(&tester.test.zipped(|_| Some(2)))).await;
    assert_eq!(more.status, 429, "{}", more.text);
    assert_eq!(tester.kept_files(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_client_calls_the_file_its_bytes_tell_what_it_is() {
    let tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    for (n, media_type) in ["application/x-www-form-urlencoded", "text/html", "application/zip"]
        .into_iter()
        .enumerate()
    {
        let run = tester.test.zipped(|_| Some(1 + n));
        let answer = team.upload_with("test", run, &[("Content-Type", media_type)]).await;
        assert_eq!(answer.status, 201, "{media_type}: {}", answer.text);
    }
}
