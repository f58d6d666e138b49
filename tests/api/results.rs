//! The standings in the formats in which others exchange results.

use serde_json::Value;
use system_tests::{Tester, World};

const PHASE: &str = "/api/v1/challenges/fiq/phases/test";
const FORMATS: [&str; 4] = [".csv", ".eee.json", ".eval-results.yaml", ".pwc.json"];

#[tokio::test(flavor = "multi_thread")]
async fn no_format_has_a_score_that_the_board_does_not_show() {
    let shown = "shown = { public = [\"overall\"], team = [\"overall\", \"recall@10\"] }";
    let tester = Tester::of(World::with_more("", shown), |_| {}).await;
    let team = tester.team("Atelier").await;
    let run = tester.test.run(|q| Some(if q % 2 == 0 { 10 } else { 50 }));
    assert_eq!(team.upload("test", run).await.status, 201);
    for format in FORMATS {
        let answer = tester.get(&format!("{PHASE}/leaderboard{format}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(answer.text.contains("Atelier") && answer.text.contains("0.75"), "{}", answer.text);
        for secret in ["recall@10", "recall@50", "mrr", "median"] {
            assert!(!answer.text.contains(secret), "{format} has {secret}: {}", answer.text);
        }
    }
    let page = tester.get("/c/fiq/test").await.text;
    for format in FORMATS {
        assert!(page.contains(&format!("{PHASE}/leaderboard{format}\"")), "no link to {format}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_public_scores_no_format_has_a_row() {
    let shown = "shown = { public = [], team = [\"overall\"] }";
    let tester = Tester::of(World::with_more("", shown), |_| {}).await;
    let team = tester.team("Atelier").await;
    assert_eq!(team.upload("test", tester.test.run(|_| Some(1))).await.status, 201);
    for format in FORMATS {
        let answer = tester.get(&format!("{PHASE}/leaderboard{format}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(!answer.text.contains("Atelier"), "{format}: {}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_format_can_have_the_row_of_one_submission_only_and_says_what_is_wrong() {
    let tester = Tester::start().await;
    let mut ids = Vec::new();
    for name in ["First", "Second"] {
        let made = tester.team(name).await.upload("dev", tester.dev.run(|_| Some(1))).await;
        ids.push(made.json["id"].as_str().unwrap().to_owned());
    }
    let board = "/api/v1/challenges/fiq/phases/dev/leaderboard";
    for format in &FORMATS[1..] {
        let one = tester.get(&format!("{board}{format}?submission={}", ids[1])).await.text;
        assert!(one.contains("Second") && !one.contains("First"), "{format}: {one}");
        let none = tester.get(&format!("{board}{format}?submission=none")).await;
        assert_eq!(none.status, 404);
        assert_eq!(none.json["detail"], "submission `none` not found");
    }
    let wrong = tester.get(&format!("{board}.eval-results.yaml?dataset=fiq")).await;
    assert_eq!(wrong.status, 400, "{}", wrong.text);
    assert!(wrong.text.contains("owner/name"), "{}", wrong.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_board_has_the_same_bytes_in_every_format() {
    let tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    assert_eq!(team.upload("test", tester.test.run(|_| Some(1))).await.status, 201);
    for format in FORMATS {
        let path = format!("{PHASE}/leaderboard{format}");
        let before = tester.get(&path).await.text;
        tester.clock.advance(3600);
        assert_eq!(tester.get(&path).await.text, before, "{format}");
    }
    let records: Value = tester.get(&format!("{PHASE}/leaderboard.eee.json")).await.json;
    assert_eq!(records[0]["source_metadata"]["additional_details"]["rank"], "1");
}
