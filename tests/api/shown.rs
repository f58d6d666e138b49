//! Who sees which metrics.

use serde_json::Value;
use system_tests::{Team, Tester, World};

const PHASE: &str = "/api/v1/challenges/fiq/phases/test";

/// A server on which Atelier and Other have scored, both all of Recall@50 and half of Recall@10.
async fn scored(shown: &str) -> (Tester, Team, Value) {
    let tester = Tester::of(World::with_more("", shown), |_| {}).await;
    let (team, other) = (tester.team("Atelier").await, tester.team("Other").await);
    let run = |turn| tester.test.run(move |q| Some(if (q + turn) % 2 == 0 { 10 } else { 50 }));
    assert_eq!(other.upload("test", run(1)).await.status, 201);
    tester.clock.advance(1);
    let answer = team.upload("test", run(0)).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    (tester, team, answer.json)
}

/// The metrics that a scorecard shows.
fn told(scorecard: &Value) -> Vec<String> {
    let mut told = Vec::new();
    if scorecard.get("overall").is_some() {
        told.push("overall".to_owned());
    }
    if let Some(dress) = scorecard["categories"]["dress"].as_object() {
        told.extend(dress.keys().filter(|key| *key != "queries").cloned());
    }
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_is_public_a_team_sees_its_own_score_and_nobody_sees_an_order() {
    let shown = "shown = { public = [], team = [\"overall\"] }";
    let (tester, team, own) = scored(shown).await;
    assert_eq!(told(&own["scorecard"]), ["overall"]);
    let link = own["link"].as_str().unwrap();
    assert_eq!(team.get(link).await.json, own);
    assert_eq!(tester.team("Curious").await.get(link).await.status, 404);

    let board = tester.get(&format!("{PHASE}/leaderboard")).await;
    assert_eq!(board.json["rows"], Value::Array(vec![]), "{}", board.text);
    let csv = tester.get(&format!("{PHASE}/leaderboard.csv")).await;
    assert_eq!(csv.text.lines().count(), 1, "only the head of the table: {}", csv.text);
    let page = tester.get("/c/fiq/test").await;
    assert_eq!(page.status, 200);
    let score = "75.00";
    for secret in ["Atelier", "Other", score] {
        assert!(!page.text.contains(secret), "the board shows {secret}");
    }
    let id = own["id"].as_str().unwrap();
    let others = tester.get(&format!("/c/fiq/submissions/{id}")).await;
    assert_eq!(others.status, 404, "{}", others.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_sees_its_own_score_on_its_page_and_no_rank_that_is_not_public() {
    let tester =
        Tester::of(World::with_more("", "shown = { public = [], team = [\"overall\"] }"), |_| {})
            .await;
    let mut browser = tester.member("Ada", Some("Atelier")).await;
    let run = tester.test.zipped(|q| Some(if q % 2 == 0 { 10 } else { 50 }));
    let sent = browser.submit("/c/fiq/test/submit", &[], &run).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    let own = browser.get(sent.location.as_deref().unwrap()).await;
    assert!(own.text.contains("75.00"), "{}", own.text);
    assert!(!own.text.contains("50.00") && !own.text.contains("100.00"), "{}", own.text);
    assert!(
        !own.text.contains("</bdi> at rank 1") && own.text.contains("does not show it"),
        "{}",
        own.text
    );
    let board = browser.get("/c/fiq/test").await;
    assert!(!board.text.contains("75.00"), "the board is the same for everyone");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_only_the_overall_score_is_public_a_team_may_see_more_of_its_own() {
    let shown =
        "shown = { public = [\"overall\"], team = [\"overall\", \"recall@10\", \"recall@50\"] }";
    let (tester, team, own) = scored(shown).await;
    assert_eq!(told(&own["scorecard"]), ["overall", "recall@10", "recall@50"]);
    assert_eq!(tester.board("test").await.len(), 2);

    let board = tester.get(&format!("{PHASE}/leaderboard")).await;
    assert_eq!(told(&board.json["rows"][0]["scorecard"]), ["overall"], "{}", board.text);
    // An exact interval would tell how the scores of the groups make up the overall one.
    let intervals = &board.json["rows"][0]["scorecard"]["intervals"];
    assert_eq!(intervals["categories"], serde_json::json!({}), "{intervals}");
    for end in intervals["overall"].as_array().unwrap() {
        let tenths = end.as_f64().unwrap() * 1000.0;
        assert!((tenths - tenths.round()).abs() < 1e-9, "{end} is finer than a tenth of a point");
    }
    let csv = tester.get(&format!("{PHASE}/leaderboard.csv")).await;
    assert_eq!(
        csv.text.lines().next(),
        Some(
            "\u{feff}rank,team,kind,method,overall,tries,received_at,submission,overall_low,overall_high"
        )
    );
    let id = own["id"].as_str().unwrap();
    for path in ["/c/fiq/test".to_owned(), format!("/c/fiq/submissions/{id}")] {
        let page = tester.get(&path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.text.contains("75.00"), "{path} shows the overall score");
        assert!(!page.text.contains("50.00") && !page.text.contains("100.00"), "{path}");
    }
    let told_phase = team.get(PHASE).await.json;
    assert_eq!(told_phase["shown"]["public"], serde_json::json!(["overall"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_phase_shows_is_changed_for_earlier_runs_too() {
    let (tester, team, own) = scored("").await;
    assert_eq!(told(&own["scorecard"]), ["overall", "recall@10", "recall@50"]);
    let all = "[\"overall\", \"recall@10\", \"recall@50\"]";
    let shown = format!("shown = {{ public = {all}, team = {all} }}");
    tester.world.edit(&shown, "shown = { public = [], team = [] }");
    tester.apply().await;
    let after = team.get(own["link"].as_str().unwrap()).await;
    assert!(after.json["scorecard"].is_null(), "{}", after.text);
    assert_eq!(after.json["state"], "scored");
    // a cached board is refreshed after a moment
    let other = tester.beside().await;
    let anyone = other.anyone.clone();
    let board = tokio::task::spawn_blocking(move || anyone.get(&format!("{PHASE}/leaderboard")));
    assert_eq!(board.await.unwrap().json["rows"], Value::Array(vec![]));
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_a_phase_count_and_tell_no_score() {
    let (tester, _, _) = scored("shown = { public = [], team = [] }").await;
    let mut events = tester.anyone.wire();
    events.ask(&format!("{PHASE}/events"));
    let event = events.line_with("data:").unwrap();
    let event: Value = serde_json::from_str(event.trim_start_matches("data:").trim()).unwrap();
    assert_eq!(event, serde_json::json!({ "phase": "test", "scored": 2, "teams": 2 }));
}
