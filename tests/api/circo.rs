//! A challenge of another task than Fashion IQ: applied, explained, scored and shown.

use std::collections::BTreeMap;
use std::fs;

use domain::challenges;
use domain::entities::role::Role;
use domain::moderation;
use system_tests::{Tester, World};

type Run = BTreeMap<String, Vec<u64>>;

/// A run of phase `test`: at the top of each ranking those of its targets that are chosen, and then
/// other items.
fn run(choose: impl Fn(&[u64]) -> Vec<u64>) -> Run {
    let (data, targets) = World::circo_data();
    let list = fs::read(data.join("annotations/image_info_unlabeled2017.json")).unwrap();
    let list: serde_json::Value = serde_json::from_slice(&list).unwrap();
    let items: Vec<u64> =
        list["images"].as_array().unwrap().iter().map(|it| it["id"].as_u64().unwrap()).collect();
    let targets: Run = serde_json::from_slice(&fs::read(targets).unwrap()).unwrap();
    let rows = fs::read(data.join("annotations/test.json")).unwrap();
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&rows).unwrap();
    let reference = |id: &str| {
        let row = rows.iter().find(|row| row["id"].as_u64() == id.parse().ok()).unwrap();
        row["reference_img_id"].as_u64().unwrap()
    };
    let ranking = |(id, own): (&String, &Vec<u64>)| {
        let top = choose(own);
        let is_other = |item: &&u64| !own.contains(item) && **item != reference(id);
        let others = items.iter().filter(is_other).copied();
        (id.clone(), top.iter().copied().chain(others).take(50).collect())
    };
    targets.iter().map(ranking).collect()
}

