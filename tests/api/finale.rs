//! What follows the scores: two submissions compared, the report of a phase, and its final results.

use domain::ambient::Instant;
use domain::entities::benchmark;
use domain::entities::role::Role;
use domain::receipts::{KeyList, Receipt, Stated};
use sea_orm::EntityTrait;
use serde_json::Value;
use sha2::{Digest, Sha256};
use system_tests::{Answer, Team, Tester, World, unzip};
use time::macros::datetime;

const CLOSED: time::OffsetDateTime = datetime!(2027-01-02 12:00 UTC);

/// A run that finds the targets of so many of a hundred queries.
fn found(tester: &Tester, percent: usize) -> Vec<u8> {
    tester.test.run(move |query| (query * 37 % 100 < percent).then_some(1))
}

/// Three teams in phase `test`, whose targets are hidden, and their submissions, best first.
async fn three() -> (Tester, Vec<Team>, Vec<String>) {
    let tester = Tester::start().await;
    let (mut teams, mut ids) = (Vec::new(), Vec::new());
    for (name, percent) in [("Loom 🧵 & <Thread>", 60), ("Middle", 50), ("Last", 10)] {
        let team = tester.team(name).await;
        ids.push(id(&team.upload("test", found(&tester, percent)).await));
        teams.push(team);
    }
    (tester, teams, ids)
}

