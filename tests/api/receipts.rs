//! Receipts: signed statements of what a viewer may see, and nothing more.

use domain::receipts::{self, Audience, KeyList, Receipt, Stated, Statement};
use serde_json::{Value, json};
use system_tests::{Answer, Browser, Team, Tester, World};

/// A scored submission whose overall score is public, and whose team also sees Recall@10.
async fn scored() -> (Tester, Team, String) {
    let shown = "shown = { public = [\"overall\"], team = [\"overall\", \"recall@10\"] }";
    let tester = Tester::of(World::with_more("", shown), |_| {}).await;
    let team = tester.team("Atelier").await;
    let sent = team.upload("test", tester.test.run(|q| Some(q % 70 + 1))).await;
    assert_eq!(sent.status, 201, "{}", sent.text);
    let id = sent.json["id"].as_str().unwrap().to_owned();
    (tester, team, id)
}

fn path(id: &str) -> String {
    format!("/api/v1/challenges/fiq/submissions/{id}/receipt")
}

async fn keys(tester: &Tester) -> KeyList {
    let list = tester.get("/api/v1/receipt-keys").await;
    assert_eq!(list.status, 200, "{}", list.text);
    KeyList::read(list.text.as_bytes()).unwrap()
}

/// What a receipt states, verified with the keys that the server publishes.
async fn stated(tester: &Tester, answer: &Answer) -> Statement {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let receipt = Receipt::read(answer.text.as_bytes()).unwrap();
    match receipt.verify(Some(&keys(tester).await.keys)).unwrap() {
        Stated::Submission(statement) => *statement,
        Stated::Results(results) => panic!("{results:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_states_the_scores_that_the_team_sees_and_the_upload() {
    let (tester, team, id) = scored().await;
    let receipt = team.get(&path(&id)).await;
    let stated = stated(&tester, &receipt).await;
    let own = team.get(&format!("/api/v1/challenges/fiq/submissions/{id}")).await.json;
    assert_eq!(json!(stated.scorecard.overall), own["scorecard"]["overall"]);
    assert_eq!(json!(stated.scorecard.categories), own["scorecard"]["categories"]);
    assert_eq!(json!(stated.upload_sha256), own["upload_sha256"]);
    assert_eq!(json!(stated.received_at), own["received_at"]);
    assert_eq!((stated.shown_to, stated.scorer), (Audience::Team, scoring::SCORER_VERSION as i32));
    assert_eq!((&*stated.challenge, &*stated.phase, &stated.submission), ("fiq", "test", &id));
    let phase = tester.get("/api/v1/challenges/fiq/phases/test").await.json;
    assert_eq!(json!(stated.benchmark.gallery), phase["gallery"]);
    for secret in ["recall@50", "Atelier", "mrr"] {
        assert!(!receipt.text.contains(secret), "{secret}: {}", receipt.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn others_get_what_is_public_on_its_page_and_nothing_by_the_api() {
    let (tester, team, id) = scored().await;
    let page = format!("/c/fiq/submissions/{id}");
    let link = format!("href=\"{page}/receipt\"");
    assert!(tester.get(&page).await.text.contains(&link), "whoever sees the score finds it");
    let public = tester.get(&format!("{page}/receipt")).await;
    let stated = stated(&tester, &public).await;
    assert!(stated.scorecard.overall.is_some());
    let dress: Vec<_> = stated.scorecard.categories["dress"].keys().map(String::as_str).collect();
    assert_eq!((dress, stated.shown_to), (vec!["queries"], Audience::Everyone));

    assert_eq!(tester.team("Other").await.get(&path(&id)).await.status, 404);
    assert_eq!(tester.get(&path(&id)).await.status, 401);
    // once it is withdrawn, only its team sees it
    assert_eq!(team.withdraw(&id).await.status, 200);
    assert_eq!(tester.get(&format!("{page}/receipt")).await.status, 404);
    let withdrawn = self::stated(&tester, &team.get(&path(&id)).await).await;
    assert_eq!(withdrawn.marks, ["withdrawn"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_benchmark_tells_its_version_to_nobody() {
    let (tester, team, id) = scored().await;
    let challenge = domain::challenges::find(&tester.app.db, "fiq").await.unwrap();
    let benchmarks = domain::challenges::benchmarks_of(&tester.app.db, challenge.id).await.unwrap();
    let receipt = team.get(&path(&id)).await;
    for benchmark in benchmarks {
        assert!(!receipt.text.contains(&benchmark.version), "it confirms a guess of all targets");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scores_to_see_there_is_no_receipt() {
    let shown = "shown = { public = [], team = [] }";
    let tester = Tester::of(World::with_more("", shown), |_| {}).await;
    let mut browser = tester.member("Ada", Some("Atelier")).await;
    let sent = browser.submit("/c/fiq/test/submit", &[], &tester.test.zipped(|_| Some(1))).await;
    let page = sent.location.unwrap();
    assert!(!browser.get(&page).await.text.contains("/receipt\""));
    let refused = browser.get(&format!("{page}/receipt")).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text.contains("There is no receipt"), "{}", refused.text);
    assert_eq!(Browser::new(&tester).get(&format!("{page}/receipt")).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_signs_from_then_on_and_older_receipts_stay_valid() {
    let (tester, team, id) = scored().await;
    let before = team.get(&path(&id)).await;
    tester.clock.advance(3600);
    let made = receipts::rotate_key(&tester.app).await.unwrap();
    tester.clock.advance(3600);
    let after = team.get(&path(&id)).await;
    let list = keys(&tester).await.keys;
    assert_eq!(list.len(), 2);
    assert_eq!((&list[0].id, &list[0].retired_at), (&made.id, &None));
    assert!(list[1].retired_at.is_some());
    assert_eq!(after.json["key"], Value::from(made.id));
    assert_ne!(before.json["key"], after.json["key"]);
    let scores = |stated: Statement| stated.scorecard;
    assert_eq!(
        scores(stated(&tester, &before).await),
        scores(stated(&tester, &after).await),
        "both are valid"
    );
    // another server of the same database has the same keys
    let beside = tester.beside().await;
    let same = team.at(&beside).get(&path(&id)).await;
    assert_eq!(same.json["key"], after.json["key"]);
    beside.stop().await;
}
