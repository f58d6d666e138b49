//! A keyed benchmark: a team downloads everything it needs, and nothing that reveals the original names.

use std::collections::BTreeSet;

use domain::challenges;
use serde_json::{Value, json};
use system_tests::{Questions, Tester, World, unzip};

const DOCUMENTS: [&str; 4] = ["queries", "gallery", "data", "template"];

fn path(document: &str) -> String {
    format!("/api/v1/challenges/fiq/phases/test/{document}")
}

async fn keyed() -> Tester {
    Tester::of(World::keyed(), |_| {}).await
}

/// The queries under their published names, with the answers that only the organisers have.
async fn answers(tester: &Tester) -> Questions {
    let located = challenges::locate(&tester.app.db, "fiq", "test").await.unwrap();
    let ready = tester.app.benchmarks.get(&located.benchmark).await.unwrap();
    Questions::of(ready.benchmark.groups().to_vec())
}

/// Every name the organisers' files have, of items and of queries.
fn originals() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for group in World::test().groups() {
        names.extend(group.gallery.iter().map(str::to_owned));
        names.extend(group.queries.iter().map(|query| query.id.clone()));
        names.extend(group.queries.iter().map(|query| query.reference.as_str().to_owned()));
    }
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_takes_part_with_what_it_downloads_in_an_order_of_its_own() {
    let tester = keyed().await;
    let team = tester.team("Atelier").await;
    let queries = team.get(&path("queries")).await.json;
    let gallery = team.get(&path("gallery")).await.json;
    let answers = answers(&tester).await;

    let mut run = serde_json::Map::new();
    let (mut mean, mut groups) = (0.0, 0.0);
    for group in answers.groups() {
        let list = queries[&group.name].as_array().unwrap();
        let items = gallery[&group.name].as_array().unwrap();
        let mut objects = Vec::new();
        let mut found = 0.0;
        // from the last query to the first; the team finds the target of every third
        for (q, query) in list.iter().enumerate().rev() {
            assert_eq!(query["query"], group.queries[q].id);
            let targets = group.targets.as_ref().unwrap();
            let target = Value::from(group.gallery.item(targets.of(q)[0]));
            let mut ranking: Vec<&Value> = items.iter().filter(|item| **item != target).collect();
            if q % 3 == 0 {
                ranking.insert(9, &target);
                found += 1.0;
            }
            ranking.truncate(50);
            objects.push(json!({ "query": query["query"], "ranking": ranking }));
        }
        mean += found / list.len() as f64;
        groups += 1.0;
        run.insert(group.name.clone(), objects.into());
    }
    let answer = team.upload("test", Value::from(run).to_string().into_bytes()).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let overall = answer.json["scorecard"]["overall"].as_f64().unwrap();
    assert!((overall - mean / groups).abs() < 1e-12, "{overall} is not {}", mean / groups);
    assert_eq!(tester.board("test").await, [format!("1 Atelier {overall:.4}")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_leaves_a_keyed_phase_names_an_original() {
    let tester = keyed().await;
    let team = tester.team("Atelier").await;
    let mut told = Vec::new();
    for document in DOCUMENTS {
        let answer = team.get(&path(document)).await;
        assert_eq!(answer.status, 200, "{document}");
        if answer.media_type == "application/zip" {
            for (name, contents) in unzip(&answer.bytes) {
                told.push((format!("{document}: {name}"), String::from_utf8(contents).unwrap()));
            }
        } else {
            told.push((document.to_owned(), answer.text));
        }
    }
    let run = answers(&tester).await.run(|q| (q % 2 == 0).then_some(7));
    let broken = String::from_utf8(run.clone()).unwrap();
    let broken = broken.replacen("\"ranking\":[\"", "\"ranking\":[\"NOWHERE\",\"NOWHERE\",\"", 90);
    let invalid = team.upload("test", broken.into_bytes()).await;
    assert_eq!(invalid.status, 422);
    told.push(("problems".to_owned(), invalid.text));
    let scored = team.upload("test", run).await;
    assert_eq!(scored.status, 201);
    told.push(("the score".to_owned(), scored.text));
    for page in ["/c/fiq/test", "/api/v1/challenges/fiq/phases/test", &path("leaderboard.csv")] {
        told.push((page.to_owned(), tester.get(page).await.text));
    }
    let originals = originals();
    for (what, text) in told {
        let named: Vec<&String> =
            originals.iter().filter(|name| text.contains(name.as_str())).collect();
        assert!(named.is_empty(), "{what} names {named:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_original_id_is_refused_like_one_that_never_was() {
    let tester = keyed().await;
    let team = tester.team("Atelier").await;
    let good = String::from_utf8(answers(&tester).await.run(|_| Some(7))).unwrap();
    let with = |item: &str| {
        let named = format!("\"ranking\":[\"{item}\",\"");
        good.replacen("\"ranking\":[\"", &named, 1).into_bytes()
    };
    let problems = async |item: &str| {
        let answer = team.upload("test", with(item)).await;
        assert_eq!(answer.status, 422, "{}", answer.text);
        answer.json["problems"].to_string().replace(item, "…")
    };
    let never = problems("B0NEVERWAS").await;
    let test = World::test();
    for group in test.groups() {
        assert_eq!(problems(group.gallery.item(5)).await, never, "of {}", group.name);
    }
    // and a whole run under the original names reveals only that
    let original = team.upload("test", test.run(|_| Some(1))).await;
    assert_eq!(original.status, 422);
    assert!(original.text.contains("made for another split or data set"), "{}", original.text);
    for told in ["made for split", "made for dress", "made for shirt", "made for toptee"] {
        assert!(!original.text.contains(told), "{told}: {}", original.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_of_one_folder_publish_the_same() {
    let tester = keyed().await;
    let other = tester.beside().await;
    for document in DOCUMENTS {
        let here = tester.get(&path(document)).await;
        let asked = other.anyone.clone();
        let there = tokio::task::spawn_blocking(move || asked.get(&path(document))).await.unwrap();
        assert!(here.bytes == there.bytes, "{document} differs");
    }
    other.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn applying_again_keeps_the_names_that_were_published() {
    let tester = keyed().await;
    let before = tester.get(&path("gallery")).await;
    tester.world.edit("title = \"Test\"", "title = \"The test\"");
    tester.apply().await;
    let other = tester.beside().await;
    let asked = other.anyone.clone();
    let after = tokio::task::spawn_blocking(move || asked.get(&path("gallery"))).await.unwrap();
    assert!(before.bytes == after.bytes);
    other.stop().await;
}