fn id(sent: &Answer) -> String {
    sent.json["id"].as_str().unwrap_or_else(|| panic!("{}", sent.text)).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_hidden_targets_a_comparison_shows_the_difference_and_a_band() {
    let (tester, teams, ids) = three().await;
    let page = "/c/fiq/test/compare";
    let nothing = tester.get(page).await;
    assert!(nothing.status == 200 && nothing.text.contains("Loom 🧵 &#38; &#60;Thread&#62;"));

    let two = tester.get(&format!("{page}?a={}&b={}", ids[0], ids[2])).await;
    assert_eq!(two.status, 200, "{}", two.text);
    for there in ["scores 50.0 points higher", "more than chance", "&#60; 0.01"] {
        assert!(two.text.contains(there), "{there}: {}", two.text);
    }
    for secret in ["Recall against K", "Query by query", "Effect"] {
        assert!(!two.text.contains(secret), "{secret}: {}", two.text);
    }

    let wrong = [
        (format!("a={0}&b={0}", ids[0]), 422, "Choose two different submissions"),
        (format!("a={}&b=nonsense", ids[0]), 404, "not found"),
        (format!("a={}&b=01a21c0c-1828-7254-abc4-0b7934cb200b", ids[0]), 404, "not found"),
        (format!("a={}", ids[0]), 404, "not found"),
    ];
    for (query, status, sentence) in wrong {
        let answer = tester.get(&format!("{page}?{query}")).await;
        assert_eq!(answer.status, status, "{query}: {}", answer.text);
        assert!(answer.text.contains(sentence) && answer.text.contains("<select"), "{query}");
    }
    // a submission by which its team is not ranked: comparing all would tell more than scores do
    let worse = id(&teams[0].upload("test", found(&tester, 20)).await);
    let refused = tester.get(&format!("{page}?a={}&b={worse}", ids[2])).await;
    assert_eq!(refused.status, 404, "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_public_targets_a_comparison_shows_every_query() {
    let tester = Tester::start().await;
    let mut ids = Vec::new();
    let runs = [("Even", 0), ("Odd", 1)].map(|(name, odd)| {
        (name, World::dev().run(move |query| (query % 2 == odd).then_some(1 + query % 7)))
    });
    for (name, run) in runs {
        ids.push(id(&tester.team(name).await.upload("dev", run).await));
    }
    let path = format!("/c/fiq/dev/compare?a={}&b={}", ids[0], ids[1]);
    let first = tester.get(&path).await;
    assert_eq!(first.status, 200, "{}", first.text);
    for there in ["Recall against K", "Query by query", "Effect", "&#38;won=2"] {
        assert!(first.text.contains(there), "{there}: {}", first.text);
    }
    let second = tester.get(&format!("{path}&won=2&lost=999999")).await;
    assert_ne!(first.text, second.text);
    assert!(second.status == 200 && second.text.contains("&#38;won=3"), "{}", second.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn final_results_are_confirmed_once_the_phase_has_closed_and_stay() {
    let (tester, _, ids) = three().await;
    let mut otto = tester.organiser("Otto", Role::Organiser).await;
    let report = "/c/fiq/test/report";
    assert_eq!(tester.get(report).await.status, 403, "hidden targets, and the phase is open");
    assert_eq!(otto.get(report).await.status, 200);
    let confirm = "/c/fiq/organise/phases/test/confirm";
    let reason = "All scored, nothing in dispute.\r\nThank you 🎉";
    let early = otto.post(confirm, &[("reason", reason)]).await;
    assert_eq!(early.status, 409, "{}", early.text);
    assert!(early.text.contains("has not closed yet"), "{}", early.text);

    tester.clock.set(Instant::of(CLOSED));
    let mut otto = tester.organiser("Olga", Role::Organiser).await;
    let public = tester.get(report).await;
    assert_eq!(public.status, 200, "{}", public.text);
    for there in ["Rank stability", "Significance", "Design", "Loom 🧵 &#38; &#60;Thread&#62;"] {
        assert!(public.text.contains(there), "{there}: {}", public.text);
    }
    assert_eq!(otto.post(confirm, &[("reason", "")]).await.status, 400, "a reason is needed");
    let done = otto.post(confirm, &[("reason", reason)]).await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert!(otto.get("/c/fiq/organise/log").await.text.contains("confirmed the final results"));

    let board = tester.get("/c/fiq/test").await.text;
    assert!(board.contains("/c/fiq/test/results/2027-01-02"), "{board}");
    let results = "/c/fiq/test/results/2027-01-02";
    let page = tester.get(results).await;
    assert!(page.status == 200 && page.text.contains("Middle"), "{}", page.text);

    let document = tester.get(&format!("{results}/document.json")).await;
    let receipt = tester.get(&format!("{results}/receipt.json")).await;
    let keys = tester.get("/api/v1/receipt-keys").await;
    let keys = KeyList::read(keys.text.as_bytes()).unwrap().keys;
    let read = Receipt::read(receipt.text.as_bytes()).unwrap();
    let Stated::Results(stated) = read.verify(Some(&keys)).unwrap() else { panic!("{read:?}") };
    assert_eq!(stated.sha256, hex::encode(Sha256::digest(&document.text)));
    assert_eq!((stated.phase.as_str(), stated.name.as_str()), ("test", "2027-01-02"));
    // What nobody may know is not in it, and what was asked for is.
    let json: Value = serde_json::from_str(&document.text).unwrap();
    assert_eq!(json["rows"][0]["submission"], ids[0].as_str());
    assert_eq!(json["p_bands"][0].as_array().unwrap().len(), 2);
    for benchmark in benchmark::Entity::find().all(&tester.app.db).await.unwrap() {
        assert!(
            !document.text.contains(&benchmark.version),
            "it would confirm a guess of all targets"
        );
    }
    let zip = tester.get(&format!("{results}/report.zip")).await.bytes;
    let names: Vec<String> = unzip(&zip).into_iter().map(|(name, _)| name).collect();
    assert!(names.contains(&"report.md".to_owned()) && names.len() >= 3, "{names:?}");

    // A correction is confirmed beside it, and the first one doesn't change.
    let disqualify = format!("/c/fiq/organise/submissions/{}/disqualify", ids[0]);
    assert_eq!(otto.post(&disqualify, &[("reason", "copied")]).await.status, 303);
    assert_eq!(otto.post(confirm, &[("reason", "After a correction")]).await.status, 303);
    assert_eq!(tester.get(&format!("{results}/document.json")).await.text, document.text);
    let second = tester.get(&format!("{results}-2/document.json")).await;
    assert!(!second.text.contains("Loom"), "{}", second.text);
}