fn json(run: &Run) -> Vec<u8> {
    serde_json::to_vec(run).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_scored_by_the_measures_of_its_task() {
    let tester = Tester::of(World::circo(), |_| {}).await;
    let challenge = tester.get("/api/v1/challenges/fiq").await.json;
    assert_eq!(
        (&challenge["task"], &challenge["title"]),
        (&"circo".into(), &"Boats and other things".into())
    );
    assert_eq!(challenge["phases"][1]["published"], "official");
    let hidden = ["overall", "map@5", "map@10", "map@25", "map@50"];
    assert_eq!(challenge["phases"][1]["shown"]["public"], serde_json::json!(hidden));
    let team = tester.team("Harbour").await;

    let all = team.upload("test", json(&run(<[u64]>::to_vec))).await;
    assert_eq!(all.status, 201, "{}", all.text);
    assert_eq!(all.json["scorecard"]["overall"], 1.0);
    // one wrong item before the first target, and no other target: AP@5 is 1/2 over min(R, 5)
    let first = run(|own| vec![own[0]]);
    let second = first.iter().map(|(id, items)| {
        let mut items = items.clone();
        items.swap(0, 1);
        (id.clone(), items)
    });
    let late = team.upload("test", json(&second.collect())).await;
    let (_, targets) = World::circo_data();
    let targets: Run = serde_json::from_slice(&fs::read(targets).unwrap()).unwrap();
    let sum: f64 = targets.values().map(|own| 0.5 / own.len().min(5) as f64).sum();
    let expected = sum / targets.len() as f64;
    let overall = late.json["scorecard"]["overall"].as_f64().unwrap();
    assert!((overall - expected).abs() < 1e-9, "{overall} {expected}");
    let card = &late.json["scorecard"]["categories"]["circo"];
    assert!(card["map@50"].is_number() && card["first_recall@5"].is_null(), "{card}");

    let board = tester.get("/api/v1/challenges/fiq/phases/test/leaderboard").await.json;
    assert_eq!(
        (&board["primary"], &board["rows"][0]["scorecard"]["overall"]),
        (&"map@5".into(), &1.0.into())
    );
    let csv = tester.get("/api/v1/challenges/fiq/phases/test/leaderboard.csv").await.text;
    assert!(csv.contains("circo map@5,circo map@10"), "{csv}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_explain_the_task_and_say_nothing_of_another() {
    let tester = Tester::of(World::circo(), |_| {}).await;
    let team = tester.team("Harbour").await;
    let scored = team.upload("test", json(&run(<[u64]>::to_vec))).await.json;
    let submission = format!("/c/fiq/submissions/{}", scored["id"].as_str().unwrap());
    let pages =
        ["/c/fiq/test", "/c/fiq/test/take-part", "/c/fiq/scoring", "/c/fiq/limits", "/c/fiq/rules"];
    for path in pages.into_iter().chain([submission.as_str()]) {
        let page = tester.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        for other in [
            "dress",
            "Recall@10",
            "R@10",
            "garment",
            "predict.json",
            "two captions that",
            "/published",
        ] {
            assert!(!page.text.contains(other), "{path} says {other}");
        }
    }
    let board = tester.get("/c/fiq/test").await.text;
    for own in ["Boats and other things", "Find every photo", "<em>boats</em>", "mAP@5", "100.0"] {
        assert!(board.contains(own), "{own} is not in {board}");
    }
    assert!(tester.get("/c/fiq/scoring").await.text.contains("mAP@K"));
    let guide = tester.get("/c/fiq/test/take-part").await.text;
    for own in ["run.json", "--task circo", "photos", "annotations/test.json"] {
        assert!(guide.contains(own), "{own} is not in {guide}");
    }
    assert_eq!(tester.get("/c/fiq/published").await.status, 404);
    let program = tester.get("/c/fiq/write_run.py").await;
    assert!(program.text.contains("run.json"), "{}", program.text);
    // the hidden targets are nowhere in what can be downloaded
    let queries =
        tester.get("/api/v1/challenges/fiq/phases/test/files/annotations/test.json").await;
    assert!(queries.status == 200 && !queries.text.contains("gt_img_ids"), "{}", queries.text);
    let open = tester.get("/api/v1/challenges/fiq/phases/dev/files/annotations/val.json").await;
    assert!(open.text.contains("gt_img_ids"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_is_valid_and_a_wrong_file_is_explained() {
    let tester = Tester::of(World::circo(), |_| {}).await;
    let team = tester.team("Harbour").await;
    let template = tester.get("/api/v1/challenges/fiq/phases/test/template").await;
    assert_eq!(template.media_type, "application/json");
    let scored = team.upload("test", template.bytes).await;
    assert_eq!(scored.status, 201, "{}", scored.text);

    let mut short = run(<[u64]>::to_vec);
    short.get_mut("3").unwrap().truncate(49);
    short.remove("5");
    let answer = team.upload("test", json(&short)).await;
    assert_eq!(answer.status, 422);
    let told: Vec<&str> = answer.json["problems"]["shown"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| problem["message"].as_str().unwrap())
        .collect();
    let expected = ["the upload: query 3: 49 items, need 50", "the upload: query 5: no answer"];
    assert_eq!(told, expected);
    let fashion = tester.test.run(|_| Some(1));
    let answer = team.upload("test", fashion).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text.contains("a run is {"), "{}", answer.text);

    tester.organiser("Ada", Role::Organiser).await;
    let located = challenges::locate(&tester.app.db, "fiq", "test").await.unwrap();
    let tried = moderation::adversarial(&tester.app, &located.benchmark).await.unwrap();
    let told = |name: &str| {
        let tried = tried.iter().find(|tried| tried.name.contains(name));
        tried.unwrap_or_else(|| panic!("{name}")).told.clone().map_err(|e| e.to_string())
    };
    assert!(told("random").is_ok() && told("same 50 items").is_ok());
    for (invalid, sentence) in [
        ("another split", "split val"),
        ("49 items", "49 items, need 50"),
        ("another gallery", "is not in the circo test gallery"),
        ("query missing", "no answer"),
    ] {
        let problems = told(invalid).unwrap_err();
        assert!(problems.contains(sentence), "{invalid}: {problems}");
    }
}
