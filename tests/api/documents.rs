//! What a team downloads to take part.

use dataset::{Folder, Protocol};
use domain::ambient::Instant;
use serde_json::Value;
use system_tests::{Tester, World, unzip};
use tempfile::TempDir;
use time::macros::datetime;

const DOCUMENTS: [&str; 4] = ["queries", "gallery", "data", "template"];

#[tokio::test(flavor = "multi_thread")]
async fn documents_are_there_from_the_opening_of_their_phase_on() {
    let tester = Tester::start().await;
    let opens = Instant::of(datetime!(2026-11-01 0:00 UTC));
    let closes = Instant::of(datetime!(2027-01-01 0:00 UTC));
    for document in DOCUMENTS {
        let path = format!("/api/v1/challenges/fiq/phases/test/{document}");
        tester.clock.set(Instant(opens.0 - 1));
        let early = tester.get(&path).await;
        assert_eq!((early.status, &early.json["code"]), (409, &Value::from("phase-not-open")));
        assert_eq!(early.media_type, "application/problem+json");
        assert_eq!(early.json["retry_at"], "2026-11-01T00:00:00Z");
        assert_eq!(early.retry_after.as_deref(), Some("Sun, 01 Nov 2026 00:00:00 GMT"));
        for at in [opens, closes] {
            tester.clock.set(at);
            assert_eq!(tester.get(&path).await.status, 200, "{document}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_is_valid_as_it_is_and_scores_what_chance_gives() {
    let keyed = Tester::of(World::keyed(), |_| {}).await;
    let official = Tester::start().await;
    for (tester, phase) in [(&official, "dev"), (&official, "test"), (&keyed, "test")] {
        let team = tester.team(phase).await;
        let path = format!("/api/v1/challenges/fiq/phases/{phase}/template");
        let template = team.get(&path).await.bytes;
        let answer = team.upload(phase, template).await;
        assert_eq!(answer.status, 201, "{phase}: {}", answer.text);
        assert!(answer.json["warnings"].is_null(), "{phase}: {}", answer.text);
        // 10 and 50 of the 129 items that are not the reference
        let chance = f64::midpoint(10.0, 50.0) / 129.0;
        let overall = answer.json["scorecard"]["overall"].as_f64().unwrap();
        assert!((overall - chance).abs() < 0.1, "{phase}: {overall} compared with {chance}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_data_zip_holds_the_folder_that_the_queries_and_the_gallery_tell_of() {
    let tester = Tester::start().await;
    let path = |what: &str| format!("/api/v1/challenges/fiq/phases/test/{what}");
    let dir = TempDir::new().unwrap();
    for (name, contents) in unzip(&tester.get(&path("data")).await.bytes) {
        let file = dir.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, contents).unwrap();
    }
    let split = Folder::new(dir.path()).split("test", Protocol::Original).unwrap();
    let (queries, gallery) =
        (tester.get(&path("queries")).await, tester.get(&path("gallery")).await);
    for group in &split.groups {
        assert!(group.targets.is_none(), "a download holds no target");
        let items: Vec<&str> = group.gallery.iter().collect();
        assert_eq!(gallery.json[&group.name], serde_json::json!(items));
        let rows = queries.json[&group.name].as_array().unwrap();
        assert_eq!(rows.len(), group.queries.len());
        for (row, query) in rows.iter().zip(&group.queries) {
            assert_eq!(row["candidate"], query.reference.as_str());
            assert_eq!(row["captions"], serde_json::json!(query.captions));
        }
    }
}
