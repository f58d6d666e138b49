//! The uploads of a closed phase are kept for as long as its settings say.

use std::path::PathBuf;

use serde_json::Value;
use system_tests::{Answer, PASSWORD, Team, Tester, World};

const DAY: i64 = 86_400;

/// Phase `test` is open on 1 November 2026 and closes on 1 January 2027.
async fn tester(rule: &str) -> Tester {
    let tester = Tester::of(World::with_more("", rule), |_| {}).await;
    tester.apply().await;
    tester
}

fn upload(tester: &Tester, answer: &Answer) -> PathBuf {
    tester.app.settings.upload_dir().join(answer.json["id"].as_str().unwrap())
}

/// The best submission of a team, and another one.
async fn two(tester: &Tester) -> (Team, Answer, Answer) {
    let team = tester.team("Atelier").await;
    let worse = team.upload("test", tester.test.run(|_| Some(20))).await;
    let best = team.upload("test", tester.test.run(|_| Some(2))).await;
    assert_eq!((worse.status, best.status), (201, 201), "{} {}", worse.text, best.text);
    (team, worse, best)
}

fn link(answer: &Answer) -> &str {
    answer.json["link"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn days_after_the_end_only_uploads_on_the_board_are_left_and_later_none() {
    let tester = tester("uploads = { days = 30, ranked_days = 60 }").await;
    let (team, worse, best) = two(&tester).await;
    let phase = &tester.get("/api/v1/challenges/fiq").await.json["phases"];
    let phase = phase.as_array().unwrap().iter().find(|phase| phase["name"] == "test").unwrap();
    assert_eq!(phase["uploads"], serde_json::json!({"days": 30, "ranked_days": 60}));
    let board = tester.get("/api/v1/challenges/fiq/phases/test/leaderboard").await.json;
    let scores = |board: &Value| board["rows"][0]["scores"].clone();

    let closes = phase["closes"].as_str().unwrap();
    let closes =
        time::OffsetDateTime::parse(closes, &time::format_description::well_known::Rfc3339);
    let now = tester.app.ambient.now().utc().unix_timestamp();
    let until = closes.unwrap().unix_timestamp() + 30 * DAY - now;
    tester.clock.advance(until - 1);
    assert_eq!(tester.app.sweep().await.unwrap().deleted, 0);
    assert!(upload(&tester, &worse).exists());

    tester.clock.advance(1);
    assert_eq!(tester.app.sweep().await.unwrap().deleted, 1);
    assert!(!upload(&tester, &worse).exists() && upload(&tester, &best).exists());
    let shown = team.get(link(&worse)).await.json;
    assert!(shown["upload_deleted_at"].is_string(), "{shown}");
    assert_eq!(shown["upload_sha256"].as_str().unwrap().len(), 64, "the receipt still holds");
    assert!(shown["scorecard"].is_object(), "its scores stay: {shown}");
    assert!(team.get(link(&best)).await.json["upload_deleted_at"].is_null());

    tester.clock.advance(30 * DAY);
    assert_eq!(tester.app.sweep().await.unwrap().deleted, 1);
    assert_eq!(tester.app.sweep().await.unwrap().deleted, 0);
    assert_eq!(tester.kept_files(), 0);
    let after = tester.get("/api/v1/challenges/fiq/phases/test/leaderboard").await.json;
    assert_eq!(scores(&after), scores(&board));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_rule_nothing_is_deleted() {
    let tester = tester("").await;
    let (_, worse, best) = two(&tester).await;
    tester.clock.advance(1000 * DAY);
    assert_eq!(tester.app.sweep().await.unwrap().deleted, 0);
    assert!(upload(&tester, &worse).exists() && upload(&tester, &best).exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_reads_what_became_of_its_file_and_nobody_finds_it_missing() {
    let tester = tester("uploads = { days = 0 }").await;
    let mut ada = tester.member("Ada", Some("Atelier")).await;
    let program = tester.program_of("Ada").await;
    let worse = program.upload("test", tester.test.run(|_| Some(20))).await;
    program.upload("test", tester.test.run(|_| Some(2))).await;
    let page = format!("/c/fiq/submissions/{}", worse.json["id"].as_str().unwrap());
    assert!(
        ada.get(&page)
            .await
            .text
            .contains("kept until 2027-01-01, if it is on the board then for ever")
    );
    assert_eq!(ada.get(&format!("{page}/upload")).await.status, 200);

    tester.clock.advance(400 * DAY);
    assert_eq!(tester.app.sweep().await.unwrap().deleted, 1);
    let typed = [("email", "ada@example.org"), ("password", PASSWORD)];
    assert_eq!(ada.post("/sign-in", &typed).await.status, 303);
    let text = ada.get(&page).await.text;
    assert!(
        text.contains("deleted on 2027-") && !text.contains(&format!("{page}/upload")),
        "{text}"
    );
    let refused = ada.get(&format!("{page}/upload")).await;
    assert_eq!(refused.status, 404);
    assert!(refused.text.contains("as the phase’s settings say"), "{}", refused.text);
    let (folder, db) = (tester.app.settings.data_folder(tester.app.ambient.now()), &tester.app.db);
    let findings = domain::storage::examination::examine(&folder, db).await.unwrap();
    let missing = findings.iter().find(|it| it.check == "missing-uploads").unwrap();
    assert_eq!(missing.found, "every submission has its upload");
}
