//! A team edits the details of a submission, and the history of edits.

use domain::ambient::Instant;
use domain::entities::role::Role;
use serde_json::json;
use system_tests::{Answer, Tester, World};
use time::macros::datetime;

const FIELDS: &str = r#"
[[phase.field]]
name = "code"
label = "Code"
kind = "link"

[[phase.field]]
name = "zero-shot"
label = "Zero-shot"
kind = "yes-no"
required = true
"#;

fn id(answer: &Answer) -> String {
    answer.json["id"].as_str().unwrap_or_else(|| panic!("{}", answer.text)).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn method_and_details_are_edited_by_their_team_with_a_trace() {
    let tester = Tester::of(World::with_more("", FIELDS), |_| {}).await;
    let mut browser = tester.member("Ada", Some("Atelier")).await;
    let team = tester.program_of("Ada").await;
    let made = team.upload_told("test", tester.test.run(|_| Some(1)), r#"{"zero-shot": "yes"}"#);
    let made = made.await;
    let id = id(&made);
    let change = r#"{"method": " two towers ", "details": {"code": "https://example.org/a"}}"#;
    let edited = team.edit(&id, change).await;
    assert_eq!((edited.status, &edited.json["method"]), (200, &json!("two towers")));
    let details = json!({ "code": "https://example.org/a", "zero-shot": "yes" });
    assert_eq!(edited.json["details"], details);
    let edits = edited.json["edits"].as_array().unwrap();
    let fields: Vec<_> = edits.iter().map(|edit| edit["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["method", "code"]);
    assert_eq!((&edits[0]["before"], &edits[0]["after"]), (&json!(""), &json!("two towers")));
    assert_eq!(edits[0]["by"], "Ada");
    // the board shows it immediately, repeating it leaves no trace, and an empty answer is no answer
    let board = tester.get("/api/v1/challenges/fiq/phases/test/leaderboard").await;
    assert!(board.text.contains("two towers"), "{}", board.text);
    assert_eq!(team.edit(&id, change).await.json["edits"].as_array().unwrap().len(), 2);
    let without = team.edit(&id, r#"{"details": {"code": ""}}"#).await;
    assert_eq!(without.json["details"], json!({ "zero-shot": "yes" }));
    assert_eq!(without.json["method"], "two towers", "what is left out stays");
    // in the browser too
    let page = format!("/c/fiq/submissions/{id}");
    let sent = [("method", "three towers"), ("code", ""), ("zero-shot", "no")];
    let sent = browser.post(&format!("{page}/edit"), &sent).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    let own = browser.get(&page).await.text;
    assert!(own.contains("<bdi>two towers</bdi> → <bdi>three towers</bdi>"), "{own}");
    assert!(own.contains("by <bdi>Ada</bdi>"), "{own}");
    // organisers see the trace
    let mut otto = tester.organiser("Otto", Role::Organiser).await;
    let desk = otto.get(&format!("/c/fiq/organise/submissions/{id}")).await.text;
    for part in ["Changed by the team", "Ada", "two towers", "three towers"] {
        assert!(desk.contains(part), "{part}: {desk}");
    }
    // others see the current details, and nothing of the earlier ones
    let public = tester.get(&page).await.text;
    assert!(public.contains("three towers") && !public.contains("two towers"), "{public}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_breaks_a_rule_changes_nothing_and_is_said_beside_its_field() {
    let tester = Tester::of(World::with_more("", FIELDS), |_| {}).await;
    let mut browser = tester.member("Ada", Some("Atelier")).await;
    let team = tester.program_of("Ada").await;
    let made = team.upload_told("test", tester.test.run(|_| Some(1)), r#"{"zero-shot": "yes"}"#);
    let id = id(&made.await);
    let long = "x".repeat(81);
    for (change, field) in [
        (json!({ "method": long }), "method"),
        (json!({ "method": "turned\u{202e}round" }), "method"),
        (json!({ "method": "good", "details": { "zero-shot": "perhaps" } }), "zero-shot"),
        (json!({ "details": { "zero-shot": "" } }), "zero-shot"),
        (json!({ "details": { "unknown": "x" } }), "unknown"),
    ] {
        let refused = team.edit(&id, &change.to_string()).await;
        assert_eq!((refused.status, &refused.json["field"]), (400, &json!(field)), "{change}");
    }
    for broken in ["", "[]", "{", "{\"methd\": \"x\"}", "{\"method\": [1]}"] {
        assert_eq!(team.edit(&id, broken).await.status, 400, "{broken}");
    }
    let page = format!("/c/fiq/submissions/{id}");
    let sent = [("method", "kept as typed"), ("code", "javascript:1"), ("zero-shot", "yes")];
    let refused = browser.post(&format!("{page}/edit"), &sent).await;
    assert_eq!(refused.status, 400);
    assert!(refused.text.contains("id=\"edit-code-complaint\""), "{}", refused.text);
    assert!(refused.text.contains("value=\"kept as typed\""), "{}", refused.text);
    let now = team.get(&format!("/api/v1{}", page.replace("/c/", "/challenges/"))).await;
    assert_eq!((&now.json["method"], &now.json["edits"]), (&json!(""), &json!(null)));
    // another team's is not there
    let other = tester.team("Other").await;
    assert_eq!(other.edit(&id, "{\"method\": \"x\"}").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_edited_behind_a_frozen_board_or_after_the_end() {
    let lines = "freezes = 2026-12-01T00:00:00Z\nreveals = 2027-02-01T00:00:00Z";
    let tester = Tester::of(World::with_more("", lines), |_| {}).await;
    let team = tester.team("Atelier").await;
    let id = id(&team.upload("test", tester.test.run(|_| Some(1))).await);
    for (now, code) in [
        (datetime!(2026-12-01 0:00 UTC), "conflict"),
        (datetime!(2027-01-01 0:00 UTC), "phase-closed"),
        (datetime!(2027-03-01 0:00 UTC), "phase-closed"),
    ] {
        tester.clock.set(Instant::of(now));
        let refused = team.edit(&id, "{\"method\": \"late\"}").await;
        assert_eq!((refused.status, &refused.json["code"]), (409, &json!(code)), "{now}");
    }
}
