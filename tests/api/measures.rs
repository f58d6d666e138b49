//! The meaning of scores, for programs; and the columns that a phase shows.

use insta::assert_json_snapshot;
use system_tests::{Tester, World};

#[tokio::test(flavor = "multi_thread")]
async fn measures_are_listed_with_what_they_mean() {
    let tester = Tester::start().await;
    let answer = tester.get("/api/v1/measures").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let names = |list: &str| -> Vec<String> {
        let list = answer.json.pointer(list).unwrap().as_array().unwrap();
        list.iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("/tasks"), ["fashion-iq", "circo"]);
    let circo = names("/tasks/1/measures").join(" ");
    assert!(circo.starts_with("map@5 map@10 map@25 map@50 first_recall@5"), "{circo}");
    let measures = ["mean_recall", "recall@10", "recall@50", "mrr@50", "ndcg@10", "median_rank"];
    assert_eq!(names("/tasks/0/measures"), measures);
    for family in ["recall", "mrr", "ndcg", "map", "ap", "median_rank", "subset_recall"] {
        assert!(names("/families").contains(&family.to_owned()), "{family}");
    }
    assert_json_snapshot!(answer.json["tasks"][0]["measures"][1], @r#"
    {
      "direction": "higher",
      "family": "recall",
      "k": 10,
      "meaning": "the share of a query's targets among the first 10",
      "name": "recall@10",
      "primary": false,
      "range": "0 to 1",
      "title": "Recall@10"
    }
    "#);
    let primary = &answer.json["tasks"][0]["measures"][0];
    assert_eq!((&primary["primary"], &primary["k"]), (&true.into(), &serde_json::Value::Null));
    let leaderboard = tester.get("/api/v1/challenges/fiq/phases/test/leaderboard").await;
    assert_eq!(leaderboard.json["primary"], primary["name"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_json_and_csv_have_the_same_columns_and_they_are_those_the_phase_shows() {
    let shown = "shown = { public = [\"overall\", \"recall@10\"], team = [\"overall\"] }";
    let tester = Tester::of(World::with_more("", shown), |_| {}).await;
    let team = tester.team("Atelier").await;
    let run = tester.test.run(|q| Some(if q % 2 == 0 { 10 } else { 50 }));
    let own = team.upload("test", run).await;
    let board = "/api/v1/challenges/fiq/phases/test/leaderboard";
    for card in [&own.json["scorecard"], &tester.get(board).await.json["rows"][0]["scorecard"]] {
        let dress = card["categories"]["dress"].as_object().unwrap();
        assert_eq!(dress.keys().collect::<Vec<_>>(), ["queries", "recall@10"]);
    }
    let csv = tester.get(&format!("{board}.csv")).await.text;
    let columns = "overall,dress recall@10,shirt recall@10,toptee recall@10,tries,";
    assert!(csv.lines().next().unwrap().contains(columns), "{csv}");
    let id = own.json["id"].as_str().unwrap();
    for path in ["/c/fiq/test".to_owned(), format!("/c/fiq/submissions/{id}")] {
        let page = tester.get(&path).await;
        assert!(page.text.contains("R@10") && page.text.contains("50.0"), "{path}: {}", page.text);
        assert!(!page.text.contains("R@50") && !page.text.contains(">100.0<"), "{path}");
    }
    let limits = tester.get("/c/fiq/limits").await.text;
    assert!(limits.contains("the overall score, and Recall@10 of each group;"), "{limits}");
}

#[tokio::test(flavor = "multi_thread")]
async fn public_targets_have_every_measure_as_a_column_everywhere() {
    let tester = Tester::start().await;
    let team = tester.team("Atelier").await;
    let own = team.upload("dev", tester.dev.run(|q| Some(q % 70 + 1))).await;
    let csv = tester.get("/api/v1/challenges/fiq/phases/dev/leaderboard.csv").await.text;
    let id = own.json["id"].as_str().unwrap();
    let pages =
        [tester.get("/c/fiq/dev").await, tester.get(&format!("/c/fiq/submissions/{id}")).await];
    for (name, label) in [
        ("recall@10", "R@10"),
        ("recall@50", "R@50"),
        ("mrr@50", "MRR@50"),
        ("ndcg@10", "nDCG@10"),
        ("median_rank", "median"),
    ] {
        assert!(csv.contains(&format!("dress {name}")), "{csv}");
        assert!(own.json["scorecard"]["categories"]["dress"].get(name).is_some(), "{}", own.text);
        assert!(pages.iter().all(|page| page.text.contains(&format!(">{label}<"))), "{label}");
    }
    let sorted = tester.get("/c/fiq/dev?sort=dress-median_rank").await.text;
    assert!(sorted.contains("aria-sort=\"ascending\""), "the best rank comes first");
}
